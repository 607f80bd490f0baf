"""The scheduling desk of one turn: what the scheduler's tools do, with every id, recipient and rule supplied by code.

Each method returns an outcome, a JSON object whose `kind` is one of: lead, event_types, offer, link, booked, need, uncertain,
fallback, refused. Slots and event types are handles such as `slot_2`, resolved here.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from pipewise.bookings import BookingIntent, Bookings, intent_key
from pipewise.clock import Clock
from pipewise.connections import SchedulingConnection
from pipewise.errors import AuthFailed, ErrorBody, Outcome, PlatformError, SlotTaken, Unavailable
from pipewise.language.phrases import format_slot, format_timezone
from pipewise.language.times import rank_slots, read_time_wish, wish_is_empty
from pipewise.leads import Lead
from pipewise.scheduling import BookingRequest, EventType, Slot
from pipewise.storage.meetings import MeetingRow
from pipewise.turns import UsageRecord

SLOTS_OFFERED = 3
SEARCH_DAYS = 14
WIDER_SEARCH_DAYS = 30
LOOK_AHEAD = timedelta(minutes=1)
DEMO_URL = "https://calendly.com/pipewise-demo/intro-call"

Result = dict[str, Any]


@dataclass(frozen=True)
class DeskRules:
    """What holds for this account and turn. `effects`: whether the vendor may be written to."""

    effects: bool
    demo_link_allowed: bool
    default_timezone: str
    fallback_url: str | None = None


@dataclass
class Memory:
    """What the conversation knows of slots between turns: JSON, kept in the graph's state."""

    offered: list[dict[str, str]] = field(default_factory=list)  # {handle, start, raw_start, event_type}
    chosen: str | None = None
    awaiting: str | None = None


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
        self._connection = connection
        self._bookings = bookings
        self._clock = clock
        self._rules = rules
        self._language = language
        self._words = words
        self.memory = memory
        self.usage: list[UsageRecord] = []
        self.counters: dict[str, int] = {}
        self.error: PlatformError | None = None
        self._silent_vendor = silent_vendor
        self._event_types: tuple[EventType, ...] | None = None

    @property
    def timezone(self) -> str:
        return self.lead.timezone or self._rules.default_timezone

    @property
    def integration_id(self) -> str | None:
        return self._connection.integration.id if self._connection and self._connection.integration else None

    @property
    def mode(self) -> str:
        return str(self._connection.settings.mode) if self._connection else "slots"

    def describe_lead(self) -> Result:
        lead = self.lead
        return {
            "kind": "lead",
            "name": lead.name,
            "email": lead.email,
            "company": lead.company,
            "status": lead.status,
            "timezone": self.timezone,
            "meeting": lead.meeting.start_time.isoformat() if lead.meeting else None,
        }

    async def list_event_types(self) -> Result:
        """Kinds of meeting the host offers; the owner's choice first."""
        try:
            found = await self._types()
        except PlatformError as error:
            return self.fall_back(error)
        if not found:
            return self.fall_back(None)
        return {
            "kind": "event_types",
            "event_types": [
                {"handle": f"type_{number}", "name": one.name, "minutes": one.minutes}
                for number, one in enumerate(found, 1)
            ],
        }

    async def find_slots(self, event_type: str | None, wish: str | None) -> Result:
        """Real free times that fit what the lead said, as handles."""
        try:
            chosen = await self._resolve_type(event_type)
            if chosen is None:
                return self.fall_back(None)
            return await self._offer(chosen, wish or self._words, taken=False)
        except PlatformError as error:
            return self.fall_back(error)

    async def create_link(self, event_type: str | None) -> Result:
        """A single-use booking link that carries what is known of the lead. `event_type` is a handle."""
        try:
            return await self._create_link(await self._resolve_type(event_type))
        except PlatformError as error:
            return self.fall_back(error)

    async def create_link_for(self, event_type_uri: str | None) -> Result:
        """The same for a caller that names the event type by its URI."""
        if event_type_uri is None or self._connection is None:
            return await self.create_link(None)
        try:
            chosen = await self._timed("event_type", self._connection.client.event_type(event_type_uri))
            return await self._create_link(chosen)
        except PlatformError as error:
            return self.fall_back(error)

    async def _create_link(self, chosen: EventType | None) -> Result:
        if chosen is None or self._connection is None:
            return self.fall_back(None)
        if not self._rules.effects:
            return {"kind": "link", "url": chosen.scheduling_url, "title": chosen.name, "preview": True}
        link = await self._timed("create_link", self._connection.client.create_link(chosen.uri))
        self._count("links_created")
        expires = link.expires_at.isoformat() if link.expires_at else None
        return {"kind": "link", "url": personal_link(link.url, self.lead), "title": chosen.name, "expires_at": expires}

    async def schedule(self, slot: str) -> Result:
        """Book an offered slot for the lead, or say what is missing."""
        offered = next((one for one in self.memory.offered if one["handle"] == slot), None)
        if offered is None:
            return {"kind": "refused", "problem": f"{slot!r} was not offered; offer times first and use their handles."}
        if self._connection is None:
            return self.fall_back(None)
        self.memory.chosen = slot
        if not self.lead.email:
            return self._need("email", offered)
        if not self.lead.name:
            return self._need("name", offered)
        try:
            return await self._book(offered)
        except SlotTaken:
            return await self._offer_again(offered)
        except PlatformError as error:
            if error.outcome is Outcome.UNKNOWN:
                self._note_error(error)
                return {"kind": "uncertain", **self.when(datetime.fromisoformat(offered["start"]))}
            return self.fall_back(error)

    def fall_back(self, error: PlatformError | None) -> Result:
        """The honest way out: the owner's page if there is one, else a person; never an invented time."""
        if error:
            self._note_error(error)
        url = self._rules.fallback_url or (DEMO_URL if self._rules.demo_link_allowed else None)
        self._count("fallbacks")
        if error is None:
            message, code, retry_after = (
                "Calendly is not connected; connect it to book meetings.",
                "calendly_not_connected",
                None,
            )
        else:
            message, code, retry_after = error.message, error.code, error.retry_after
        body = ErrorBody(
            message,
            code,
            fallback_available=url is not None,
            manual_action_required=url is None or error is None or isinstance(error, AuthFailed),
            retry_after=retry_after,
        )
        self.memory.awaiting = None
        return {"kind": "fallback", "url": url, "fallback": True, "demo": url == DEMO_URL, "error": body.as_dict()}

    async def _book(self, offered: Mapping[str, str]) -> Result:
        assert self._connection is not None  # noqa: S101  the caller checked; tells the type checker
        start = datetime.fromisoformat(offered["start"])
        known = await self._bookings.find(self.lead, offered["event_type"], start)
        if known and known.status == "scheduled":
            return self._booked(known)
        event_type = await self._timed("event_type", self._connection.client.event_type(offered["event_type"]))
        missing = missing_answer(event_type, self.lead)
        if missing:
            return await self._hand_link(event_type, missing)
        if known is None and not await self._still_free(event_type, start):
            raise SlotTaken("That time is not free any more.", platform="calendly")
        if not self._rules.effects:
            return {"kind": "refused", "problem": "This run may not book; the lead's own turn does."}
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
        intent = BookingIntent(self.lead.account_id, self.lead, request, self._run_id)
        meeting = await self._timed("schedule_meeting", self._bookings.book(self._connection, intent))
        return self._booked(meeting)

    async def _still_free(self, event_type: EventType, start: datetime) -> bool:
        assert self._connection is not None  # noqa: S101  the caller checked; tells the type checker
        if start <= self._clock.now() + LOOK_AHEAD:
            return False
        wanted = self._connection.client.free_times(event_type.uri, start, start + timedelta(minutes=1))
        return any(slot.start == start for slot in await self._timed("available_times", wanted))

    async def _hand_link(self, event_type: EventType, missing: str) -> Result:
        """The host asks something that only the booking page can collect properly."""
        result = await self.create_link(None) if event_type else self.fall_back(None)
        return {**result, "missing": missing}

    async def _offer_again(self, offered: Mapping[str, str]) -> Result:
        try:
            assert self._connection is not None  # noqa: S101  the caller checked; tells the type checker
            event_type = await self._timed("event_type", self._connection.client.event_type(offered["event_type"]))
            return await self._offer(event_type, "", taken=True)
        except PlatformError as error:
            return self.fall_back(error)

    async def _offer(self, event_type: EventType, words: str, *, taken: bool) -> Result:
        now = self._clock.now()
        wish = read_time_wish(words, now=now, timezone=self.timezone)
        slots = await self._free_slots(event_type, now, self._horizon(wish.latest, now))
        starts = [slot.start for slot in slots]
        chosen = rank_slots(starts, wish, timezone=self.timezone, count=SLOTS_OFFERED)
        fits = bool(chosen)
        if not chosen:
            if not slots:
                slots = await self._free_slots(event_type, now, now + timedelta(days=WIDER_SEARCH_DAYS))
                starts = [slot.start for slot in slots]
            anything = read_time_wish("", now=now, timezone=self.timezone)
            chosen = rank_slots(starts, anything, timezone=self.timezone, count=SLOTS_OFFERED)
        if not chosen:
            return await self.create_link(None)
        by_start = {slot.start: slot for slot in slots}
        self._remember(event_type, [by_start[start] for start in chosen])
        return {
            "kind": "offer",
            "reason": "taken" if taken else "fits" if fits or wish_is_empty(wish) else "nearest",
            "title": event_type.name,
            "minutes": event_type.minutes,
            **self._shown(chosen),
        }

    def _remember(self, event_type: EventType, slots: list[Slot]) -> None:
        self.memory.offered = [
            {
                "handle": f"slot_{number}",
                "start": slot.start.isoformat(),
                "raw_start": slot.raw_start,
                "event_type": event_type.uri,
            }
            for number, slot in enumerate(slots, 1)
        ]
        self.memory.chosen = None
        self.memory.awaiting = "slot_choice"

    def _shown(self, starts: tuple[datetime, ...]) -> Result:
        return {
            "timezone": self.timezone,
            "timezone_label": format_timezone(self.timezone, starts[0]),
            "slots": [
                {
                    "handle": f"slot_{number}",
                    "start": start.isoformat(),
                    "label": format_slot(start, language=self._language, timezone=self.timezone),
                }
                for number, start in enumerate(starts, 1)
            ],
        }

    def _horizon(self, latest: Any, now: datetime) -> datetime:
        default = now + timedelta(days=SEARCH_DAYS)
        if latest is None:
            return default
        end = datetime.combine(latest, datetime.max.time(), ZoneInfo(self.timezone))
        return min(max(default, end), now + timedelta(days=WIDER_SEARCH_DAYS))

    async def _free_slots(self, event_type: EventType, now: datetime, end: datetime) -> tuple[Slot, ...]:
        assert self._connection is not None  # noqa: S101  the caller checked; tells the type checker
        wanted = self._connection.client.free_times(event_type.uri, now + LOOK_AHEAD, end)
        found: tuple[Slot, ...] = await self._timed("available_times", wanted)
        return found

    async def _types(self) -> tuple[EventType, ...]:
        if self._connection is None:
            return ()
        if self._event_types is None:
            preferred = self._connection.settings.event_type
            if preferred:
                self._event_types = (await self._timed("event_type", self._connection.client.event_type(preferred)),)
            else:
                self._event_types = await self._timed("event_types", self._connection.client.event_types())
        return self._event_types

    async def _resolve_type(self, handle: str | None) -> EventType | None:
        """A handle that was listed; without one, the owner's choice or the first that can be booked by slot."""
        found = await self._types()
        listed = {f"type_{number}": one for number, one in enumerate(found, 1)}
        if handle in listed:
            return listed[handle]
        return next((one for one in found if one.bookable and one.active), found[0] if found else None)

    def _need(self, what: str, offered: Mapping[str, str]) -> Result:
        self.memory.awaiting = what
        return {"kind": "need", "what": what, **self.when(datetime.fromisoformat(offered["start"]))}

    def _booked(self, meeting: MeetingRow) -> Result:
        self.memory.offered, self.memory.chosen, self.memory.awaiting = [], None, None
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

    def when(self, start: datetime) -> Result:
        return {
            "start": start.isoformat(),
            "when": format_slot(start, language=self._language, timezone=self.timezone),
            "timezone": self.timezone,
            "timezone_label": format_timezone(self.timezone, start),
        }

    async def _timed(self, action: str, call: Any) -> Any:
        if self._silent_vendor:
            # It did not answer a moment ago; the lead does not wait for that twice in one turn.
            call.close()
            raise self._silent_vendor
        started = time.perf_counter()
        ok = False
        try:
            result = await call
            ok = True
        except Unavailable as error:
            self._silent_vendor = error if error.outcome is not Outcome.UNKNOWN else None
            raise
        finally:
            elapsed = round((time.perf_counter() - started) * 1000)
            self.usage.append(UsageRecord("calendly", action, ok, elapsed))
        return result

    def _note_error(self, error: PlatformError) -> None:
        self.error = error

    def _count(self, name: str) -> None:
        self.counters[name] = self.counters.get(name, 0) + 1


