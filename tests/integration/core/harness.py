"""The core over a real database: inbox, worker and bookings, with the graph and the vendors played by fakes."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import httpx
from sqlalchemy import Table, func, insert, select

from pipewise import integrations as integration_rules
from pipewise.accepted import Accepted
from pipewise.audit import Audit
from pipewise.bookings import Bookings
from pipewise.bursts import BurstWindow
from pipewise.connections import Connections, MessagingConnection, SchedulingConnection
from pipewise.crash import CrashPoints
from pipewise.credential_reads import CredentialReads
from pipewise.events import EventKind, Identity, InboundEvent, OutboundMessage, ParsedDelivery, Sender
from pipewise.inbox import Inbox
from pipewise.leads import Lead
from pipewise.lease_keeper import RENEW_SECONDS, LeaseKeeper
from pipewise.log_mask import SecretMask
from pipewise.platforms.calendly.settings import CalendlySettings
from pipewise.platforms.registry import get_platform
from pipewise.settings import load_settings
from pipewise.storage import accounts, leads
from pipewise.storage.database import Database
from pipewise.storage.group_commit import GroupCommit
from pipewise.storage.integrations import Integration
from pipewise.storage.tables import events, follow_ups, messages, outbox
from pipewise.turns import TurnRequest, TurnResult
from pipewise.vault import Vault
from pipewise.waiting import Patience
from pipewise.worker import Worker
from tests.fakes import NOON, FixedClock
from tests.fakes_vendors import FakeCalendar, FakeMessenger

NUMBER_ID = "100000000000001"
ANA = "351911000001"
WHATSAPP = {
    "access_token": "planted-access-token",
    "phone_number_id": NUMBER_ID,
    "app_secret": "planted-app-secret",
    "verify_token": "planted-verify-token",
}
Answer = Callable[[TurnRequest], Awaitable[TurnResult]]


class RunningClock(FixedClock):
    """The wall stands still, monotonic time runs."""

    def monotonic(self) -> float:
        return time.monotonic()


class FakeConnections(Connections):
    """The integrations of the tables, with a messenger and a calendar that do as they are told."""

    messenger: FakeMessenger
    calendar: FakeCalendar | None

    def build_messaging(self, integration: Integration) -> MessagingConnection | None:
        settings = get_platform(integration.platform).settings.model_validate(integration.settings)
        return MessagingConnection(integration, settings, self.messenger)

    async def scheduling(self, account_id: str) -> SchedulingConnection | None:
        return SchedulingConnection("connected", self.calendar, CalendlySettings(), None) if self.calendar else None


class FakeTurns:
    """Stands for the graph: says back what it heard, unless `answer` says otherwise."""

    def __init__(self) -> None:
        self.requests: list[TurnRequest] = []
        self.answer: Answer = echo

    async def __call__(self, request: TurnRequest) -> TurnResult:
        self.requests.append(request)
        return await self.answer(request)


def heard(request: TurnRequest) -> str:
    return " | ".join(event.content["text"] for event in request.events)


def reply(text: str, **more: Any) -> TurnResult:
    return TurnResult(OutboundMessage(text), {}, **more)


async def echo(request: TurnRequest) -> TurnResult:
    return reply(f"You said: {heard(request)}")


class Core:
    """One process: `open_core` fills it. `woken` lists the leads that the inbox woke."""

    def __init__(self, database: Database, clock: FixedClock, *, burst: BurstWindow, patience: Patience) -> None:
        self.database, self.clock = database, clock
        self.vault = Vault(["the test's master key"])
        self.commits = GroupCommit(database)
        crash = CrashPoints()
        reads = CredentialReads(database, self.vault, Audit(self.vault), clock, SecretMask())
        self.connections = FakeConnections(
            database, self.vault, httpx.AsyncClient(), clock, load_settings(_env_file=None), reads
        )
        self.messenger = self.connections.messenger = FakeMessenger()
        self.calendar = self.connections.calendar = FakeCalendar()
        self.bookings = Bookings(database, self.vault, clock, crash, reconcile_waits=(0.0, 0.0))
        self.turns = FakeTurns()
        self.woken: list[str] = []
        self.inbox = Inbox(self.commits, self.vault, clock, crash, self._wake)
        self._worker_parts = {"burst": burst, "patience": patience, "max_concurrent_runs": 8}
        self.worker = self.new_worker()
        self.account_id = ""
        self.whatsapp: Integration

    def _wake(self, lead_id: str) -> None:
        self.woken.append(lead_id)
        self.worker.note_arrival(lead_id)

    def new_worker(self, clock: FixedClock | None = None, *, renew_every: float = RENEW_SECONDS) -> Worker:
        return Worker(
            self.database,
            self.connections,
            clock or self.clock,
            CrashPoints(),
            self.turns,
            leases=LeaseKeeper(self.database, every=renew_every),
            **self._worker_parts,  # type: ignore[arg-type]
        )

    async def set_up(self) -> None:
        platform = get_platform("whatsapp")
        async with self.database.write() as connection:
            user = await accounts.add_user(connection, "owner@shop.example", accounts.Role.ADMIN, NOON)
            self.account_id = user.account_id
            self.whatsapp = await integration_rules.connect(
                connection,
                self.vault,
                self.account_id,
                platform,
                name=None,
                credentials=platform.credentials.model_validate(WHATSAPP),
                settings=platform.settings(),
                now=NOON,
            )

    # What the vendors deliver

    def message(
        self, text: str, *, key: str | None = None, sender: str = ANA, at: datetime | None = None, **more: Any
    ) -> InboundEvent:
        who = Sender((Identity("whatsapp", sender),), name="Ana", phone=f"+{sender}")
        content = {"type": "text", "text": text, "vendor_id": f"wamid.{key or text}"}
        return InboundEvent(
            EventKind.MESSAGE, f"message:{key or text}", at or self.clock.now(), who, content, NUMBER_ID, **more
        )

    def status(self, status: str, *, callback: str | None = None, vendor_id: str = "wamid.x") -> InboundEvent:
        content = {"vendor_id": vendor_id, "callback": callback, "status": status}
        if status == "failed":
            content["error"] = {"code": "131026", "message": "The number is not on WhatsApp."}  # type: ignore[assignment]
        key = f"status:{vendor_id}:{status}"
        return InboundEvent(EventKind.STATUS, key, self.clock.now(), None, content, NUMBER_ID)

    async def deliver(self, *items: InboundEvent, **more: Any) -> Accepted:
        return await self.inbox.accept(self.account_id, self.whatsapp, "whatsapp", ParsedDelivery(items, **more))

    async def hear(self, text: str, **more: Any) -> str:
        """The lead writes; returns its id."""
        accepted = await self.deliver(self.message(text, **more))
        assert accepted.lead_id
        return accepted.lead_id

    # What became of it

    async def planned(self) -> list[Mapping[str, Any]]:
        """Follow-ups by step, whatever became of them."""
        found = await self.rows(follow_ups)
        return sorted(found, key=lambda row: (row["created_at"], row["step"]))

    async def lead(self, lead_id: str) -> Lead:
        async with self.database.read() as connection:
            return await leads.get_lead(connection, self.account_id, lead_id)

    async def rows(self, table: Table, *conditions: Any) -> list[Mapping[str, Any]]:
        key = next((name for name in ("seq", "id") if name in table.c), table.c[0].name)
        async with self.database.read() as connection:
            found = await connection.execute(select(table).where(*conditions).order_by(table.c[key]))
            return [dict(row) for row in found.mappings()]

    async def count(self, table: Table) -> int:
        async with self.database.read() as connection:
            return int((await connection.execute(select(func.count()).select_from(table))).scalar_one())

    async def event_states(self) -> list[str]:
        return [row["status"] for row in await self.rows(events)]

    async def sent_statuses(self) -> list[str]:
        return [row["status"] for row in await self.rows(messages, messages.c.direction == "out")]

    async def outbox_states(self) -> list[str]:
        return [row["state"] for row in await self.rows(outbox)]

    async def put(self, table: Table, **values: Any) -> None:
        async with self.database.write() as connection:
            await connection.execute(insert(table).values(values))


@asynccontextmanager
async def open_core(
    database: Database,
    *,
    clock: FixedClock | None = None,
    burst: BurstWindow | None = None,
    patience: Patience | None = None,
) -> AsyncIterator[Core]:
    core = Core(database, clock or FixedClock(), burst=burst or BurstWindow(0, 0), patience=patience or Patience())
    await core.set_up()
    yield core
    await core.commits.close()


async def soon(check: Callable[[], bool], seconds: float = 5.0) -> None:
    """Wait until it holds."""
    async with asyncio.timeout(seconds):
        while not check():  # noqa: ASYNC110  what is waited for knows nothing of the test
            await asyncio.sleep(0.005)


PARKED = timedelta(seconds=301)
