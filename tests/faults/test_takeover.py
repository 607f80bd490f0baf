"""A person takes the conversation while the agent is at it: after the 200 no message of the agent reaches the lead."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.faults.desk import Desk, open_desk
from tests.faults.plans import PLAN
from tests.faults.site import until

TOGETHER = 10
FIRST = 351_950_000_000
MODEL_SECONDS, SEND_SECONDS = 0.05, 0.1
LATEST_TAKEOVER = 0.8
QUIET_SECONDS = 0.6

Moment = Callable[[], Awaitable[Any]]


async def take_over(desk: Desk, lead: str, moment: Moment, quiet: float = QUIET_SECONDS) -> tuple[int, int]:
    """Messages that the vendor took before and after the answer to the takeover."""
    now = int(time.time())
    lead_id = await desk.writes(lead, now, "Schedule a demo")
    await moment()
    taken_over = await desk.act(f"/api/leads/{lead_id}/takeover")
    answered = time.monotonic()
    assert taken_over["agent"] == "paused"
    await desk.writes(lead, now + 1, "Are you there? I would like to book a call")
    await asyncio.sleep(quiet)
    late = [one for one in desk.taken(lead) if one.at > answered]
    states = {one["status"] for one in await desk.messages(lead_id) if one["direction"] == "out"}
    assert states <= {"sent", "canceled"}, states
    return len(desk.taken(lead)) - len(late), len(late)


@pytest.mark.timeout(PLAN.timeout)
async def test_a_takeover_at_any_moment_is_followed_by_silence(tmp_path: Path) -> None:
    """Two of three at a random moment of the turn, the third while its message is under way."""
    rng = random.Random(PLAN.seed)

    async def trial(desk: Desk, number: int) -> tuple[int, int]:
        lead = str(FIRST + number)

        async def is_sending() -> bool:
            return lead in desk.vendor.under_way

        if number % 3 == 0:
            return await take_over(desk, lead, lambda: until(is_sending, "the answer is under way", 30, pause=0.005))
        return await take_over(desk, lead, partial(asyncio.sleep, rng.uniform(0.0, LATEST_TAKEOVER)))

    async with open_desk(tmp_path) as desk:
        desk.vendor.model_seconds, desk.vendor.seconds = MODEL_SECONDS, SEND_SECONDS
        found: list[tuple[int, int]] = []
        for start in range(0, PLAN.trials, TOGETHER):
            found += await asyncio.gather(*(trial(desk, start + place) for place in range(TOGETHER)))
    assert len(found) == PLAN.trials
    assert sum(late for _, late in found) == 0
    # The moments were well chosen: what was under way was waited for, and some turns never got to speak.
    assert all(before == 1 for before, _ in found[::3])
    assert {before for before, _ in found} == {0, 1}


@pytest.mark.timeout(PLAN.timeout)
async def test_one_second_into_a_model_call_of_five_seconds(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        desk.vendor.model_seconds = 5.0
        trials = (take_over(desk, str(FIRST + place), partial(asyncio.sleep, 1.0), 5.5) for place in range(5))
        found = await asyncio.gather(*trials)
        assert desk.vendor.model_calls >= 5
    assert found == [(0, 0)] * 5
