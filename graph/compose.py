"""Composition of the whole: resources, models, graph, worker, engine; used by the API, Studio and embedding code."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx

from graph.capabilities import describe_capabilities
from graph.checkpoints import Checkpoints, open_checkpoints
from graph.fork import Changes, Forks
from graph.http_runs import HttpRuns
from graph.journaled_models import JournaledModels
from graph.main import Collaborators, build_graph
from graph.models import open_models
from graph.protocol import GraphProtocol
from graph.scheduling import ScheduleRequest, schedule_meeting
from graph.turns import GraphTurns
from graph.versions import read_versions
from pipewise.budget import ModelBudget
from pipewise.bursts import BurstWindow
from pipewise.desk_builder import DeskBuilder, LiveTurns
from pipewise.engine.base import Engine, RunLane
from pipewise.engine.due_watch import Scan
from pipewise.engine.embedded import EmbeddedEngine
from pipewise.engine.idle import IdleEngine
from pipewise.engine.lane_tasks import LANES_PER_RUN
from pipewise.engine.postgres import PostgresEngine
from pipewise.inbox import Inbox
from pipewise.journal import TurnClock
from pipewise.journaled import JournaledBookings, JournaledKnowledge, JournaledLeads, JournaledLinks
from pipewise.language.intent_model import load_intent_model
from pipewise.language.late_intent_model import LateIntentModel
from pipewise.lease_keeper import LeaseKeeper
from pipewise.notice_listener import listening
from pipewise.resources import Resources, open_resources
from pipewise.settings import Settings
from pipewise.storage import lanes, notices
from pipewise.storage import outbox as outbox_rows
from pipewise.storage.database import Database, postgres_dsn
from pipewise.turn_journals import TurnJournals
from pipewise.turns import TurnRequest, TurnResult
from pipewise.upkeep import keeping_up
from pipewise.worker import Worker

STOP_SECONDS = 10.0


@dataclass(frozen=True)
class Application:
    """One process of PipeWise."""

    resources: Resources
    inbox: Inbox
    engine: Engine
    worker: Worker
    turns: GraphTurns
    desks: DeskBuilder
    http_runs: HttpRuns
    protocol: GraphProtocol
    forks: Forks

    async def fork(self, account_id: str, lead_id: str, run_id: str, changes: Changes) -> dict[str, Any]:
        """What would have happened, beside what did."""
        return await self.forks.fork(account_id, lead_id, run_id, changes)

    @property
    def overdue_alerts(self) -> int:
        """Hand-offs that this process found to be overdue."""
        return self.worker.follow_ups.alerts

    async def capabilities(self, account_id: str) -> dict[str, Any]:
        return await describe_capabilities(self.resources, account_id)

    async def schedule(self, account_id: str, request: ScheduleRequest) -> dict[str, Any]:
        """The body of POST /api/meetings."""
        return await schedule_meeting(self.resources, self.desks, account_id, request)

    async def forget_conversations(self, account_id: str, lead_id: str) -> None:
        """Those on other threads than the lead's own, and crons; while the lead is still there to be found."""
        await self.protocol.forget_lead(account_id, lead_id)

    async def forget_thread(self, account_id: str, lead_id: str) -> None:
        await self.turns.forget(account_id, lead_id)


@asynccontextmanager
async def open_application(
    settings: Settings, *, with_worker: bool = True, transport: httpx.AsyncBaseTransport | None = None
) -> AsyncIterator[Application]:
    """Open everything, start the engine if this process works, close in reverse."""
    async with (
        open_resources(settings, transport=transport) as resources,
        open_collaborators(resources, LateIntentModel()) as parts,
        open_checkpoints(settings, resources.vault) as checkpoints,
    ):
        application = _assemble(resources, parts, checkpoints, with_worker=with_worker)
        if with_worker:
            await _take_over(resources.database, resources)
        async with (
            _hearing_others(application, works=with_worker),
            keeping_up(resources, application.inbox, application.engine.wake) if with_worker else nullcontext(),
        ):
            await application.engine.start()
            await application.protocol.open()
            loading = asyncio.create_task(parts.intents.load())  # ready without it: the rules answer until it is there
            try:
                yield application
            finally:
                await application.protocol.close()
                await application.engine.stop(STOP_SECONDS)
                await loading


