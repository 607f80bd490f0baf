"""A nudge that repeats an offer: the calendar is asked again, what is gone is replaced, and the lead answers to the new numbers."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pipewise.language.phrases import format_slot
from tests.integration.clocked import ClockedWorld, open_clocked
from tests.integration.test_approvals import answer, waiting
from tests.integration.test_conversation import TIMES, buttons_of, text_of

HOST = {"Authorization": "Bearer sandbox-calendly-token"}


@pytest.fixture
async def clocked(tmp_path: Path, database_url: str) -> AsyncIterator[ClockedWorld]:
    async with open_clocked(tmp_path, database_url=database_url) as opened:
        yield opened


async def offered(clocked: ClockedWorld) -> list[str]:
    """The starts of the slots that the pending nudge stands on."""
    (row,) = await clocked.until_state("nudge", "planned")
    return [slot["start"] for slot in row["basis"]["offered"]]


async def take(clocked: ClockedWorld, start: str) -> None:
    """Somebody else books that time."""
    vendors = clocked.world.vendors
    user = {"user": (await vendors.get("/users/me", headers=HOST)).json()["resource"]["uri"]}
    kind = (await vendors.get("/event_types", headers=HOST, params=user)).json()["collection"][0]
    invitee = {"name": "Rui", "email": "rui@costa.example", "timezone": "Europe/Lisbon"}
    body = {"event_type": kind["uri"], "start_time": start.replace("+00:00", "Z"), "invitee": invitee}
    booked = await vendors.post(
        "/invitees", headers=HOST, json={**body, "location": {"kind": kind["locations"][0]["kind"]}}
    )
    assert booked.status_code == 201, booked.text


def label(start: str) -> str:
    return format_slot(datetime.fromisoformat(start), language="en", timezone="Europe/Lisbon")


async def test_what_was_taken_meanwhile_is_replaced_and_the_new_numbers_count(clocked: ClockedWorld) -> None:
    world = clocked.world
    await world.lead_says("Schedule a demo")
    await world.until_sends(1)
    first = await offered(clocked)
    await take(clocked, first[0])
    clocked.advance(hours=4, minutes=1)
    nudge = (await world.until_sends(2))[1]
    told = text_of(nudge)
    assert label(first[0]) not in told
    assert all(label(start) in told for start in first[1:])
    assert len(TIMES.findall(told)) == len(buttons_of(nudge)) == 3
    again = await offered(clocked)
    assert [start in first for start in again].count(True) == 2
    assert [label(start) in told for start in again] == [True] * 3
    await world.lead_says("number 1, my mail is ana@silva.example")
    await world.until_sends(3)
    mine = [row for row in await world.ledger("calendly", "booking") if row["detail"]["email"] == "ana@silva.example"]
    (booked,) = [datetime.fromisoformat(row["detail"]["start_time"]) for row in mine]
    assert booked == datetime.fromisoformat(again[0]), "the number that the nudge gave it"
    assert booked.astimezone(ZoneInfo("Europe/Lisbon")).strftime("%H:%M") in text_of((await world.sends())[2])


async def test_without_a_calendar_the_nudge_does_without_times(clocked: ClockedWorld) -> None:
    world = clocked.world
    await world.lead_says("Schedule a demo")
    await world.until_sends(1)
    await clocked.until_state("nudge", "planned")
    await world.break_vendor("calendly", "http_500", times=100)
    clocked.advance(hours=4, minutes=1)
    told = text_of((await world.until_sends(2))[1])
    assert not TIMES.findall(told)
    assert "times suit you" in told


async def test_a_nudges_draft_whose_times_are_gone_is_drafted_anew(clocked: ClockedWorld) -> None:
    world = clocked.world
    path = f"/api/integrations/{world.integrations['whatsapp']}"
    (await world.api.patch(path, json={"settings": {"reply_mode": "approve"}})).raise_for_status()
    await world.lead_says("Schedule a demo")
    assert await answer(clocked, await waiting(clocked)) == (200, None)
    await world.until_sends(1)
    first = await offered(clocked)
    clocked.advance(hours=4, minutes=1)
    draft = await waiting(clocked)
    assert label(first[1]) in draft["text"]
    await take(clocked, first[1])
    reply = await world.api.post(f"/api/approvals/{draft['id']}", json={"action": "accept"})
    assert (reply.status_code, reply.json()["code"]) == (409, "stale_draft")
    assert "drafted anew" in reply.json()["error"]
    fresh = await waiting(clocked, besides=draft["id"])
    assert label(first[1]) not in fresh["text"]
    assert len(TIMES.findall(fresh["text"])) == 3
    assert await answer(clocked, fresh) == (200, None)
    await world.until_sends(2)


async def test_a_pointless_nudges_draft_says_why_and_that_nothing_was_sent(clocked: ClockedWorld) -> None:
    world = clocked.world
    path = f"/api/integrations/{world.integrations['whatsapp']}"
    (await world.api.patch(path, json={"settings": {"reply_mode": "approve"}})).raise_for_status()
    await world.lead_says("Schedule a demo")
    assert await answer(clocked, await waiting(clocked)) == (200, None)
    await world.until_sends(1)
    clocked.advance(hours=4, minutes=1)
    draft = await waiting(clocked)
    lead = await world.lead()
    (await world.api.patch(f"/api/leads/{lead['id']}", json={"status": "lost"})).raise_for_status()
    reply = await world.api.post(f"/api/approvals/{draft['id']}", json={"action": "accept"})
    assert reply.status_code == 409
    assert "not needed any more: the lead is lost" in reply.json()["error"]
    assert (await world.api.get("/api/approvals")).json()["items"] == []
