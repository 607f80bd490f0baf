"""A wake-up whose worker died with it in hand is taken by another; nothing in the tables would wake its lane."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text, update

from pipewise.engine.postgres import PostgresEngine
from pipewise.storage.database import open_database
from pipewise.storage.tables import lanes
from tests.integration.core.harness import Core, open_core, soon
from tests.integration.core.test_engines import CountedLanes
from tests.integration.core.test_wake_ups import jobs


@pytest.fixture
async def shared(postgres_ready: str) -> AsyncIterator[Core]:
    database = open_database(postgres_ready)
    async with open_core(database) as opened:
        yield opened
    await database.close()


async def test_a_wake_up_of_a_worker_that_is_gone_is_taken_by_another(shared: Core) -> None:
    lead_id = await shared.hear("hi")
    async with shared.database.write() as connection:
        await connection.execute(
            text(
                "WITH gone AS (INSERT INTO procrastinate_workers (last_heartbeat)"
                " VALUES (now() - interval '1 minute') RETURNING id)"
                " UPDATE procrastinate_jobs SET status = 'doing', worker_id = gone.id FROM gone"
            )
        )
        await connection.execute(update(lanes).values(due_at=None))
    counted = CountedLanes(shared)
    engine = PostgresEngine(shared.database, counted.run, shared.worker.scan, shared.clock, max_concurrent_runs=4)
    await engine.start()
    try:
        await soon(lambda: counted.runs[lead_id] > 0, 20)
        async with asyncio.timeout(20):
            while [job for job in await jobs(shared.database) if job[0] == "wake"]:  # noqa: ASYNC110  the queue tells nobody
                await asyncio.sleep(0.05)
    finally:
        await engine.stop(5)
