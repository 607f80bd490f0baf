"""Statistics counters: raised by many transactions at a time, read as one number."""

import asyncio
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.storage import integrations as integration_rows
from pipewise.storage.database import Database, open_database
from pipewise.storage.tables import integrations
from tests.integration.core.harness import Core, open_core

NAME = "messages_received"
SOON = 5.0


async def _integration(core: Core) -> str:
    async with core.database.read() as connection:
        return str((await connection.execute(select(integrations.c.id))).scalars().first())


async def _read(core: Core, integration_id: str) -> int:
    async with core.database.read() as connection:
        return (await integration_rows.read_stats(connection, core.account_id))[integration_id][NAME]


async def test_what_many_transactions_count_adds_up(core: Core) -> None:
    integration_id = await _integration(core)

    async def count(by: int) -> None:
        async with core.database.write() as connection:
            await integration_rows.count(connection, core.account_id, integration_id, NAME, by)

    await asyncio.gather(*(count(by) for by in range(1, 21)))
    assert await _read(core, integration_id) == sum(range(1, 21))


async def test_a_transaction_that_lasts_holds_no_other_up(postgres_ready: str) -> None:
    database: Database = open_database(postgres_ready)

    async with open_core(database) as core:
        integration_id, now = await _integration(core), core.clock.now()

        async def receive(connection: AsyncConnection) -> None:
            integration = await integration_rows.get_integration(connection, core.account_id, integration_id)
            await integration_rows.note_event(connection, integration, now)
            await integration_rows.count(connection, core.account_id, integration_id, NAME)

        async with asyncio.timeout(SOON), database.write() as lasting:
            await receive(lasting)
            async with database.write() as quick:
                await receive(quick)
        assert await _read(core, integration_id) == 2
        async with database.read() as connection:
            noted = await integration_rows.get_integration(connection, core.account_id, integration_id)
        assert noted.last_event_at == now
    await database.close()


async def test_the_last_event_is_noted_to_the_second_and_follows_a_clock_put_back(core: Core) -> None:
    integration_id, now = await _integration(core), core.clock.now()

    async def note(at: datetime) -> datetime | None:
        async with core.database.write() as connection:
            integration = await integration_rows.get_integration(connection, core.account_id, integration_id)
            await integration_rows.note_event(connection, integration, at)
            return (await integration_rows.get_integration(connection, core.account_id, integration_id)).last_event_at

    assert await note(now) == now
    assert await note(now + timedelta(milliseconds=900)) == now
    assert await note(later := now + timedelta(seconds=1)) == later
    assert await note(now) == now
