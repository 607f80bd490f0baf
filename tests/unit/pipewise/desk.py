"""A scheduling desk with a calendar that does as it is told and bookings without a database."""

from datetime import datetime, timedelta
from typing import Any, cast

from pipewise.bookings import BookingIntent, Bookings
from pipewise.connections import SchedulingConnection
from pipewise.leads import Lead, Status
from pipewise.platforms.calendly.settings import CalendlySettings
from pipewise.scheduling import EventType
from pipewise.scheduling_desk import DeskRules, Memory, SchedulingDesk
from pipewise.storage.meetings import MeetingRow
from tests.fakes import NOON, FixedClock
from tests.fakes_vendors import BASE, CALL, FakeCalendar

LEAD = Lead("lead", "account", Status.NEW, NOON, NOON, name="Ana", email="ana@silva.example", timezone="Europe/Lisbon")
FREE = tuple(NOON + timedelta(days=day, hours=hour) for day in (1, 2, 3) for hour in (-2, 1, 3))


class FakeBookings:
    """Books at the calendar without a database in between. `known` is what an earlier turn left."""

    def __init__(self, known: MeetingRow | None = None) -> None:
        self.known = known
        self.intents: list[BookingIntent] = []

    async def find(self, _lead: Lead, _event_type: str, _start: datetime) -> MeetingRow | None:
        return self.known

    async def book(self, connection: SchedulingConnection, intent: BookingIntent) -> MeetingRow:
        self.intents.append(intent)
        await connection.client.book(intent.request)
        return meeting(intent.request.slot.start)


def meeting(start: datetime, status: str = "scheduled") -> MeetingRow:
    return MeetingRow(
        id="meeting",
        account_id="account",
        lead_id="lead",
        integration_id=None,
        intent_key="key",
        status=status,
        source="pipewise",
        event_type=CALL.uri,
        title="Intro call",
        event_uri=f"{BASE}/scheduled_events/EV1",
        invitee_uri=None,
        start_time=start,
        end_time=start + timedelta(minutes=30),
        timezone="Europe/Lisbon",
        invitee={"email": LEAD.email},
        join_url="https://meet.example/room",
        links=None,
        history=[],
        version=1,
        run_id=None,
        created_at=NOON,
        updated_at=NOON,
    )


class Opened:
    """A desk with its fakes at hand."""

    def __init__(self, *types: EventType, lead: Lead = LEAD, known: MeetingRow | None = None, **more: Any) -> None:
        self.calendar = FakeCalendar(*types, free=more.pop("free", FREE))
        self.bookings = FakeBookings(known)
        self.clock = FixedClock()
        settings = CalendlySettings(**more.pop("settings", {}))
        connected = SchedulingConnection("connected", self.calendar, settings, None)
        rules = DeskRules(more.pop("effects", True), more.pop("demo", False), "UTC", more.pop("page", None))
        connection = connected if more.pop("connected", True) else None
        self.desk = SchedulingDesk(
            lead,
            "run",
            connection,
            cast("Bookings", self.bookings),
            self.clock,
            rules,
            Memory(),
            language=more.pop("language", "en"),
            words=more.pop("words", ""),
            **more,
        )

    async def picked(self, number: int = 1) -> dict[str, Any]:
        await self.desk.find_slots(None, None)
        return await self.desk.schedule(f"slot_{number}")
