"""A booking is made at most once per lead and slot, whatever is lost, cancelled, superseded or killed on the way."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from pipewise.bookings import BookingIntent, intent_key
from pipewise.connections import SchedulingConnection
from pipewise.errors import Outcome, PlatformError, RateLimited, SlotTaken
from pipewise.leads import Status
from pipewise.meetings import open_links
from pipewise.platforms.calendly.settings import CalendlySettings
from pipewise.scheduling import BookingRequest, Slot
from pipewise.storage import lanes
from pipewise.storage import meetings as rows
from pipewise.storage.lanes import LeaseLost
from pipewise.storage.meetings import MeetingRow
from pipewise.storage.tables import lanes as lane_table
from pipewise.storage.tables import meetings
from pipewise.storage.tenancy import acting_for
from pipewise.turns import TurnRequest, TurnResult
from tests.fakes import NOON
from tests.fakes_vendors import CALL, lost_answer, not_sent
from tests.integration.core.harness import Core, heard, reply

START = NOON + timedelta(days=1)


def connection_of(core: Core) -> SchedulingConnection:
    assert core.calendar
    return SchedulingConnection("connected", core.calendar, CalendlySettings(), None)


async def intent_of(core: Core, lead_id: str) -> BookingIntent:
    lead = await core.lead(lead_id)
    request = BookingRequest(
        key=intent_key(lead, CALL.uri, START),
        event_type=CALL,
        slot=Slot(START, "2026-03-03T12:00:00Z", CALL.uri),
        name="Ana Silva",
        email="ana@silva.example",
        timezone="Europe/Lisbon",
    )
    return BookingIntent(core.account_id, lead, request, "run-1")


async def book(core: Core, lead_id: str) -> MeetingRow:
    return await core.bookings.book(connection_of(core), await intent_of(core, lead_id))


def booked(core: Core) -> int:
    assert core.calendar
    return len(core.calendar.bookings)


def posts(core: Core) -> int:
    assert core.calendar
    return core.calendar.calls.count("book")


async def status_of(core: Core) -> str:
    (row,) = await core.rows(meetings)
    return str(row["status"])


async def test_a_confirmed_booking_moves_the_lead_and_keeps_its_links_sealed(core: Core) -> None:
    lead_id = await core.hear("hi")
    meeting = await book(core, lead_id)
    assert (meeting.status, meeting.start_time, meeting.title) == ("scheduled", START, "Intro call")
    assert meeting.end_time == START + timedelta(minutes=30)  # told by the second look
    assert meeting.join_url == "https://meet.example/room"
    assert meeting.invitee == {"email": "ana@silva.example", "name": "Ana Silva"}
    assert (await core.lead(lead_id)).status is Status.MEETING_SCHEDULED
    assert open_links(core.vault, meeting)["cancel"].endswith("INV1")
    assert b"cancellations" not in (meeting.links or b"")
    assert "links" not in repr(meeting)


async def test_asking_again_finds_the_meeting_without_asking_the_vendor(core: Core) -> None:
    lead_id = await core.hear("hi")
    first = await book(core, lead_id)
    assert core.calendar
    core.calendar.calls.clear()
    assert (await book(core, lead_id)).id == first.id
    assert core.calendar.calls == []


async def test_a_lost_answer_is_reconciled_by_asking(core: Core) -> None:
    assert core.calendar
    core.calendar.failures["book"] = [lost_answer("calendly")]
    core.calendar.books_lost = True
    meeting = await book(core, await core.hear("hi"))
    assert meeting.status == "scheduled"
    assert (booked(core), posts(core)) == (1, 1)


async def test_what_nobody_can_tell_stays_unknown_until_the_vendor_tells(core: Core) -> None:
    """The answer is lost and the vendor's reads are down: the error says so, and the next try asks before it books."""
    assert core.calendar
    core.calendar.failures["book"] = [lost_answer("calendly")]
    core.calendar.books_lost = True
    core.calendar.failures["find_booking"] = [not_sent("calendly"), not_sent("calendly")]
    lead_id = await core.hear("hi")
    with pytest.raises(PlatformError) as caught:
        await book(core, lead_id)
    assert caught.value.outcome is Outcome.UNKNOWN
    assert await status_of(core) == "unknown"
    assert (await core.lead(lead_id)).meeting is None
    assert (await book(core, lead_id)).status == "scheduled"
    assert (booked(core), posts(core)) == (1, 1)


async def test_an_unknown_that_the_vendor_does_not_hold_is_booked_then(core: Core) -> None:
    assert core.calendar
    core.calendar.failures["book"] = [lost_answer("calendly")]
    lead_id = await core.hear("hi")
    with pytest.raises(PlatformError):
        await book(core, lead_id)
    assert (await book(core, lead_id)).status == "scheduled"
    assert (booked(core), posts(core)) == (1, 2)


@pytest.mark.parametrize(
    "error", [SlotTaken("Gone.", platform="calendly"), RateLimited("Wait.", platform="calendly", retry_after=60)]
)
async def test_a_refusal_is_final_for_this_try_and_free_for_the_next(core: Core, error: PlatformError) -> None:
    assert core.calendar
    core.calendar.failures["book"] = [error]
    lead_id = await core.hear("hi")
    with pytest.raises(type(error)):
        await book(core, lead_id)
    assert await status_of(core) == "failed"
    assert (await book(core, lead_id)).status == "scheduled"
    assert len(await core.rows(meetings)) == 1