def personal_link(url: str, lead: Lead) -> str:
    """The link with what is known of the lead filled in, and the lead's id as tracking, so that the booking finds its lead."""
    known = {"name": lead.name, "email": lead.email, "utm_source": "pipewise", "utm_content": lead.id}
    query = urlencode({name: value for name, value in known.items() if value})
    return f"{url}{'&' if '?' in url else '?'}{query}"


def missing_answer(event_type: EventType, lead: Lead) -> str | None:
    """The first required question that nothing known of the lead answers, or a place that must be named."""
    answered = {name for name, _ in known_answers(event_type, lead)}
    for question in event_type.questions:
        if question.required and question.name not in answered:
            return question.name
    needs_place = event_type.locations and all(place.needs_value for place in event_type.locations)
    return "location" if needs_place and not lead.phone else None


def known_answers(event_type: EventType, lead: Lead) -> tuple[tuple[str, str], ...]:
    """Answers that the lead's record gives: phone questions by the phone, free-text ones by the stated need."""
    answers: list[tuple[str, str]] = []
    for question in event_type.questions:
        if question.kind == "phone_number" and lead.phone:
            answers.append((question.name, lead.phone))
        elif question.kind in {"string", "text"} and question.required:
            need = lead.facts.get("need", {}).get("value") or lead.company
            if need:
                answers.append((question.name, str(need)))
    return tuple(answers)
