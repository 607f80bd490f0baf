"""What follows from a meeting: reminders that are tied to its version, thanks, and one offer after a no-show."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.integration.clocked import TEMPLATES, ClockedWorld, approve_templates, open_clocked
from tests.integration.test_conversation import text_of
from tests.integration.test_secrets import acting_urls
from tests.integration.world import World

HOST = {"Authorization": "Bearer sandbox-calendly-token"}


@pytest.fixture
async def clocked(tmp_path: Path, database_url: str) -> AsyncIterator[ClockedWorld]:
    async with open_clocked(tmp_path, database_url=database_url) as opened:
        yield opened


@pytest.fixture
async def embedded(tmp_path: Path) -> AsyncIterator[ClockedWorld]:
    async with open_clocked(tmp_path) as opened:
        yield opened


async def book(clocked: ClockedWorld) -> datetime:
    """A meeting next week, so that both of its reminders lie ahead."""
    world = clocked.world
    await world.lead_says("Schedule a demo next week")
    await world.until_sends(1)
    await world.lead_says("the first one, ana@silva.example")
    await world.until_sends(2)
    await clocked.until_state("reminder", "planned", 2)
    lead = await world.lead()
    return datetime.fromisoformat(lead["meeting"]["start_time"])


async def invitee_of(world: World) -> dict[str, Any]:
    meeting = (await world.ledger("calendly", "booking"))[-1]["detail"]
    path = f"{httpx.URL(meeting['event']).path}/invitees"
    (invitee,) = (await world.vendors.get(path, headers=HOST)).json()["collection"]
    found: dict[str, Any] = invitee
    return found


async def states(clocked: ClockedWorld, kind: str) -> list[tuple[int, str, str | None]]:
    return [(row["step"], row["state"], row["end_reason"]) for row in await clocked.follow_ups(kind)]


async def test_a_booking_stops_the_nudge_and_plans_what_follows(clocked: ClockedWorld) -> None:
    start = await book(clocked)
    assert (await states(clocked, "nudge"))[0][1] == "canceled"
    dues = {row["step"]: row["due_at"] for row in await clocked.follow_ups("reminder")}
    assert dues == {1: start - timedelta(hours=24), 2: start - timedelta(hours=1)}
    await clocked.world.settle(0.6)  # the vendor's own webhook tells of the same meeting
    assert len(await clocked.follow_ups("reminder")) == 2
    assert len(await clocked.follow_ups("thanks")) == 1


async def test_the_lead_is_reminded_a_day_and_an_hour_before(clocked: ClockedWorld) -> None:
    """The window is closed by then: the owner's template speaks. Within it, the reminder names the time that is booked."""
    world = clocked.world
    await approve_templates(clocked)
    start = await book(clocked)
    clocked.set(start - timedelta(hours=23, minutes=59))
    reminder = (await world.until_sends(3))[2]
    assert reminder["detail"]["content"]["template"]["name"] == TEMPLATES["reminder"]["name"]
    await world.lead_says("thank you")
    await world.until_sends(4)
    clocked.set(start - timedelta(minutes=59))
    text = text_of((await world.until_sends(5))[4])
    local = start.astimezone().strftime("%H:%M")
    assert local in text or start.strftime("%H:%M") in text
    assert [state for _, state, _ in await states(clocked, "reminder")] == ["fired", "fired"]


async def test_a_canceled_meeting_is_not_reminded_of(clocked: ClockedWorld) -> None:
    world = clocked.world
    start = await book(clocked)
    uuid = (await invitee_of(world))["uri"].rsplit("/", 1)[-1]
    (await world.vendors.post("/_sandbox/calendly/cancel", json={"invitee_uuid": uuid})).raise_for_status()
    await clocked.until_state("reminder", "canceled", 2)
    assert (await states(clocked, "thanks"))[0][1:] == ("canceled", "the meeting is canceled")
    sent = len(await world.sends())
    clocked.set(start - timedelta(minutes=59))
    await world.settle(1.2)
    assert len(await world.sends()) == sent


