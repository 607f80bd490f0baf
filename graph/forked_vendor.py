"""What a fork meets where the lead's own turn would meet a vendor: reads go through, nothing is written."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from pipewise.bookings import BookingIntent
from pipewise.clock import Clock
from pipewise.connections import Connections, SchedulingConnection
from pipewise.journal import Journal, Recording, Step, ask
from pipewise.journal_codec import typed
from pipewise.journaled import SLOTS, JournaledBookings, booking_asked
from pipewise.scheduling import SchedulingLink, Slot
from pipewise.storage.meetings import MeetingRow
from pipewise.storage.types import derived_id

FREE_TIMES = "calendar.free_times"
LINK_HOST = "https://calendly.com/d"


class ForkedJournal(Journal):
    """Answers of the recorded turn, each given once to whoever asks the same, in whatever order; the rest is asked anew."""

    def __init__(self, *, lead: Any, recorded: Recording) -> None:
        super().__init__(lead=lead, recorded=Recording((), recorded.times, ()))
        self._pool = list(recorded.steps)
        self._given: list[Step] = []

    @property
    def asked_anew(self) -> list[Step]:
        return [step for step in self.recording.steps if not any(step is given for given in self._given)]

    def _take(self, kind: str, request: str) -> Step | None:
        for place, step in enumerate(self._pool):
            if (step.kind, step.request) == (kind, request):
                self._given.append(step)
                return self._pool.pop(place)
        return None


class StandingClock:
    """The moment of the recorded turn: what was free or far away then still is."""

    def __init__(self, at: datetime, clock: Clock) -> None:
        self._at = at
        self._clock = clock
        self.recheck = clock.recheck

    def now(self) -> datetime:
        return self._at

    def monotonic(self) -> float:
        return self._clock.monotonic()


def recorded_slots(recording: Recording) -> tuple[Slot, ...]:
    found = [
        slot
        for step in recording.steps
        if step.kind == FREE_TIMES and not step.failed
        for slot in SLOTS.decode(step.answer)
    ]
    return tuple(dict.fromkeys(found))


def read_slots(starts: Sequence[datetime], event_types: Sequence[str]) -> tuple[Slot, ...]:
    """Free times as somebody imagines them, for each kind of meeting."""
    return tuple(
        Slot(start, start.isoformat().replace("+00:00", "Z"), event_type)
        for event_type in event_types
        for start in sorted(starts)
    )


class ReadOnlyScheduler:
    """`free` stands for what the calendar says; without it the calendar is asked."""

    def __init__(self, client: Any, free: tuple[Slot, ...] | None) -> None:
        self._client = client
        self._free = free
        self.host, self.event_types, self.event_type = client.host, client.event_types, client.event_type

    async def free_times(self, event_type: str, start: datetime, end: datetime) -> tuple[Slot, ...]:
        if self._free is None:
            found: tuple[Slot, ...] = await self._client.free_times(event_type, start, end)
            return found
        return tuple(slot for slot in self._free if slot.event_type == event_type and start <= slot.start < end)

    async def create_link(self, event_type: str) -> SchedulingLink:
        """What it would look like."""
        return SchedulingLink(f"{LINK_HOST}/{derived_id('forked link', event_type)[:8]}", event_type)

    async def find_booking(self, *_: Any) -> None:
        """None was made by a fork."""
        return

    book = booking = find_booking


class ReadOnlyConnections:
    def __init__(self, connections: Connections, free: tuple[Slot, ...] | None) -> None:
        self._connections = connections
        self._free = free

    async def scheduling(self, account_id: str) -> SchedulingConnection | None:
        found = await self._connections.scheduling(account_id)
        client: Any = ReadOnlyScheduler(found.client, self._free) if found else None
        return replace(found, client=client) if found else None


class ImaginedBookings(JournaledBookings):
    """A meeting that would have been made."""

    async def book(self, connection: SchedulingConnection, intent: BookingIntent) -> MeetingRow:
        del connection
        asked = booking_asked(intent.request)
        meeting: MeetingRow = await ask("booking.book", asked, lambda: self._imagine(intent), typed(MeetingRow))
        return meeting

    async def _imagine(self, intent: BookingIntent) -> MeetingRow:
        request, now = intent.request, self._clock.now()
        return MeetingRow(
            id=derived_id("forked booking", request.key),
            account_id=intent.account_id,
            lead_id=intent.lead.id,
            integration_id=None,
            intent_key=None,
            status="scheduled",
            source="fork",
            event_type=request.event_type.uri,
            title=request.event_type.name,
            event_uri=None,
            invitee_uri=None,
            start_time=request.slot.start,
            end_time=request.slot.start + timedelta(minutes=request.event_type.minutes),
            timezone=request.timezone,
            invitee={"name": request.name, "email": request.email},
            join_url=None,
            links=None,
            history=[],
            version=1,
            run_id=intent.run_id,
            created_at=now,
            updated_at=now,
        )
