"""Transactions: readers beside one writer on SQLite, a pool on PostgreSQL; everything above sees the same doors."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool, NullPool, Pool

SQLITE_READERS = 4
SQLITE_WRITERS = 1
POSTGRES_POOL = 10
BUSY_MILLISECONDS = 10_000
CLOSE_SECONDS = 5.0


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
        self._queue = asyncio.Lock()
        self._in_use = 0
        self._unused = asyncio.Event()

    @property
    def url(self) -> str:
        """With its password: for opening the same database again, never for showing."""
        return self._writer.url.render_as_string(hide_password=False)

    @property
    def engine(self) -> AsyncEngine:
        return self._writer

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        async with self._counted(), self._readers.connect() as connection:
            yield connection

    @asynccontextmanager
    async def write(self, *, first: bool = False) -> AsyncIterator[AsyncConnection]:
        """`first` waits for the present transaction and at most one more, not for all that queue."""
        if self.dialect != "sqlite":
            async with self._counted(), self._writer.begin() as connection:
                yield connection
            return
        async with self._counted(), self.turn(first=first), self._writer.begin() as connection:
            yield connection

    async def close(self) -> None:
        """What is under way may end first, for a moment: a pool closes only connections that came back to it."""
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS):
                while self._in_use:
                    self._unused.clear()
                    await self._unused.wait()
        for engine in dict.fromkeys((self._readers, self._writer)):
            await engine.dispose()

    @asynccontextmanager
    async def _counted(self) -> AsyncIterator[None]:
        self._in_use += 1
        try:
            yield
        finally:
            self._in_use -= 1
            if not self._in_use:
                self._unused.set()

    @asynccontextmanager
    async def turn(self, *, first: bool = False) -> AsyncIterator[None]:
        """The right to write on SQLite, for this process. `first` goes before all others that wait."""
        if first:
            await self._turn.acquire()
        else:
            async with self._queue:
                await self._turn.acquire()
        try:
            yield
        finally:
            self._turn.release()


def postgres_dsn(url: str) -> str:
    """The same database as its own driver names it, password included."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def open_database(url: str) -> Database:
    """No connection is made yet. The folder of a SQLite file is created."""
    if not url.startswith("sqlite"):
        engine = create_async_engine(url, pool_size=POSTGRES_POOL, pool_pre_ping=True, hide_parameters=True)
        return Database(engine, engine)
    Path(url.split("///", 1)[1]).parent.mkdir(parents=True, exist_ok=True)
    # The driver is aiosqlite as it is, a thread hop per statement. One of our own that works in the event loop is faster, but
    # a slow disk or a long statement would then hold up every request, and the Studio's dev server refuses such calls.
    readers = _open_sqlite(url, SQLITE_READERS)
    # A queue of one also holds back the next writer while the connection of a cancelled one is still being rolled back.
    writer = _open_sqlite(url, SQLITE_WRITERS)
    _configure_sqlite(readers.sync_engine, "BEGIN")
    _configure_sqlite(writer.sync_engine, "BEGIN IMMEDIATE")
    return Database(readers, writer)


def _open_sqlite(url: str, connections: int) -> AsyncEngine:
    # Parameters hold what leads wrote: they stay out of exceptions, and so out of logs.
    return create_async_engine(
        url, poolclass=AsyncAdaptedQueuePool, pool_size=connections, max_overflow=0, hide_parameters=True
    )


def open_plain_engine(url: str, poolclass: type[Pool] = NullPool) -> Engine:
    """The same database without asyncio, for work in a thread; every transaction on SQLite takes the write lock."""
    if not url.startswith("sqlite"):
        return create_engine(url, poolclass=poolclass, hide_parameters=True)
    engine = create_engine(
        url.replace("+aiosqlite", "", 1),
        poolclass=poolclass,
        connect_args={"check_same_thread": False},  # one user at a time, whichever thread it is in
        hide_parameters=True,
    )
    _configure_sqlite(engine, "BEGIN IMMEDIATE")
    return engine


def _configure_sqlite(engine: Engine, begin: str) -> None:
    @event.listens_for(engine, "connect")
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

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql(begin)
