"""A desk writes to vendors for a lead's own turn, while it runs, and for nothing else."""

from typing import Any, cast

import pytest

from pipewise.account_settings import AccountSettings, TeamHost
from pipewise.assignment import Assignment
from pipewise.connections import Connections, SchedulingConnection
from pipewise.desk_builder import DeskBuilder, LiveTurns
from pipewise.lead_desk import LeadDesk
from pipewise.leads import Lead
from pipewise.platforms.calendly.settings import CalendlySettings
from pipewise.scheduling_desk import Memory, SchedulingDesk
from pipewise.settings import load_settings
from pipewise.storage.lanes import Lease
from tests.fakes import FixedClock
from tests.fakes_vendors import FakeCalendar
from tests.unit.pipewise.desk import FREE, LEAD, FakeBookings

RUN = "run"


class OneLead:
    async def load(self, _account_id: str, _lead_id: str) -> Lead:
        return LEAD

    async def settings(self, _account_id: str) -> AccountSettings:
        return AccountSettings(company="Shop", timezone="Europe/Lisbon")

    async def assign_host(self, lead: Lead, hosts: tuple[TeamHost, ...]) -> Assignment | None:
        return Assignment(hosts[0].email, "the only host") if hosts else None


class OneCalendar:
    def __init__(self) -> None:
        self.calendar = FakeCalendar(free=FREE)

    async def scheduling(self, _account_id: str) -> SchedulingConnection:
        return SchedulingConnection("connected", self.calendar, CalendlySettings(), None)


def build() -> tuple[DeskBuilder, FakeBookings]:
    bookings: Any = FakeBookings()
    leads, connections = cast("LeadDesk", OneLead()), cast("Connections", OneCalendar())
    settings = load_settings(_env_file=None)
    return DeskBuilder(leads, connections, bookings, FixedClock(), settings, LiveTurns()), bookings


async def open_desk(builder: DeskBuilder) -> SchedulingDesk:
    return await builder.open("account", "lead", RUN, memory=Memory(), learned={}, language="en", words="")


async def pick(desk: SchedulingDesk) -> str:
    await desk.find_slots(None, None)
    return str((await desk.schedule("slot_1"))["kind"])


@pytest.mark.parametrize("state", ["never begun", "ended", "another's"])
async def test_only_a_live_turn_may_write_to_vendors(state: str) -> None:
    builder, bookings = build()
    if state != "never begun":
        builder.live_turns.begin("another run" if state == "another's" else RUN)
    if state == "ended":
        builder.live_turns.end(RUN)
    assert await pick(await open_desk(builder)) == "preview"
    assert bookings.intents == []


async def test_a_live_turn_books_under_the_lease_of_its_lane() -> None:
    builder, bookings = build()
    lease = Lease("account", "lead", "a worker", 7)
    builder.live_turns.begin(RUN, lease)
    desk = await open_desk(builder)
    assert await open_desk(builder) is desk
    assert await pick(desk) == "booked"
    assert [intent.lease for intent in bookings.intents] == [lease]
    builder.close(RUN)
    builder.live_turns.end(RUN)
    assert await pick(await open_desk(builder)) == "preview"
