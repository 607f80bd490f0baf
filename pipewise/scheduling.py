"""Vendor-neutral scheduling: hosts, event types, free times, bookings, and the client every scheduling platform offers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Host:
    uri: str
    organization: str
    name: str
    email: str
    timezone: str
    scheduling_url: str


@dataclass(frozen=True)
class Question:
    """A question the host asks at booking. `kind`: string, text, phone_number, single_select, multi_select."""

    name: str
    kind: str
    position: int
    required: bool
    choices: tuple[str, ...] = ()
    include_other: bool = False


@dataclass(frozen=True)
class Location:
    """A place the host allows. `needs_value` is true where the booking must carry an address or number."""

    kind: str
    value: str | None = None
    needs_value: bool = False


@dataclass(frozen=True)
class EventType:
    uri: str
    name: str
    minutes: int
    active: bool
    bookable: bool  # by slot through the API: a solo, instant, unpaid, public type
    scheduling_url: str
    locations: tuple[Location, ...] = ()
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True)
class Slot:
    """A time the vendor says is free. `start` is aware UTC; `raw_start` is the vendor's own string, to be sent back unchanged."""

    start: datetime
    raw_start: str
    event_type: str


@dataclass(frozen=True)
class SchedulingLink:
    url: str
    event_type: str
    expires_at: datetime | None = None


@dataclass(frozen=True)
class BookingRequest:
    """`key` is our intent key; it travels in tracking (`utm_content`) so that a lost answer can be reconciled."""

    key: str
    event_type: EventType
    slot: Slot
    name: str
    email: str
    timezone: str
    location_value: str | None = None  # phone for an outbound call, place where the invitee is asked
    answers: tuple[tuple[str, str], ...] = ()  # (question name, answer)


@dataclass(frozen=True)
class Booking:
    """A booking that the vendor confirmed. Times are aware UTC; `end` and `join_url` may come later."""

    event_uri: str
    invitee_uri: str
    event_type: str
    start: datetime
    end: datetime | None
    status: str  # active | canceled
    email: str
    name: str | None = None
    timezone: str | None = None
    key: str | None = None
    join_url: str | None = None
    location_status: str | None = None
    cancel_url: str | None = None
    reschedule_url: str | None = None
    rescheduled: bool = False
    old_invitee: str | None = None
    new_invitee: str | None = None
    no_show_uri: str | None = None


@dataclass(frozen=True)
class Subscription:
    uri: str
    callback_url: str
    active: bool
    retrying_since: datetime | None = None
    events: tuple[str, ...] = ()


@dataclass(frozen=True)
class Check:
    """One named finding about an integration; `fix` says what to do when `ok` is false, `code` which error stood in the way."""

    name: str
    ok: bool
    detail: str
    fix: str = ""
    code: str | None = None


class SchedulingClient(Protocol):
    """A scheduling vendor's account. Every method raises PlatformError; reads may be retried inside, writes never are."""

    async def host(self) -> Host: ...

    async def event_types(self) -> tuple[EventType, ...]:
        """Active event types, in the vendor's order."""
        ...

    async def event_type(self, uri: str) -> EventType: ...

    async def free_times(self, event_type: str, start: datetime, end: datetime) -> tuple[Slot, ...]:
        """Free times in [start, end), asked in as many requests as the vendor's range needs."""
        ...

    async def create_link(self, event_type: str) -> SchedulingLink:
        """A single-use booking link."""
        ...

    async def book(self, request: BookingRequest) -> Booking:
        """Send once. SlotTaken when the time is gone; `outcome` UNKNOWN when it may have been booked."""
        ...

    async def find_booking(self, request: BookingRequest) -> Booking | None:
        """The active booking that an earlier `book` with this key, or this invitee at this start, left at the vendor."""
        ...

    async def booking(self, event_uri: str, invitee_uri: str | None = None) -> Booking:
        """The vendor's present word on a booking, join link included when it has one."""
        ...

    async def upcoming(self, start: datetime, end: datetime) -> tuple[Booking, ...]:
        """Bookings of the account in a time range, cancelled ones included, for reconciling after an outage."""
        ...

    async def cancel(self, event_uri: str, reason: str) -> None:
        """Cancel the event; an event that is already cancelled counts as success."""
        ...

    async def mark_no_show(self, invitee_uri: str) -> str:
        """Returns the vendor's URI of the mark."""
        ...

    async def clear_no_show(self, no_show_uri: str) -> None: ...

    async def subscriptions(self) -> tuple[Subscription, ...]: ...

    async def subscribe(self, url: str, signing_key: str) -> Subscription:
        """A webhook subscription for this user's bookings; one that stands for the same URL is replaced."""
        ...

    async def unsubscribe(self, uri: str) -> None: ...

    async def check(self) -> tuple[Check, ...]:
        """Ask the vendor about this account now. Failures become checks, not exceptions."""
        ...
