"""What Calendly reports becomes true, whatever the order; the last word of the vendor stands."""

import itertools
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from pipewise.bookings import BookingIntent, intent_key
from pipewise.connections import SchedulingConnection
from pipewise.events import EventKind, Identity, InboundEvent, ParsedDelivery, Sender
from pipewise.leads import Status
from pipewise.meetings import open_links
from pipewise.platforms.calendly.settings import CalendlySettings
from pipewise.scheduling import BookingRequest, Slot
from pipewise.storage import meetings as rows
from pipewise.storage.tables import events, lead_changes, leads, meetings
from tests.fakes import NOON
from tests.fakes_vendors import BASE, CALL, lost_answer
from tests.integration.core.harness import Core

MAIL = "ana@silva.example"


def uri(number: int) -> str:
    return f"{BASE}/scheduled_events/EV{number}/invitees/INV{number}"


def start(number: int) -> datetime:
    return NOON + timedelta(days=number)


def report(change: str, number: int, **more: Any) -> InboundEvent:
    """The vendor's word on the `number`-th invitee; `old` and `new` join the halves of a move."""
    old, new = more.pop("old", None), more.pop("new", None)
    content = {
        "change": change,
        "title": "Intro call",
        "invitee_uri": uri(number),
        "event_uri": f"{BASE}/scheduled_events/EV{number}",
        "event_type": CALL.uri,
        "start_time": start(number).isoformat(),
        "end_time": (start(number) + timedelta(minutes=30)).isoformat(),
        "timezone": "Europe/Lisbon",
        "status": "canceled" if change == "canceled" else "active",
        "rescheduled": new is not None,
        "old_invitee": uri(old) if old else None,
        "new_invitee": uri(new) if new else None,
        "tracking": {"utm_content": more.pop("key", None)},
        "join_url": "https://meet.example/room",
        "cancel_url": f"https://calendly.com/cancellations/INV{number}",
        "reschedule_url": f"https://calendly.com/reschedulings/INV{number}",
        "canceled_by": "host" if change == "canceled" else None,
        "reason": None,
    }
    sender = Sender((Identity("email", MAIL),), name="Ana Silva", email=MAIL)
    step = {"created": 0, "no_show": 1, "no_show_cleared": 2, "canceled": 3}[change]
    at = NOON + timedelta(minutes=10 * number + step)
    return InboundEvent(EventKind.BOOKING, f"{change}:{number}", at, sender, content, None, needs_turn=False)


async def tell(core: Core, *reports: InboundEvent) -> str:
    """Deliver one by one, and let the lane work after each."""
    lead_id = ""
    for each in reports:
        accepted = await core.inbox.accept(core.account_id, None, "calendly", ParsedDelivery((each,)))
        lead_id = accepted.lead_id or lead_id
        await core.worker.run_lane(lead_id)
    return lead_id


async def summary(core: Core) -> list[tuple[str, str | None, datetime]]:
    return sorted((row["status"], row["invitee_uri"], row["start_time"]) for row in await core.rows(meetings))


async def state(core: Core) -> tuple[list[tuple[str, str | None, datetime]], list[str]]:
    return await summary(core), [row["status"] for row in await core.rows(leads)]


async def test_a_booking_at_the_vendor_makes_a_meeting_and_a_lead(core: Core) -> None:
    lead_id = await tell(core, report("created", 1))
    lead = await core.lead(lead_id)
    assert (lead.name, lead.email, lead.status) == ("Ana Silva", MAIL, Status.MEETING_SCHEDULED)
    assert lead.meeting
    assert (lead.meeting.status, lead.meeting.start_time, lead.meeting.title) == ("scheduled", start(1), "Intro call")
    (row,) = await core.rows(meetings)
    async with core.database.read() as connection:
        meeting = await rows.get_meeting(connection, core.account_id, row["id"])
    assert open_links(core.vault, meeting) == {
        "cancel": "https://calendly.com/cancellations/INV1",
        "reschedule": "https://calendly.com/reschedulings/INV1",
    }
    assert core.messenger.tries == []


async def test_links_that_act_without_a_login_are_stored_nowhere_in_clear(core: Core) -> None:
    await core.inbox.accept(core.account_id, None, "calendly", ParsedDelivery((report("created", 1),)))
    (before,) = await core.rows(events)
    assert before["sealed"]
    assert "cancellations" not in str(before["content"])
    await core.worker.run_lane(before["lead_id"])
    (after,) = await core.rows(events)
    assert after["sealed"] is None
    for table in (events, meetings):
        assert "calendly.com/cancellations" not in str(await core.rows(table))


