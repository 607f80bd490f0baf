"""A draft that waits for a person is looked at again when the person comes: times, window, who has the conversation."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.integration.clocked import ClockedWorld, open_clocked
from tests.integration.test_conversation import TIMES, text_of


@pytest.fixture
async def clocked(tmp_path: Path, database_url: str) -> AsyncIterator[ClockedWorld]:
    async with open_clocked(tmp_path, database_url=database_url) as opened:
        path = f"/api/integrations/{opened.world.integrations['whatsapp']}"
        (await opened.world.api.patch(path, json={"settings": {"reply_mode": "approve"}})).raise_for_status()
        yield opened


async def waiting(clocked: ClockedWorld, besides: str | None = None) -> dict[str, Any]:
    async def drafts() -> list[dict[str, Any]]:
        items = (await clocked.world.api.get("/api/approvals")).json()["items"]
        return [one for one in items if one["id"] != besides]

    (draft,) = await clocked.world.until(drafts, "a draft")
    found: dict[str, Any] = draft
    return found


async def answer(clocked: ClockedWorld, draft: dict[str, Any], action: str = "accept") -> tuple[int, str | None]:
    reply = await clocked.world.api.post(f"/api/approvals/{draft['id']}", json={"action": action})
    return reply.status_code, reply.json().get("code")


async def test_a_late_accept_of_times_that_are_past_offers_new_ones(clocked: ClockedWorld) -> None:
    world = clocked.world
    await world.lead_says("Schedule a demo")
    draft = await waiting(clocked)
    clocked.advance(days=2)
    assert await answer(clocked, draft) == (409, "stale_draft")
    fresh = await waiting(clocked, besides=draft["id"])
    assert fresh["text"] != draft["text"]
    assert await world.sends() == []


async def test_a_time_that_was_taken_meanwhile_is_not_offered(clocked: ClockedWorld) -> None:
    world = clocked.world
    await world.lead_says("Schedule a demo")
    draft = await waiting(clocked)
    host = {"Authorization": "Bearer sandbox-calendly-token"}
    types = (await world.vendors.get("/event_types", headers=host, params=await _user(world))).json()["collection"]
    start = await _first_offered(clocked, draft)
    invitee = {"name": "Rui", "email": "rui@costa.example", "timezone": "Europe/Lisbon"}
    body: dict[str, Any] = {"event_type": types[0]["uri"], "start_time": start, "invitee": invitee}
    body["location"] = {"kind": types[0]["locations"][0]["kind"]}
    booked = await world.vendors.post("/invitees", headers=host, json=body)
    assert booked.status_code == 201, booked.text
    assert await answer(clocked, draft) == (409, "stale_draft")
    fresh = await waiting(clocked, besides=draft["id"])
    assert fresh["text"] != draft["text"]
    assert await answer(clocked, fresh) == (200, None)
    assert TIMES.findall(text_of((await world.until_sends(1))[0]))


async def test_a_newer_message_supersedes_the_draft(clocked: ClockedWorld) -> None:
    world = clocked.world
    await world.lead_says("Schedule a demo")
    former = await waiting(clocked)
    await world.lead_says("on Friday, if you can")
    newer = await waiting(clocked, besides=former["id"])
    assert await answer(clocked, former) == (409, "already_decided")
    assert await answer(clocked, newer) == (200, None)
    await world.until_sends(1)
    stale = (await world.api.get("/api/approvals", params={"status": "stale"})).json()["items"]
    assert [one["id"] for one in stale] == [former["id"]]


async def test_a_nudge_that_became_pointless_is_not_sent(clocked: ClockedWorld) -> None:
    world = clocked.world
    await world.lead_says("Schedule a demo")
    draft = await waiting(clocked)
    assert await answer(clocked, draft) == (200, None)
    await world.until_sends(1)
    clocked.advance(hours=4, minutes=1)
    nudge = await waiting(clocked)
    lead = await world.lead()
    (await world.api.patch(f"/api/leads/{lead['id']}", json={"status": "lost"})).raise_for_status()
    assert await answer(clocked, nudge) == (409, "stale_draft")
    assert len(await world.sends()) == 1


async def test_a_calendar_that_cannot_be_asked_keeps_the_draft_waiting(clocked: ClockedWorld) -> None:
    world = clocked.world
    await world.lead_says("Schedule a demo")
    draft = await waiting(clocked)
    await world.break_vendor("calendly", "http_500", times=100)
    status, code = await answer(clocked, draft)
    assert status in {502, 503}
    assert str(code).startswith("calendly_")
    assert (await waiting(clocked))["id"] == draft["id"]
    assert await world.sends() == []


async def _user(world: Any) -> dict[str, str]:
    host = {"Authorization": "Bearer sandbox-calendly-token"}
    return {"user": (await world.vendors.get("/users/me", headers=host)).json()["resource"]["uri"]}


async def _first_offered(clocked: ClockedWorld, draft: dict[str, Any]) -> str:
    """As the calendar writes it."""
    host = {"Authorization": "Bearer sandbox-calendly-token"}
    types = (await clocked.world.vendors.get("/event_types", headers=host, params=await _user(clocked.world))).json()
    window = {
        "start_time": _written(clocked.now + timedelta(minutes=5)),
        "end_time": _written(clocked.now + timedelta(days=6)),
    }
    found = await clocked.world.vendors.get(
        "/event_type_available_times", headers=host, params={"event_type": types["collection"][0]["uri"], **window}
    )
    shown = TIMES.findall(draft["text"])[0]
    day = draft["text"].split("1. ")[1].split(",")[0]
    for item in found.json()["collection"]:
        start = datetime.fromisoformat(item["start_time"])
        if f"{start:%H:%M}" == shown and f"{start.day} {start:%b}" in day:
            return str(item["start_time"])
    raise AssertionError(draft["text"])


def _written(moment: datetime) -> str:
    return moment.replace(microsecond=0).isoformat().replace("+00:00", "Z")