async def test_a_try_that_was_cancelled_is_unknown_and_never_booked_twice(core: Core) -> None:
    """The process stops while the request is on its way, and the vendor takes it all the same."""
    assert core.calendar
    lead_id = await core.hear("hi")
    started = asyncio.Event()

    async def hang() -> None:
        started.set()
        await asyncio.sleep(60)

    core.calendar.during_book = hang
    with acting_for(core.account_id):
        task = asyncio.create_task(book(core, lead_id))
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await status_of(core) == "unknown"
    core.calendar.during_book = None
    core.calendar.bookings.append(core.calendar._booking((await intent_of(core, lead_id)).request))
    assert (await book(core, lead_id)).status == "scheduled"
    assert (booked(core), posts(core)) == (1, 1)


async def test_the_intent_is_committed_before_the_vendor_is_asked(core: Core) -> None:
    assert core.calendar
    lead_id = await core.hear("hi")
    stood: list[str] = []

    async def look() -> None:
        stood.extend([row["status"] for row in await core.rows(meetings)])

    core.calendar.during_book = look
    assert (await book(core, lead_id)).status == "scheduled"
    assert stood == ["intended"]


async def test_who_lost_the_lane_books_nothing(core: Core) -> None:
    lead_id = await core.hear("hi")
    mine = await core.database.transact(lambda c: lanes.take(c, lead_id, "a"))
    async with core.database.write() as connection:
        await connection.execute(update(lane_table).values(leased_until=lanes.DatabaseSeconds() - 1))
        assert await lanes.take(connection, lead_id, "b")
    with pytest.raises(LeaseLost):
        await core.bookings.book(connection_of(core), replace(await intent_of(core, lead_id), lease=mine))
    assert (await core.rows(meetings), posts(core)) == ([], 0)


@pytest.mark.parametrize("taken", [True, False])
async def test_a_crash_around_the_request_never_books_twice(core: Core, taken: bool) -> None:
    """Killed before or after the request left: all that is left is the committed intent."""
    assert core.calendar
    lead_id = await core.hear("hi")
    intent = await intent_of(core, lead_id)
    await core.bookings._intend(connection_of(core), intent)
    if taken:
        core.calendar.bookings.append(core.calendar._booking(intent.request))
    assert await status_of(core) == "intended"
    assert await core.bookings.find(intent.lead, CALL.uri, START), "it may exist"
    assert (await book(core, lead_id)).status == "scheduled"
    assert booked(core) == 1
    assert posts(core) == (0 if taken else 1)


async def test_a_message_during_the_request_supersedes_the_words_and_not_the_booking(core: Core) -> None:
    """The next turn finds the booking of this lead and slot and confirms it."""
    assert core.calendar

    async def interrupt() -> None:
        await core.hear("and thanks!")

    async def answer(request: TurnRequest) -> TurnResult:
        meeting = await book(core, request.lead.id)
        return reply(f"Booked {meeting.start_time:%H:%M} after {heard(request)}")

    core.calendar.during_book = interrupt
    core.turns.answer = answer
    lead_id = await core.hear("the first one")
    await core.worker.run_lane(lead_id)
    assert core.messenger.texts == ["Booked 12:00 after the first one | and thanks!"]
    assert (booked(core), posts(core)) == (1, 1)
    assert (await core.lead(lead_id)).status is Status.MEETING_SCHEDULED


async def test_a_turn_may_not_push_a_booked_lead_back(core: Core) -> None:
    """The turn began before the booking, and proposes what its own look at the lead suggested."""

    async def answer(request: TurnRequest) -> TurnResult:
        await book(core, request.lead.id)
        return reply("Booked.", status=Status.MEETING_OFFERED)

    core.turns.answer = answer
    lead_id = await core.hear("hi")
    await core.worker.run_lane(lead_id)
    assert (await core.lead(lead_id)).status is Status.MEETING_SCHEDULED


async def test_details_that_do_not_come_do_not_undo_the_booking(core: Core) -> None:
    assert core.calendar
    core.calendar.failures["booking"] = [not_sent("calendly")]
    meeting = await book(core, await core.hear("hi"))
    assert (meeting.status, meeting.end_time, meeting.join_url) == ("scheduled", None, None)


async def test_a_failure_told_late_does_not_overwrite_a_confirmation(core: Core) -> None:
    """The vendor's webhook was quicker than our own timeout."""
    assert core.calendar
    lead_id = await core.hear("hi")

    async def confirm() -> None:
        async with core.database.write() as connection:
            await connection.execute(update(meetings).values(status="scheduled", invitee_uri="inv", event_uri="ev"))

    core.calendar.during_book = confirm
    core.calendar.failures["book"] = [lost_answer("calendly")]
    with pytest.raises(PlatformError):
        await book(core, lead_id)
    assert await status_of(core) == "scheduled"


async def test_only_what_may_exist_is_found(core: Core) -> None:
    assert core.calendar
    lead_id = await core.hear("hi")
    lead = await core.lead(lead_id)
    core.calendar.failures["book"] = [SlotTaken("Gone.", platform="calendly")]
    with pytest.raises(SlotTaken):
        await book(core, lead_id)
    assert await core.bookings.find(lead, CALL.uri, START) is None
    await book(core, lead_id)
    found = await core.bookings.find(lead, CALL.uri, START)
    assert found
    assert await core.bookings.find(lead, CALL.uri, START + timedelta(hours=1)) is None


async def test_a_cancelled_slot_can_be_booked_anew(core: Core) -> None:
    assert core.calendar
    lead_id = await core.hear("hi")
    first = await book(core, lead_id)
    await core.bookings.cancel(connection_of(core), first, "changed plans")
    assert "cancel" in core.calendar.calls
    core.calendar.bookings.clear()
    again = await book(core, lead_id)
    assert (again.id, again.status) == (first.id, "scheduled")
    async with core.database.read() as connection:
        assert len(await rows.list_meetings(connection, core.account_id, limit=10)) == 1
