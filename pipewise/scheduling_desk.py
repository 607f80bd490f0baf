"""The scheduling desk of one turn: what the scheduler's tools do, with every id, recipient and rule supplied by code.

Each method returns an outcome, a JSON object whose `kind` is one of: lead, event_types, offer, link, booked, preview (as in a run
without effects), need, uncertain, fallback, refused. Slots and event types are handles such as `slot_2`, resolved here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pipewise.booking_details import known_answers, missing_answer, personal_link
from pipewise.bookings import BookingIntent, Bookings, intent_key
from pipewise.clock import Clock
from pipewise.connections import SchedulingConnection
from pipewise.desk_fallbacks import DEMO_URL, fallback_outcome, overflow_outcome
from pipewise.desk_vendor import DeskVendor
from pipewise.errors import Outcome, PlatformError, RateLimited, SlotTaken, Unavailable
from pipewise.language.times import read_time_wish, wish_is_empty
from pipewise.leads import Lead
from pipewise.scheduling import BookingRequest, EventType, Slot
from pipewise.slot_offers import (
    SEARCH_DAYS,
    WIDER_SEARCH_DAYS,
    Memory,
    choose_slots,
    nearest_slots,
    search_end,
    show_slots,
    show_time,
)
from pipewise.storage.lanes import Lease
from pipewise.storage.meetings import MeetingRow
from pipewise.turns import UsageRecord

__all__ = ["DEMO_URL", "DeskRules", "Memory", "SchedulingDesk"]

Result = dict[str, Any]


@dataclass(frozen=True)
class DeskRules:
    """What holds for this account and turn. `effects`: whether the vendor may be written to, and `lease` in which lane."""

    effects: bool
    demo_link_allowed: bool
    default_timezone: str
    fallback_url: str | None = None
    lease: Lease | None = None


class SchedulingDesk:
    def __init__(
        self,
        lead: Lead,
        run_id: str,
        connection: SchedulingConnection | None,
        bookings: Bookings,
        clock: Clock,
        rules: DeskRules,
        memory: Memory,
        *,
        language: str,
        words: str,
        silent_vendor: Unavailable | None = None,
    ) -> None:
        self.lead = lead
        self._run_id = run_id
        self._vendor = DeskVendor(connection, clock, silent_vendor) if connection else None
        self._bookings = bookings
        self._clock = clock
        self._rules = rules
        self._language = language
        self._words = words
        self.memory = memory
        self.counters: dict[str, int] = {}
        self.error: PlatformError | None = None
        self.owner_reason = ""

    @property
    def timezone(self) -> str:
        return self.lead.timezone or self._rules.default_timezone

    @property
    def integration_id(self) -> str | None:
        integration = self._vendor.connection.integration if self._vendor else None
        return integration.id if integration else None

    @property
    def mode(self) -> str:
        return str(self._vendor.connection.settings.mode) if self._vendor else "slots"

    @property
    def usage(self) -> list[UsageRecord]:
        return self._vendor.usage if self._vendor else []

    def describe_lead(self) -> Result:
        lead = self.lead
        return {
            "kind": "lead",
            "name": lead.name,
            "email": lead.email,
            "company": lead.company,
            "status": str(lead.status),
            "timezone": self.timezone,
            "meeting": lead.meeting.start_time.isoformat() if lead.meeting else None,
        }

    def when(self, start: datetime) -> Result:
        return show_time(start, language=self._language, timezone=self.timezone)

    async def list_event_types(self) -> Result:
        """Kinds of meeting the host offers; the owner's choice first."""
        if self._vendor is None:
            return self.fall_back(None)
        try:
            found = await self._vendor.event_types()
        except PlatformError as error:
            return self.fall_back(error)
        if not found:
            return self.fall_back(None)
        return {
            "kind": "event_types",
            "event_types": [
                {"handle": f"type_{n}", "name": one.name, "minutes": one.minutes} for n, one in enumerate(found, 1)
            ],
        }

    async def find_slots(self, event_type: str | None, wish: str | None) -> Result:
        """Real free times that fit what the lead said, as handles. `event_type` is a handle."""
        if self._vendor is None:
            return self.fall_back(None)
        try:
            chosen = await self._vendor.resolve_type(event_type)
            if chosen is None:
                return self.fall_back(None)
            if not chosen.bookable:
                return await self._create_link(self._vendor, chosen)
            return await self._offer(self._vendor, chosen, wish or self._words)
        except PlatformError as error:
            return self.fall_back(error)

    async def create_link(self, event_type: str | None) -> Result:
        """A single-use booking link that carries what is known of the lead. `event_type` is a handle."""
        if self._vendor is None:
            return self.fall_back(None)
        try:
            return await self._create_link(self._vendor, await self._vendor.resolve_type(event_type))
        except PlatformError as error:
            return self.fall_back(error)

    async def create_link_for(self, event_type_uri: str | None) -> Result:
        """The same for a caller that names the event type by its URI."""
        if event_type_uri is None or self._vendor is None:
            return await self.create_link(None)
        try:
            return await self._create_link(self._vendor, await self._vendor.event_type(event_type_uri))
        except PlatformError as error:
            return self.fall_back(error)

    async def schedule(self, slot: str) -> Result:
        """Book an offered slot for the lead, or say what is missing."""
        offered = next((one for one in self.memory.offered if one["handle"] == slot), None)
        if offered is None:
            return {"kind": "refused", "problem": f"{slot!r} was not offered; offer times first and use their handles."}
        if self._vendor is None:
            return self.fall_back(None)
        self.memory.chosen = slot
        if not self.lead.email:
            return self._need("email", offered)
        if not self.lead.name:
            return self._need("name", offered)
        try:
            return await self._book(self._vendor, offered)
        except SlotTaken:
            return await self._offer_again(self._vendor, offered)
        except RateLimited as error:
            return await self._overflow(self._vendor, offered, error)
        except PlatformError as error:
            if error.outcome is Outcome.UNKNOWN:
                self.error = error
                return {"kind": "uncertain", **self.when(datetime.fromisoformat(offered["start"]))}
            return self.fall_back(error)

    async def _overflow(self, vendor: DeskVendor, offered: Mapping[str, str], error: RateLimited) -> Result:
        """The calendar takes no more bookings for now: the lead books on the calendar's own page, and the record says why."""
        try:
            link = await self._create_link(vendor, await vendor.event_type(offered["event_type"]))
        except PlatformError as broken:
            return self.fall_back(broken)
        self.error = error
        self._count("fallbacks")
        self.memory.forget()
        return overflow_outcome(link, error)

    def fall_back(self, error: PlatformError | None) -> Result:
        """The honest way out: the owner's page if there is one, else a person; never an invented time."""
        self.error = error or self.error
        url = self._rules.fallback_url or (DEMO_URL if self._rules.demo_link_allowed else None)
        self._count("fallbacks")
        self.memory.awaiting = None
        return fallback_outcome(error, url, connected=self._vendor is not None)

    async def _create_link(self, vendor: DeskVendor, chosen: EventType | None) -> Result:
        if chosen is None:
            return self.fall_back(None)
        if not self._rules.effects:
            return {"kind": "link", "url": chosen.scheduling_url, "title": chosen.name, "preview": True}
        link = await vendor.create_link(chosen)
        self._count("links_created")
        told = {"title": chosen.name, "expires_at": link.expires_at.isoformat() if link.expires_at else None}
        return {"kind": "link", "url": personal_link(link.url, self.lead), **told}

    async def _offer(self, vendor: DeskVendor, event_type: EventType, words: str) -> Result:
        now = self._clock.now()
        wish = read_time_wish(words, now=now, timezone=self.timezone)
        free = await vendor.free_slots(event_type, now, search_end(wish, now, self.timezone))
        if not free:
            free = await vendor.free_slots(event_type, now, now + timedelta(days=WIDER_SEARCH_DAYS))
        slots, fits = choose_slots(free, wish, self.timezone)
        if not slots:
            return await self._create_link(vendor, event_type)
        return self._offered(event_type, slots, "fits" if fits or wish_is_empty(wish) else "nearest")

    def _offered(self, event_type: EventType, slots: Sequence[Slot], reason: str) -> Result:
        self.memory.remember(slots)
        return {
            "kind": "offer",
            "reason": reason,
            "title": event_type.name,
            "minutes": event_type.minutes,
            **show_slots(slots, language=self._language, timezone=self.timezone),
        }

    async def _offer_again(self, vendor: DeskVendor, offered: Mapping[str, str]) -> Result:
        now, taken = self._clock.now(), datetime.fromisoformat(offered["start"])
        end = max(now + timedelta(days=SEARCH_DAYS), min(taken, now + timedelta(days=WIDER_SEARCH_DAYS)))
        try:
            event_type = await vendor.event_type(offered["event_type"])
            free = await vendor.free_slots(event_type, now, end)
            slots = nearest_slots([slot for slot in free if slot.start != taken], taken)
            return self._offered(event_type, slots, "taken") if slots else await self._offer(vendor, event_type, "")
        except PlatformError as error:
            return self.fall_back(error)

    async def _book(self, vendor: DeskVendor, offered: Mapping[str, str]) -> Result:
        start = datetime.fromisoformat(offered["start"])
        known = await self._bookings.find(self.lead, offered["event_type"], start)
        if known and known.status == "scheduled":
            return self._booked(known)
        event_type = await vendor.event_type(offered["event_type"])
        missing = missing_answer(event_type, self.lead)
        if missing:
            # The host asks something that only the booking page can collect properly.
            return {**await self._create_link(vendor, event_type), "missing": missing}
        if known is None and not await vendor.is_free(event_type, start):
            raise SlotTaken("That time is not free any more.", platform="calendly")
        if not self._rules.effects:
            return {"kind": "preview", "preview": True, "title": event_type.name, **self.when(start)}
        booking = self._bookings.book(vendor.connection, self._intent(event_type, start, offered))
        return self._booked(await vendor.timed("schedule_meeting", booking))

    def _intent(self, event_type: EventType, start: datetime, offered: Mapping[str, str]) -> BookingIntent:
        request = BookingRequest(
            key=intent_key(self.lead, offered["event_type"], start),
            event_type=event_type,
            slot=Slot(start, offered["raw_start"], event_type.uri),
            name=self.lead.name or "",
            email=self.lead.email or "",
            timezone=self.timezone,
            location_value=self.lead.phone,
            answers=known_answers(event_type, self.lead),
        )
        return BookingIntent(self.lead.account_id, self.lead, request, self._run_id, self._rules.lease)

    def _need(self, what: str, offered: Mapping[str, str]) -> Result:
        tried = what == self.memory.awaiting == "email" and "@" in self._words
        self.memory.awaiting = what
        return {
            "kind": "need",
            "what": "email_invalid" if tried else what,
            **self.when(datetime.fromisoformat(offered["start"])),
        }

    def _booked(self, meeting: MeetingRow) -> Result:
        self.memory.forget()
        return {
            "kind": "booked",
            "meeting_id": meeting.id,
            "reference": (meeting.event_uri or meeting.id).rstrip("/").rsplit("/", 1)[-1],
            "title": meeting.title,
            "email": meeting.invitee.get("email"),
            "join_url": meeting.join_url,
            "end": meeting.end_time.isoformat() if meeting.end_time else None,
            **self.when(meeting.start_time),
        }

    def _count(self, name: str) -> None:
        self.counters[name] = self.counters.get(name, 0) + 1
