"""The engine of any number of processes on one PostgreSQL: wake-ups come through Procrastinate, timers from the tables."""

import asyncio

from pipewise.clock import Clock
from pipewise.engine.base import RunLane
from pipewise.engine.due_watch import DueWatch, Scan
from pipewise.engine.lane_tasks import LANES_PER_RUN, LaneTasks
from pipewise.engine.wake_queue import WakeQueue
from pipewise.storage import wake_ups
from pipewise.storage.database import Database, postgres_dsn
from pipewise.storage.tenancy import Purpose, for_every_account

# A lane that its worker deserted is in the tables alone: the lease and this look together are the wait of its lead.
LOOK_SECONDS = 2.0
AFTER_FINDING_SECONDS = 0.5


class PostgresEngine:
    """Every process looks for due lanes and enqueues what it finds; whichever has room takes it."""

    def __init__(
        self, database: Database, run_lane: RunLane, scan: Scan, clock: Clock, *, max_concurrent_runs: int
    ) -> None:
        self._database = database
        self._lanes = LaneTasks(run_lane, clock, most=LANES_PER_RUN * max_concurrent_runs)
        self._queue = WakeQueue(postgres_dsn(database.url), self._take)
        self._working: asyncio.Task[None] | None = None
        self._watch = DueWatch(
            scan,
            self._enqueue,
            clock,
            self._lanes.planned,
            longest=min(clock.recheck, LOOK_SECONDS),
            after_finding=AFTER_FINDING_SECONDS,
        )

    @property
    def active(self) -> int:
        return len(self._lanes)

    def wake(self, lead_id: str) -> None:
        """Nothing to do: the wake-up was committed with the work."""

    async def start(self) -> None:
        self._working = asyncio.create_task(self._queue.run(), name="wake-ups")
        self._watch.start()

    async def stop(self, grace_seconds: float) -> None:
        self._lanes.stop_taking()
        if self._working:
            self._working.cancel()
        await asyncio.gather(
            *([self._working] if self._working else []),
            self._watch.stop(grace_seconds),
            self._lanes.stop(grace_seconds),
            return_exceptions=True,
        )

    async def _take(self, lead_id: str) -> None:
        if lead_id not in self._lanes:
            await self._lanes.room()
        self._lanes.wake(lead_id)

    async def _enqueue(self, lead_ids: list[str]) -> None:
        missing = [lead_id for lead_id in lead_ids if lead_id not in self._lanes]
        if missing:
            with for_every_account(Purpose.LANES):
                async with self._database.write() as connection:
                    await wake_ups.enqueue_all(connection, missing)