@asynccontextmanager
async def _hearing_others(application: Application, *, works: bool) -> AsyncIterator[None]:
    """An embedded process is alone; on PostgreSQL any other may change the configuration, or accept a message, which only
    processes that work want to know of."""
    resources = application.resources
    if resources.settings.is_embedded:
        yield
        return
    handlers: dict[str, Callable[[str], None]] = {notices.CONFIG: lambda _: resources.caches.forget_all()}
    if works:
        handlers[notices.ARRIVALS] = application.worker.note_arrival
    async with listening(postgres_dsn(resources.database.url), handlers, resources.caches.forget_all):
        yield


@asynccontextmanager
async def open_collaborators(
    resources: Resources, intents: LateIntentModel | None = None
) -> AsyncIterator[Collaborators]:
    """What the graph's steps work with. `intents` is read in by whoever gives it; else it is there from the start."""
    clock = TurnClock(resources.clock)
    leads = JournaledLeads(resources.database, resources.clock, resources.account_settings)
    bookings = JournaledBookings(resources.database, resources.vault, resources.clock, resources.crash)
    desks = DeskBuilder(leads, resources.connections, bookings, clock, resources.settings, LiveTurns())
    budget = ModelBudget(
        resources.database, resources.clock, resources.settings.daily_model_budget_usd, resources.account_settings
    )
    if intents is None:
        intents = LateIntentModel(await asyncio.to_thread(load_intent_model))
    async with open_models(resources.settings, budget.allows, budget) as models:
        yield Collaborators(
            clock=clock,
            leads=leads,
            desks=desks,
            links=JournaledLinks(resources.database, resources.vault),
            models=JournaledModels(models),
            knowledge=JournaledKnowledge(resources.settings.data_dir),
            intents=intents,
            priority=resources.priority,
        )


def _assemble(
    resources: Resources, parts: Collaborators, checkpoints: Checkpoints, *, with_worker: bool
) -> Application:
    settings = resources.settings
    journals = TurnJournals(resources.vault, resources.commits, resources.clock, read_versions())
    compiled = build_graph(parts).compile(checkpointer=checkpoints.saver, name="pipewise")
    turns = GraphTurns(
        compiled, checkpoints, parts.desks, journals, parts.intents, has_provider=parts.models.has_provider
    )

    async def run_turn(request: TurnRequest) -> TurnResult:
        result = await turns.run(request)
        await resources.priority.give_way(request.account_id)
        return result

    leases = LeaseKeeper(resources.database)
    worker = Worker(
        resources.database,
        resources.connections,
        resources.clock,
        resources.crash,
        run_turn,
        burst=BurstWindow(settings.burst_ms / 1000, settings.burst_max_ms / 1000),
        max_concurrent_runs=settings.max_concurrent_runs,
        leases=leases,
    )

    async def run_lane(lead_id: str) -> datetime | None:
        await resources.priority.give_way()
        return await worker.run_lane(lead_id)

    engine = _open_engine(resources, run_lane, worker.scan) if with_worker else IdleEngine()

    def wake(lead_id: str) -> None:
        if with_worker:
            worker.note_arrival(lead_id)
        engine.wake(lead_id)

    inbox = Inbox(resources.commits, resources.vault, resources.clock, resources.crash, wake)
    http_runs = HttpRuns(resources, turns, parts.leads, leases, engine.wake)
    protocol = GraphProtocol(resources, http_runs, checkpoints, adopts=with_worker)
    return Application(
        resources, inbox, engine, worker, turns, parts.desks, http_runs, protocol, Forks(resources, parts)
    )


def _open_engine(resources: Resources, run_lane: RunLane, scan: Scan) -> Engine:
    if resources.settings.is_embedded:
        most = LANES_PER_RUN * resources.settings.max_concurrent_runs
        return EmbeddedEngine(run_lane, scan, resources.clock, most)
    most = resources.settings.max_concurrent_runs
    return PostgresEngine(resources.database, run_lane, scan, resources.clock, max_concurrent_runs=most)


async def _take_over(database: Database, resources: Resources) -> None:
    """An embedded start is alone: the former process's leases are void, and what it was sending has an unknown end."""
    if not resources.settings.is_embedded:
        return
    now = resources.clock.now()
    async with database.write() as connection:
        await lanes.release_all(connection, now)
        for account_id, lead_id in await outbox_rows.interrupt_sending(connection, now):
            await lanes.mark_due(connection, account_id, lead_id, now)
