"""What every engine must do, over its own kind of database, with the lanes' tables and a lane that only counts."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text, update

from pipewise.engine.base import Engine
from pipewise.engine.embedded import EmbeddedEngine
from pipewise.engine.postgres import PostgresEngine
from pipewise.inbox import Inbox
from pipewise.storage import lanes
from pipewise.storage.tables import lanes as lane_table
from tests.fakes import NOON
from tests.integration.core.harness import Core, soon


class CountedLanes:
    """Takes and gives back lanes like the worker, and does nothing in between but wait for the door."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self.runs: Counter[str] = Counter()
        self.running: Counter[str] = Counter()
        self.most = 0
        self.cancelled = 0
        self.later: datetime | None = None
        self.door = asyncio.Event()
        self.door.set()

    async def run(self, lead_id: str) -> datetime | None:
        async with self._core.database.write() as connection:
            lease = await lanes.take(connection, lead_id, "this process")
        if lease is None:
            return None
        self.runs[lead_id] += 1
        self.running[lead_id] += 1
        self.most = max(self.most, self.running[lead_id])
        try:
            await self.door.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        finally:
            self.running[lead_id] -= 1
            # Worked out anew at each run, as the worker does: a wake-up may come early.
            later = self.later if self.later and self._core.clock.now() < self.later else None
            await asyncio.shield(self._give_back(lease, later))
        return later

    async def _give_back(self, lease: lanes.Lease, later: datetime | None) -> None:
        async with self._core.database.write() as connection:
            await lanes.release(connection, lease, later)


@pytest.fixture
def counted(core: Core) -> CountedLanes:
    return CountedLanes(core)


@pytest.fixture
async def engine(core: Core, counted: CountedLanes) -> AsyncIterator[Engine]:
    scan, database = core.worker.scan, core.database
    made: Engine = (
        EmbeddedEngine(counted.run, scan, core.clock)
        if database.dialect == "sqlite"
        else PostgresEngine(database, counted.run, scan, core.clock, max_concurrent_runs=4)
    )
    core.inbox = Inbox(core.commits, core.vault, core.clock, core.inbox._crash, made.wake)
    await made.start()
    yield made
    counted.door.set()
    await made.stop(5)


async def test_a_lead_is_woken_by_the_work_that_comes(core: Core, engine: Engine, counted: CountedLanes) -> None:
    lead_id = await core.hear("hi")
    await soon(lambda: counted.runs[lead_id] > 0 and engine.active == 0, 20)


async def test_a_lead_is_woken_at_a_time(core: Core, engine: Engine, counted: CountedLanes) -> None:
    counted.later = NOON + timedelta(minutes=5)
    lead_id = await core.hear("hi")
    await soon(lambda: counted.runs[lead_id] > 0 and engine.active == 0, 20)
    await asyncio.sleep(1.0)
    before = counted.runs[lead_id]
    await asyncio.sleep(0.5)
    assert counted.runs[lead_id] == before
    core.clock.advance(minutes=5)
    await soon(lambda: counted.runs[lead_id] > before, 20)


async def test_work_that_comes_during_a_run_leads_to_another(core: Core, engine: Engine, counted: CountedLanes) -> None:
    counted.door.clear()
    lead_id = await core.hear("hi")
    await soon(lambda: counted.running[lead_id] == 1, 20)
    started = counted.runs[lead_id]
    await core.hear("are you there?")
    await asyncio.sleep(0.2)
    assert counted.runs[lead_id] == started
    counted.door.set()
    await soon(lambda: counted.runs[lead_id] > started and engine.active == 0, 20)
    assert counted.most == 1


async def test_what_was_due_before_the_start_is_found(core: Core, counted: CountedLanes) -> None:
    lead_id = await core.hear("hi")
    if core.database.dialect == "postgresql":
        async with core.database.write() as connection:
            await connection.execute(text("DELETE FROM procrastinate_jobs"))
    async for _ in engine.__wrapped__(core, counted):  # type: ignore[attr-defined]  the fixture's own function
        await soon(lambda: counted.runs[lead_id] > 0, 20)


async def test_a_deserted_lane_is_found(core: Core, engine: Engine, counted: CountedLanes) -> None:
    lead_id = await core.hear("hi")
    await soon(lambda: counted.runs[lead_id] > 0 and engine.active == 0, 20)
    before = counted.runs[lead_id]
    async with core.database.write() as connection:
        assert await lanes.take(connection, lead_id, "dead")
        await connection.execute(update(lane_table).values(leased_until=lanes.DatabaseSeconds() - 1))
    await soon(lambda: counted.runs[lead_id] > before, 20)


async def test_a_stop_takes_nothing_new_and_ends_what_is_late(
    core: Core, engine: Engine, counted: CountedLanes
) -> None:
    counted.door.clear()
    lead_id = await core.hear("hi")
    await soon(lambda: counted.running[lead_id] == 1, 20)
    stopping = asyncio.create_task(engine.stop(0.5))
    await asyncio.sleep(0.1)
    other = await core.hear("hi", key="2", sender="351911000002")
    await stopping
    assert engine.active == 0
    assert (counted.cancelled, counted.runs[other]) == (1, 0)
    async with core.database.read() as connection:
        assert other in await lanes.list_due(connection, core.clock.now())
