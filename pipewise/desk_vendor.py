"""The scheduling vendor as one turn sees it: each call timed for the record, and none made in vain to one that is silent."""

from collections.abc import Coroutine
from datetime import datetime, timedelta
from typing import Any, TypeVar

from pipewise.clock import Clock
from pipewise.connections import SchedulingConnection
from pipewise.errors import Outcome, Unavailable
from pipewise.scheduling import EventType, SchedulingLink, Slot
from pipewise.turns import UsageRecord

LOOK_AHEAD = timedelta(minutes=1)
T = TypeVar("T")


class DeskVendor:
    """`silent` is how the vendor failed to answer earlier in this turn: the lead does not wait for that twice."""

    def __init__(self, connection: SchedulingConnection, clock: Clock, silent: Unavailable | None = None) -> None:
        self.connection = connection
        self.usage: list[UsageRecord] = []
        self._clock = clock
        self._silent = silent
        self._event_types: tuple[EventType, ...] | None = None

    async def event_types(self) -> tuple[EventType, ...]:
        """The owner's choice alone, if there is one; else all active ones."""
        if self._event_types is None:
            preferred = self.connection.settings.event_type
            if preferred:
                self._event_types = (await self.event_type(preferred),)
            else:
                self._event_types = await self.timed("event_types", self.connection.client.event_types())
        return self._event_types

    async def resolve_type(self, handle: str | None) -> EventType | None:
        """A handle that was listed; without one, the owner's choice or the first that can be booked by slot."""
        found = await self.event_types()
        listed = {f"type_{number}": one for number, one in enumerate(found, 1)}
        if handle in listed:
            return listed[handle]
        return next((one for one in found if one.bookable and one.active), found[0] if found else None)

    async def event_type(self, uri: str) -> EventType:
        return await self.timed("event_type", self.connection.client.event_type(uri))

    async def free_slots(self, event_type: EventType, now: datetime, end: datetime) -> tuple[Slot, ...]:
        wanted = self.connection.client.free_times(event_type.uri, now + LOOK_AHEAD, end)
        return await self.timed("available_times", wanted)

    async def is_free(self, event_type: EventType, start: datetime) -> bool:
        if start <= self._clock.now() + LOOK_AHEAD:
            return False
        wanted = self.connection.client.free_times(event_type.uri, start, start + timedelta(minutes=1))
        return any(slot.start == start for slot in await self.timed("available_times", wanted))

    async def create_link(self, event_type: EventType) -> SchedulingLink:
        return await self.timed("create_link", self.connection.client.create_link(event_type.uri))

    async def timed(self, action: str, call: Coroutine[Any, Any, T]) -> T:
        if self._silent:
            call.close()
            raise self._silent
        started = self._clock.monotonic()
        ok = False
        try:
            result = await call
            ok = True
        except Unavailable as error:
            self._silent = error if error.outcome is not Outcome.UNKNOWN else None
            raise
        finally:
            elapsed = round((self._clock.monotonic() - started) * 1000)
            self.usage.append(UsageRecord("calendly", action, ok, elapsed))
        return result
