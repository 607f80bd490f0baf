"""Vendors that do as they are told: a messenger and a calendar with the interfaces of the real clients."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from pipewise.errors import Outcome, PlatformError, SlotTaken, Unavailable
from pipewise.events import OutboundMessage, SendReceipt
from pipewise.platforms.base import MessagingLimits
from pipewise.scheduling import (
    Booking,
    BookingRequest,
    Check,
    EventType,
    Host,
    SchedulingLink,
    Slot,
    Subscription,
)

LIMITS = MessagingLimits(
    text=4096, window=timedelta(hours=24), pair_interval=0.0, pair_burst=1000, account_per_second=1000.0
)


def lost_answer(platform: str = "whatsapp") -> Unavailable:
    return Unavailable("The connection broke.", platform=platform, outcome=Outcome.UNKNOWN)


def not_sent(platform: str = "whatsapp") -> Unavailable:
    return Unavailable("It could not be reached.", platform=platform, outcome=Outcome.NOT_SENT)


@dataclass(frozen=True)
class Sent:
    to: str
    message: OutboundMessage
    callback: str


class FakeMessenger:
    """`taken` is what reached the phone. `outcomes` are used up one by one: None is a success, an error is raised; one with
    an unknown outcome was taken all the same if `takes_lost` says so."""

    def __init__(self, limits: MessagingLimits = LIMITS) -> None:
        self.limits = limits
        self.taken: list[Sent] = []
        self.tries: list[Sent] = []
        self.typing: list[str] = []
        self.outcomes: list[PlatformError | None] = []
        self.takes_lost = False
        self.door = asyncio.Event()
        self.door.set()
        self.waiting = asyncio.Event()

    def stops_account(self, vendor_code: str | None) -> bool:
        return vendor_code == "368"

    async def send(self, to: str, message: OutboundMessage, *, callback: str) -> SendReceipt:
        sent = Sent(to, message, callback)
        self.tries.append(sent)
        self.waiting.set()
        await self.door.wait()
        error = self.outcomes.pop(0) if self.outcomes else None
        if error is None or (error.outcome is Outcome.UNKNOWN and self.takes_lost):
            self.taken.append(sent)
        if error:
            raise error
        return SendReceipt(f"wamid.{callback}")

    async def show_typing(self, message_id: str) -> None:
        self.typing.append(message_id)

    async def check(self) -> tuple[Check, ...]:
        return (Check("number", ok=True, detail="fake"),)

    @property
    def texts(self) -> list[str]:
        return [sent.message.text for sent in self.taken]


BASE = "https://api.calendly.com"
CALL = EventType(
    uri=f"{BASE}/event_types/CALL",
    name="Intro call",
    minutes=30,
    active=True,
    bookable=True,
    scheduling_url="https://calendly.com/ana/intro",
)


class FakeCalendar:
    """A `pipewise.scheduling.SchedulingClient`. `failures` holds, per method, errors to be raised one by one."""

    def __init__(self, *event_types: EventType, free: tuple[datetime, ...] = ()) -> None:
        self.types = {one.uri: one for one in event_types or (CALL,)}
        self.free = list(free)
        self.bookings: list[Booking] = []
        self.calls: list[str] = []
        self.failures: dict[str, list[PlatformError]] = defaultdict(list)
        self.books_lost = False  # a `book` whose answer is lost happened all the same
        self.during_book: Callable[[], Any] | None = None

    def _enter(self, method: str) -> None:
        self.calls.append(method)
        if self.failures[method]:
            raise self.failures[method].pop(0)

    async def host(self) -> Host:
        self._enter("host")
        return Host(f"{BASE}/users/U", f"{BASE}/organizations/O", "Ana", "ana@shop.example", "Europe/Lisbon", "")

    async def event_types(self) -> tuple[EventType, ...]:
        self._enter("event_types")
        return tuple(self.types.values())

    async def event_type(self, uri: str) -> EventType:
        self._enter("event_type")
        return self.types[uri]

    async def free_times(self, event_type: str, start: datetime, end: datetime) -> tuple[Slot, ...]:
        self._enter("free_times")
        taken = {booking.start for booking in self.bookings}
        wanted = [time for time in self.free if start <= time < end and time not in taken]
        return tuple(Slot(time, time.strftime("%Y-%m-%dT%H:%M:%SZ"), event_type) for time in wanted)

    async def create_link(self, event_type: str) -> SchedulingLink:
        self._enter("create_link")
        return SchedulingLink("https://calendly.com/d/once", event_type)

    async def book(self, request: BookingRequest) -> Booking:
        self.calls.append("book")
        if self.during_book:
            await self.during_book()
        error = self.failures["book"].pop(0) if self.failures["book"] else None
        if error is None or (error.outcome is Outcome.UNKNOWN and self.books_lost):
            if request.slot.start in {booking.start for booking in self.bookings}:
                raise SlotTaken("That time is gone.", platform="calendly")
            self.bookings.append(self._booking(request))
        if error:
            raise error
        return replace(self.bookings[-1], end=None, join_url=None)

    def _booking(self, request: BookingRequest) -> Booking:
        number = len(self.bookings) + 1
        event = f"{BASE}/scheduled_events/EV{number}"
        return Booking(
            event_uri=event,
            invitee_uri=f"{event}/invitees/INV{number}",
            event_type=request.event_type.uri,
            start=request.slot.start,
            end=request.slot.start + timedelta(minutes=request.event_type.minutes),
            status="active",
            email=request.email,
            name=request.name,
            timezone=request.timezone,
            key=request.key,
            join_url="https://meet.example/room",
            cancel_url=f"https://calendly.com/cancellations/INV{number}",
            reschedule_url=f"https://calendly.com/reschedulings/INV{number}",
        )

    async def find_booking(self, request: BookingRequest) -> Booking | None:
        self._enter("find_booking")
        return next((booking for booking in self.bookings if booking.key == request.key), None)

    async def booking(self, event_uri: str, invitee_uri: str | None = None) -> Booking:
        self._enter("booking")
        return next(booking for booking in self.bookings if booking.event_uri == event_uri)

    async def upcoming(self, start: datetime, end: datetime) -> tuple[Booking, ...]:
        self._enter("upcoming")
        return tuple(booking for booking in self.bookings if start <= booking.start < end)

    async def cancel(self, event_uri: str, reason: str) -> None:
        self._enter("cancel")

    async def mark_no_show(self, invitee_uri: str) -> str:
        self._enter("mark_no_show")
        return f"{BASE}/invitee_no_shows/NS"

    async def clear_no_show(self, no_show_uri: str) -> None:
        self._enter("clear_no_show")

    async def subscriptions(self) -> tuple[Subscription, ...]:
        self._enter("subscriptions")
        return ()

    async def subscribe(self, url: str, signing_key: str) -> Subscription:
        self._enter("subscribe")
        return Subscription(f"{BASE}/webhook_subscriptions/S", url, active=True)

    async def unsubscribe(self, uri: str) -> None:
        self._enter("unsubscribe")

    async def check(self) -> tuple[Check, ...]:
        self._enter("check")
        return ()
