"""Connections to PostgreSQL are opened once and kept; one that the server ended is not handed out; each sees one account's rows."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from graph.checkpoint_tables import check_tables
from graph.postgres_checkpoints import open_pool
from pipewise.engine.wake_queue import make_app
from pipewise.storage.connection_state import ensure_open
from pipewise.storage.database import Database, open_database, postgres_dsn
from pipewise.storage.tenancy import Purpose, acting_for, for_every_account
from tests.integration.core.walls import ANA, BEN

END = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = %s"
STANDS = "SELECT current_user AS role, current_setting('pipewise.account', true) AS account"


@pytest.fixture
async def shared(postgres_ready: str) -> AsyncIterator[Database]:
    database = open_database(postgres_ready)
    yield database
    await database.close()


async def _end(dsn: str, pid: int) -> None:
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as other:
        await other.execute(END, (pid,))
        while await (await other.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", (pid,))).fetchone():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_a_connection_that_the_server_ended_is_told_by_its_socket(postgres_ready: str) -> None:
    dsn = postgres_dsn(postgres_ready)
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as connection:
        await ensure_open(connection)
        await connection.execute("SELECT 1")
        await ensure_open(connection)
        await _end(dsn, connection.info.backend_pid)
        with pytest.raises(psycopg.OperationalError):
            await ensure_open(connection)


async def test_a_crowd_opens_its_connections_once(shared: Database) -> None:
    async def who(connection: AsyncConnection) -> int:
        return int((await connection.execute(text("SELECT pg_backend_pid() FROM pg_sleep(0.05)"))).scalar_one())

    async def crowd(door: Callable[[Any], Awaitable[int]]) -> set[int]:
        return set(await asyncio.gather(*(door(who) for _ in range(40))))

    with for_every_account(Purpose.LANES):
        for door, most in ((shared.ask, 8), (shared.transact, 12)):
            first = await crowd(door)
            assert len(first) == most
            assert await crowd(door) == first


async def test_the_queue_goes_on_after_the_server_ended_its_connection(postgres_ready: str) -> None:
    """Its statements are transactions of their own, and a connection that was ended is replaced unseen."""

    async def wake(_lead_id: str) -> None:
        """Nothing is woken here."""

    dsn, pids = postgres_dsn(postgres_ready), []
    app = make_app(dsn, wake)
    async with app.open_async():
        for _ in range(2):
            found = await app.connector.execute_query_one_async(
                "SELECT pg_backend_pid() AS pid, now() < clock_timestamp()"
            )
            pids.append(found["pid"])
            await _end(dsn, found["pid"])
    assert len(set(pids)) == 2


async def test_a_connection_for_checkpoints_shows_the_rows_of_whoever_has_it(postgres_ready: str) -> None:
    dsn = postgres_dsn(postgres_ready)
    await check_tables(dsn, may_migrate=True)
    async with open_pool(dsn, 1) as (_saver, rows):

        async def stands() -> tuple[str, str]:
            async with rows._pool.connection() as connection:
                found = await (await connection.execute(STANDS)).fetchone()
                assert found
                return found["role"].split("_")[1], found["account"]

        for account in (ANA, ANA, BEN, ANA):
            with acting_for(account):
                assert await stands() == ("app", account)
        with for_every_account(Purpose.LANES):
            assert (await stands())[0] == "system"
        with acting_for(BEN):
            assert await stands() == ("app", BEN)
