"""What a turn's steps work with, seen through its journal: each answer is recorded, or taken from the record."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, NoReturn
from weakref import WeakKeyDictionary

from pipewise.account_settings import AccountSettings, TeamHost
from pipewise.assignment import Assignment
from pipewise.bookings import BookingIntent, Bookings
from pipewise.clock import Clock
from pipewise.connections import SchedulingConnection
from pipewise.errors import Outcome, Unavailable
from pipewise.journal import Journal, ask, current_journal
from pipewise.journal_codec import Codec, plain, typed
from pipewise.knowledge import Found
from pipewise.knowledge_folders import KnowledgeFolders
from pipewise.lead_desk import LeadDesk
from pipewise.leads import Lead
from pipewise.meeting_links import MeetingLinks
from pipewise.platforms.registry import get_platform
from pipewise.scheduling import BookingRequest, EventType, Host, SchedulingClient, SchedulingLink, Slot
from pipewise.scheduling_desk import SchedulingDesk
from pipewise.settings_document import read_settings
from pipewise.settings_reader import SettingsReader
from pipewise.storage.database import Database
from pipewise.storage.integrations import Integration
from pipewise.storage.meetings import MeetingRow

MEETING = MeetingRow | None
ASSIGNED = Assignment | None


class JournaledLeads(LeadDesk):
    """The lead desk of a turn's steps: they all see the lead as it was when the turn began."""

    def __init__(self, database: Database, clock: Clock, settings: SettingsReader) -> None:
        super().__init__(database, clock, settings)
        self._read: WeakKeyDictionary[Journal, AccountSettings] = WeakKeyDictionary()

    async def load(self, account_id: str, lead_id: str) -> Lead:
        journal = current_journal()
        if journal and journal.lead and journal.lead.id == lead_id:
            return journal.lead
        lead: Lead = await ask(
            "lead", [account_id, lead_id], lambda: super(JournaledLeads, self).load(account_id, lead_id), typed(Lead)
        )
        return lead

    async def settings(self, account_id: str) -> AccountSettings:
        """Asked for once a turn, so all its steps go by the same; recorded as what was set, without the defaults."""
        journal = current_journal()
        if journal and journal in self._read:
            return self._read[journal]
        document = await ask("settings", account_id, lambda: self._settings.read_document(account_id), plain())
        settings = read_settings(document)
        if journal:
            self._read[journal] = settings
        return settings

    async def assign_host(self, lead: Lead, hosts: tuple[TeamHost, ...]) -> Assignment | None:
        if lead.owner or not hosts:
            return await super().assign_host(lead, hosts)
        look = super().assign_host
        found: Assignment | None = await ask("host", lead.id, lambda: look(lead, hosts), typed(ASSIGNED))
        return found


class JournaledKnowledge(KnowledgeFolders):
    """What is written down, as it stood when the turn asked: the folder may change afterwards."""

    async def find(self, folder: str, question: str) -> tuple[Found, ...]:
        look = super().find
        found: tuple[Found, ...] = await ask(
            "knowledge", [folder, question], lambda: look(folder, question), typed(tuple[Found, ...])
        )
        return found


class JournaledBookings(Bookings):
    """Bookings of a turn's steps. Their own intents keep them single, whatever becomes of the journal."""

    async def find(self, lead: Lead, event_type: str, start: datetime) -> MeetingRow | None:
        asked = [lead.id, event_type, start.isoformat()]

        async def look() -> MeetingRow | None:
            found = await super(JournaledBookings, self).find(lead, event_type, start)
            return _without_links(found) if found else None

        meeting: MeetingRow | None = await ask("booking.find", asked, look, typed(MEETING))
        return meeting

    async def book(self, connection: SchedulingConnection, intent: BookingIntent) -> MeetingRow:
        asked = booking_asked(intent.request)

        async def book() -> MeetingRow:
            return _without_links(await super(JournaledBookings, self).book(connection, intent))

        meeting: MeetingRow = await ask("booking.book", asked, book, typed(MeetingRow), lasting=True)
        return meeting


def booking_asked(request: BookingRequest) -> list[Any]:
    """What names a booking in a journal."""
    return [request.key, request.name, request.email, request.timezone, request.location_value, request.answers]


class JournaledLinks(MeetingLinks):
    """The links by which a lead changes its meeting."""

    async def change_outcome(self, desk: SchedulingDesk, meeting_id: str) -> dict[str, Any] | None:
        found: dict[str, Any] | None = await ask(
            "meeting.links", meeting_id, lambda: super(JournaledLinks, self).change_outcome(desk, meeting_id), plain()
        )
        return found


