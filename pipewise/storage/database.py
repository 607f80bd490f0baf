"""Transactions: readers beside one writer on SQLite, a pool on PostgreSQL; everything above sees the same two doors."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from pipewise.storage import sqlite_driver

SQLITE_READERS = 4
SQLITE_WRITERS = 1
POSTGRES_POOL = 10
BUSY_MILLISECONDS = 10_000


class Database:
    """`read()` yields a connection for queries, `write()` one inside a transaction that commits when the block ends.

    SQLite: one writing connection per process, taken in turn, every transaction begun with BEGIN IMMEDIATE, WAL with
    synchronous=FULL, so that a commit that returned is on disk.
    """

    def __init__(self, readers: AsyncEngine, writer: AsyncEngine) -> None:
        self._readers = readers
        self._writer = writer
        self.dialect = writer.dialect.name
        self._turn = asyncio.Lock()

    @property
    def engine(self) -> AsyncEngine:
        return self._writer

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        async with self._readers.connect() as connection:
            yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        if self.dialect != "sqlite":
            async with self._writer.begin() as connection:
                yield connection
            return
        async with self._turn, self._writer.begin() as connection:
            yield connection

    async def close(self) -> None:
        await self._readers.dispose()
        if self._writer is not self._readers:
            await self._writer.dispose()


def open_database(url: str) -> Database:
    """No connection is made yet. The folder of a SQLite file is created."""
    if not url.startswith("sqlite"):
        engine = create_async_engine(url, pool_size=POSTGRES_POOL, pool_pre_ping=True)
        return Database(engine, engine)
    Path(url.split("///", 1)[1]).parent.mkdir(parents=True, exist_ok=True)
    # A queue of one also holds back the next writer while the connection of a cancelled one is still being rolled back.
    writer, readers = (
        create_async_engine(
            url,
            poolclass=AsyncAdaptedQueuePool,
            pool_size=size,
            max_overflow=0,
            connect_args={"async_creator_fn": sqlite_driver.connect},
        )
        for size in (SQLITE_WRITERS, SQLITE_READERS)
    )
    for engine, begin in ((writer, "BEGIN IMMEDIATE"), (readers, "BEGIN")):
        _configure_sqlite(engine, begin)
    return Database(readers, writer)


def _configure_sqlite(engine: AsyncEngine, begin: str) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def _set_pragmas(connection: Any, _record: Any) -> None:
        # The driver's own transaction control is switched off: it would begin late and never IMMEDIATE.
        connection.isolation_level = None
        cursor = connection.cursor()
        # Patience first: another process may be switching the same new file to WAL.
        for pragma in (
            f"busy_timeout={BUSY_MILLISECONDS}",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql(begin)
