"""A lead writes in the very moment in which a follow-up is due: once the message is acknowledged, no follow-up leaves."""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipewise.language.phrases import PHRASES
from tests.faults.desk import PATIENCE, Desk, open_desk
from tests.faults.plans import PLAN
from tests.faults.site import until
from tests.postgres import open_server

TOGETHER = 10
FIRST = 351_960_000_000
DELAY = timedelta(minutes=30)
BEFORE = timedelta(milliseconds=10)
AHEAD = timedelta(seconds=2)  # between the jump of the clock and the first follow-up that is due
QUIET_SECONDS = 1.5
OPEN_ALWAYS = {
    "business_hours": {
        day: [["00:00", "00:00"]]
        for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    },
    "quiet_hours": {"enabled": False},
    "follow_up": {"delays": ["30m"]},
}
# What a nudge begins with; the times that it offers follow.
NUDGES = tuple(
    PHRASES["en"][key].partition("{")[0] for key in ("nudge_offer", "nudge_times", "nudge_question", "nudge_last")
)


@dataclass(frozen=True)
class Race:
    """When the reply was acknowledged and when the follow-up was due, by the product's clock; how often it reached the lead."""

    lead: str
    due: datetime
    landed: datetime | None
    nudges: int


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    if request.param == "sqlite":
        yield {}
        return
    with open_server() as server:
        yield {"database_url": server.create_database()}


@pytest.fixture
async def desk(tmp_path: Path, database: dict[str, str]) -> AsyncIterator[Desk]:
    async with open_desk(tmp_path, model="offline", **database) as opened:
        (await opened.api.patch("/api/settings", json=OPEN_ALWAYS)).raise_for_status()
        yield opened


def now(desk: Desk) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=float(desk.clock.read_text()))


async def due_of(desk: Desk, lead_id: str) -> datetime:
    async def planned() -> bool:
        return bool(await _planned(desk, lead_id))

    await until(planned, "a follow-up to be planned", PATIENCE)
    return datetime.fromisoformat((await _planned(desk, lead_id))[-1]["due_at"])


async def _planned(desk: Desk, lead_id: str) -> list[dict[str, Any]]:
    items = (await desk.api.get(f"/api/leads/{lead_id}/timeline", params={"limit": 500})).json()["items"]
    return [item for item in items if item["kind"] == "follow_up" and item["change"] == "planned"]


async def ask(desk: Desk, lead: str) -> datetime:
    """The lead has an offer before it; when the nudge is due."""
    lead_id = await desk.writes(lead, int(now(desk).timestamp()), "Schedule a demo")
    await desk.until_taken(lead)
    return await due_of(desk, lead_id)


async def race(desk: Desk, lead: str, due: datetime, before: timedelta | None) -> Race:
    landed = None
    if before is None:
        await desk.until_taken(lead, 2)
    else:
        await asyncio.sleep((due - before - now(desk)).total_seconds())
        await desk.writes(lead, int(now(desk).timestamp()), "Do you have anything on Friday?")
        landed = now(desk)
    await asyncio.sleep(max(0.0, (due - now(desk)).total_seconds()) + QUIET_SECONDS)
    return Race(lead, due, landed, sum(one.text.startswith(NUDGES) for one in desk.taken(lead)))


async def lose(desk: Desk, lead: str) -> None:
    """Its next nudge would come when those of the next races are due."""
    changed = await desk.api.patch(f"/api/leads/{await desk.lead_id(lead)}", json={"status": "lost"})
    changed.raise_for_status()


@pytest.mark.timeout(PLAN.timeout)
async def test_a_reply_that_landed_before_a_follow_up_was_due_is_followed_by_none(desk: Desk) -> None:
    """Each reply is posted so that its acknowledgement comes about ten milliseconds before the moment; every tenth lead says
    nothing, and is written to."""
    rng = random.Random(PLAN.seed)
    races: list[Race] = []
    takes = timedelta(milliseconds=20)
    for start in range(0, PLAN.replies, TOGETHER):
        leads = [str(FIRST + start + place) for place in range(TOGETHER)]
        dues = await asyncio.gather(*(ask(desk, lead) for lead in leads))
        desk.advance((min(dues) - AHEAD - now(desk)).total_seconds())
        spread = [timedelta(milliseconds=rng.uniform(0, 20)) for _ in leads]
        waits = [BEFORE + takes + more if place else None for place, more in enumerate(spread)]
        found = await asyncio.gather(*map(race, [desk] * TOGETHER, leads, dues, waits))
        races += found
        spoiled = [one for one in found if one.landed and one.landed <= one.due and one.nudges]
        assert not spoiled
        if len(races) % 100 == 0:
            print(f"{len(races)} races, none spoiled", flush=True)  # noqa: T201  the long form takes a while
        took = [one.landed - one.due + wait for one, wait in zip(found, waits, strict=True) if one.landed and wait]
        takes = sorted(took)[len(took) // 2]  # what an acknowledgement costs on this machine, today
        await asyncio.gather(*(lose(desk, lead) for lead in leads))
    silent = [one for one in races if one.landed is None]
    in_time = [one for one in races if one.landed and one.landed <= one.due]
    print(f"{len(in_time)} of {len(races)} replies landed in time")  # noqa: T201  pytest shows it with a failure
    assert [one.nudges for one in silent] == [1] * len(silent)
    assert sum(one.nudges for one in in_time) == 0, [one for one in in_time if one.nudges]
    # The moments were well chosen.
    assert len(in_time) >= len(races) // 3
    assert max(one.due - one.landed for one in in_time if one.landed) < timedelta(seconds=1)