class Disconnected:
    """Stands in for a calendar that is not connected any more, or in a replay, where nobody is asked."""

    async def _refuse(self, *_: Any) -> NoReturn:
        raise Unavailable("The calendar was disconnected meanwhile.", platform="calendly", outcome=Outcome.NOT_SENT)

    host = event_types = event_type = free_times = create_link = find_booking = book = booking = _refuse


class JournaledScheduler:
    """The part of a scheduling client that a turn uses."""

    def __init__(self, client: SchedulingClient) -> None:
        self._client = client
        # Used inside the one step of a booking, which is recorded as a whole.
        self.find_booking, self.book, self.booking = client.find_booking, client.book, client.booking

    async def host(self) -> Host:
        found: Host = await ask("calendar.host", None, self._client.host, typed(Host))
        return found

    async def event_types(self) -> tuple[EventType, ...]:
        kind = typed(tuple[EventType, ...])
        found: tuple[EventType, ...] = await ask("calendar.event_types", None, self._client.event_types, kind)
        return found

    async def event_type(self, uri: str) -> EventType:
        found: EventType = await ask("calendar.event_type", uri, lambda: self._client.event_type(uri), typed(EventType))
        return found

    async def free_times(self, event_type: str, start: datetime, end: datetime) -> tuple[Slot, ...]:
        found: tuple[Slot, ...] = await ask(
            "calendar.free_times",
            [event_type, start.isoformat(), end.isoformat()],
            lambda: self._client.free_times(event_type, start, end),
            SLOTS,
        )
        return found

    async def create_link(self, event_type: str) -> SchedulingLink:
        link: SchedulingLink = await ask(
            "calendar.create_link",
            event_type,
            lambda: self._client.create_link(event_type),
            typed(SchedulingLink),
            lasting=True,
        )
        return link


def _encode_slots(slots: tuple[Slot, ...]) -> list[list[str]]:
    return [[slot.raw_start, slot.event_type, slot.start.isoformat()] for slot in slots]


def _decode_slots(rows: list[list[str]]) -> tuple[Slot, ...]:
    return tuple(Slot(datetime.fromisoformat(start), raw, event_type) for raw, event_type, start in rows)


# A calendar may have hundreds of free times: written out by hand, since each would cost its names again.
SLOTS: Codec[tuple[Slot, ...]] = Codec(_encode_slots, _decode_slots)


async def ask_connection(
    account_id: str, look: Callable[[str], Awaitable[SchedulingConnection | None]], *, demo_link_allowed: bool
) -> tuple[SchedulingConnection | None, bool]:
    """The account's scheduling connection with a client that is seen through the journal, and whether a demo link may stand in."""
    journal = current_journal()
    live = None if journal and journal.replaying else await look(account_id)

    async def describe() -> dict[str, Any]:
        return {"connection": _describe(live), "demo": demo_link_allowed}

    described: Mapping[str, Any] = await ask("calendar", account_id, describe, plain())
    if described["connection"] is None:
        return None, described["demo"]
    connection = _restore(described["connection"])
    nobody: Any = Disconnected()
    # Another calendar may have been connected since an earlier try: what that one learned is not asked of this one.
    is_same = live is not None and _identity(live) == _identity(connection)
    client: Any = JournaledScheduler(live.client if live and is_same else nobody)
    return replace(connection, client=client), described["demo"]


def _identity(connection: SchedulingConnection) -> tuple[str, str | None]:
    return connection.origin, connection.integration.id if connection.integration else None


def _describe(connection: SchedulingConnection | None) -> dict[str, Any] | None:
    if connection is None:
        return None
    integration = connection.integration
    bare = replace(integration, credentials=None, previous_credentials=None) if integration else None
    return {
        "origin": connection.origin,
        "settings": connection.settings.model_dump(mode="json"),
        "integration": typed(Integration).encode(bare) if bare else None,
    }


def _restore(described: Mapping[str, Any]) -> SchedulingConnection:
    """Without a client: in a replay nobody is asked."""
    integration: Integration | None = None
    if described["integration"]:
        integration = typed(Integration).decode(described["integration"])
    settings = get_platform("calendly").settings.model_validate(described["settings"])
    nobody: Any = None
    return SchedulingConnection(described["origin"], nobody, settings, integration)


def _without_links(meeting: MeetingRow) -> MeetingRow:
    """The sealed links are bound to their row and say nothing to a turn."""
    return replace(meeting, links=None)