async def test_a_moved_meeting_is_reminded_of_at_its_new_time(clocked: ClockedWorld) -> None:
    world = clocked.world
    before = await book(clocked)
    page = (await acting_urls(world))["reschedule_url"]
    shown = (await world.vendors.get(page)).text
    starts = sorted({part.split('"')[0] for part in shown.split('value="')[1:] if part[:2] == "20"})
    chosen = next(one for one in starts if datetime.fromisoformat(one) > before + timedelta(days=1))
    (await world.vendors.post(page, data={"start_time": chosen})).raise_for_status()
    await clocked.until_state("reminder", "canceled", 2)
    moved = await clocked.until_state("reminder", "planned", 2)
    start = datetime.fromisoformat(chosen)
    assert {row["due_at"] for row in moved} == {start - timedelta(hours=24), start - timedelta(hours=1)}
    reasons = {reason for _, state, reason in await states(clocked, "reminder") if state == "canceled"}
    assert reasons == {"the meeting was moved"}


async def test_a_meeting_whose_time_is_over_counts_as_held_and_is_thanked_for(embedded: ClockedWorld) -> None:
    """The lead wrote shortly before it, so that the window is open."""
    world = embedded.world
    start = await book(embedded)
    embedded.set(start - timedelta(minutes=10))
    await world.lead_says("thanks, see you soon")
    await world.until_sends(3)
    embedded.set(start + timedelta(hours=2))

    async def held() -> bool:
        return bool((await world.lead())["status"] == "meeting_held")

    await world.until(held, "the meeting to be held")
    assert (await world.lead())["meeting"]["status"] == "held"
    (thanks,) = await embedded.follow_ups("thanks")
    if thanks["state"] == "planned":  # outside of business hours it waits for the morning, within the window
        embedded.set(thanks["due_at"] + timedelta(minutes=1))
    await embedded.until_state("thanks", "fired")
    await world.until_sends(4)


async def test_a_missed_meeting_gets_one_offer_of_another(clocked: ClockedWorld) -> None:
    world = clocked.world
    await approve_templates(clocked)
    start = await book(clocked)
    invitee = (await invitee_of(world))["uri"]
    clocked.set(start + timedelta(minutes=20))
    await world.settle(1.0)
    sent = len(await world.sends())
    (await world.vendors.post("/invitee_no_shows", headers=HOST, json={"invitee": invitee})).raise_for_status()
    (planned,) = await clocked.until_state("no_show", "planned")
    clocked.set(planned["due_at"] + timedelta(minutes=1))
    await clocked.until_state("no_show", "fired")
    await world.until_sends(sent + 1)
    assert (await states(clocked, "thanks"))[0][1:] == ("canceled", "the meeting is no_show")
    assert len(await clocked.follow_ups("no_show")) == 1


async def test_a_mark_that_comes_after_the_thanks_counts(embedded: ClockedWorld) -> None:
    world = embedded.world
    start = await book(embedded)
    invitee = (await invitee_of(world))["uri"]
    embedded.set(start + timedelta(hours=3))

    async def status(wanted: str) -> bool:
        return bool((await world.lead())["status"] == wanted)

    await world.until(lambda: status("meeting_held"), "the meeting to be held")
    (await world.vendors.post("/invitee_no_shows", headers=HOST, json={"invitee": invitee})).raise_for_status()
    await world.until(lambda: status("no_show"), "the no-show")
    await embedded.until_state("no_show", "planned")


async def test_a_person_in_the_conversation_is_not_talked_over_by_a_reminder(embedded: ClockedWorld) -> None:
    world = embedded.world
    await approve_templates(embedded)
    start = await book(embedded)
    lead = await world.lead()
    (await world.api.post(f"/api/leads/{lead['id']}/takeover")).raise_for_status()
    embedded.set(start - timedelta(hours=23, minutes=59))
    await embedded.until_state("reminder", "canceled")
    (await world.api.post(f"/api/leads/{lead['id']}/release")).raise_for_status()
    sent = len(await world.sends())
    embedded.set(start - timedelta(minutes=59))
    await world.until_sends(sent + 1)