STORIES = {
    "cancelled": [report("created", 1), report("canceled", 1)],
    "missed": [report("created", 1), report("no_show", 1)],
    "missed after all not": [report("created", 1), report("no_show", 1), report("no_show_cleared", 1)],
    "moved": [report("created", 1), report("canceled", 1, new=2), report("created", 2, old=1)],
    "moved and cancelled": [
        report("created", 1),
        report("canceled", 1, new=2),
        report("created", 2, old=1),
        report("canceled", 2, old=1),
    ],
    "moved twice": [
        report("created", 1),
        report("canceled", 1, new=2),
        report("created", 2, old=1),
        report("canceled", 2, old=1, new=3),
        report("created", 3, old=2),
    ],
}
ENDS = {
    "cancelled": ("canceled", 1, "meeting_canceled"),
    "missed": ("no_show", 1, "no_show"),
    "missed after all not": ("scheduled", 1, "meeting_scheduled"),
    "moved": ("scheduled", 2, "meeting_scheduled"),
    "moved and cancelled": ("canceled", 2, "meeting_canceled"),
    "moved twice": ("scheduled", 3, "meeting_scheduled"),
}


@pytest.mark.parametrize("name", STORIES)
async def test_every_order_of_a_story_has_the_same_end(core: Core, name: str) -> None:
    meeting, number, lead = ENDS[name]
    wanted = ([(meeting, uri(number), start(number))], [lead])
    orders = list(itertools.permutations(STORIES[name]))
    for order in orders[:: max(1, len(orders) // 12)]:
        async with core.database.write() as connection:
            for table in (events, leads):
                await connection.execute(table.delete())
        await tell(core, *order)
        assert await state(core) == wanted, [event.dedupe_key for event in order]
        assert "accepted" not in await core.event_states()


async def test_a_move_keeps_one_meeting_with_its_history(core: Core) -> None:
    await tell(core, *STORIES["moved twice"])
    (row,) = await core.rows(meetings)
    assert [former["invitee_uri"] for former in row["history"]] == [uri(1), uri(2)]
    assert row["version"] == 3


async def test_a_second_meeting_keeps_the_lead_scheduled_when_the_first_is_cancelled(core: Core) -> None:
    lead_id = await tell(core, report("created", 1), report("created", 2), report("canceled", 1))
    lead = await core.lead(lead_id)
    assert lead.status is Status.MEETING_SCHEDULED
    assert lead.meeting
    assert lead.meeting.start_time == start(2)


async def booked_by_us(core: Core, *, lost: bool = False) -> tuple[str, str]:
    """A booking of ours, perhaps with its answer lost and unreadable since: the lead and the intent key."""
    assert core.calendar
    lead_id = await core.hear("hi")
    lead = await core.lead(lead_id)
    key = intent_key(lead, CALL.uri, start(1))
    request = BookingRequest(key, CALL, Slot(start(1), "raw", CALL.uri), "Ana Silva", MAIL, "UTC")
    connection = SchedulingConnection("connected", core.calendar, CalendlySettings(), core.whatsapp)
    if lost:
        core.calendar.failures["book"] = [lost_answer("calendly")]
        with pytest.raises(type(lost_answer())):
            await core.bookings.book(connection, BookingIntent(core.account_id, lead, request, "run"))
    else:
        await core.bookings.book(connection, BookingIntent(core.account_id, lead, request, "run"))
    return lead_id, key


async def scheduled_count(core: Core) -> int:
    async with core.database.read() as connection:
        table = meetings.metadata.tables["integration_stats"]
        statement = select(table.c.value).where(table.c.name == "meetings_scheduled")
        return int((await connection.execute(statement)).scalar() or 0)


@pytest.mark.parametrize("lost", [False, True])
async def test_a_booking_of_ours_is_confirmed_and_counted_once(core: Core, lost: bool) -> None:
    lead_id, key = await booked_by_us(core, lost=lost)
    assert await tell(core, report("created", 1, key=key)) == lead_id
    assert await summary(core) == [("scheduled", uri(1), start(1))]
    assert await scheduled_count(core) == 1
    changes = [row["after"] for row in await core.rows(lead_changes, lead_changes.c.kind == "status")]
    assert changes.count("meeting_scheduled") == 1


async def test_a_cancellation_that_overtakes_everything_of_a_booking_of_ours(core: Core) -> None:
    lead_id, key = await booked_by_us(core, lost=True)
    await tell(core, report("canceled", 1, key=key), report("created", 1, key=key))
    assert await summary(core) == [("canceled", uri(1), start(1))]
    assert (await core.lead(lead_id)).status is Status.MEETING_CANCELED


async def test_a_booking_by_a_link_of_ours_finds_its_lead_by_what_the_link_carried(core: Core) -> None:
    """The invitee used another address than the lead is known by."""
    lead_id = await core.hear("hi")
    assert await tell(core, report("created", 1, key=lead_id)) == lead_id
    lead = await core.lead(lead_id)
    assert lead.status is Status.MEETING_SCHEDULED
    assert lead.email == MAIL


async def test_a_key_of_another_account_finds_nobody(core: Core) -> None:
    lead_id = await core.hear("hi")
    await tell(core, report("created", 1, key="00000000-0000-0000-0000-000000000000"))
    assert (await core.lead(lead_id)).status is not Status.MEETING_SCHEDULED
    assert await core.count(leads) == 2


async def test_redeliveries_change_nothing(core: Core) -> None:
    await tell(core, *STORIES["moved"])
    before = await state(core)
    await tell(core, *STORIES["moved"])
    assert await state(core) == before
