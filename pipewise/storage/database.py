"""Transactions: readers beside one writer on SQLite, a pool on PostgreSQL; everything above sees the same doors."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Protocol, TypeVar

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.pool import NullPool, Pool, QueuePool

from pipewise.storage.plain_work import Work
from pipewise.storage.postgres_pool import open_engine
from pipewise.storage.sqlite import empty_log
from pipewise.storage.sqlite_threads import SqliteThreads, buffered_connection

T = TypeVar("T")

SQLITE_READERS = 4
BUSY_MILLISECONDS = 10_000
CLOSE_SECONDS = 5.0


class Database:
    """`read()` yields a connection for queries, `write()` one inside a transaction that commits when the block ends. `ask(work)`
    and `transact(work)` are the same for work that waits for nothing but its connection: on SQLite all of it in one hop.

    SQLite: one writing connection per process, taken in turn, every transaction begun with BEGIN IMMEDIATE, WAL with
    synchronous=FULL, so that a commit that returned is on disk.
    """

    def __init__(self, url: str, pool: "Pools") -> None:
        self.url = url
        self._pools = pool
        self.dialect = pool.dialect
        self._turn = asyncio.Lock()
        self._queue = asyncio.Lock()
        self._in_use = 0
        self._unused = asyncio.Event()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        async with self._counted(), self._pools.reading() as connection:
            yield connection

    @asynccontextmanager
    async def write(self, *, first: bool = False) -> AsyncIterator[AsyncConnection]:
        """`first` waits for the present transaction and at most one more, not for all that queue."""
        async with self._counted(), self._in_turn(first=first), self._pools.writing() as connection:
            yield connection

    async def ask(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        async with self._counted():
            found: T = await self._pools.ask(work)
            return found

    async def transact(self, work: Callable[[AsyncConnection], Awaitable[T]], *, first: bool = False) -> T:
        async with self._counted(), self._in_turn(first=first):
            done: T = await self._pools.transact(work)
            return done

    async def shed_log(self) -> bool:
        """SQLite's log keeps what was deleted until it is written over: it is emptied into the file. False if a reader kept it
        from being so; it is then tried again by whoever calls."""
        return await self._pools.shed_log()

    async def close(self) -> None:
        """What is under way may end first, for a moment: a pool closes only connections that came back to it."""
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS):
                while self._in_use:
                    self._unused.clear()
                    await self._unused.wait()
        await self._pools.close()

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
    async def _in_turn(self, *, first: bool) -> AsyncIterator[None]:
        """The right to write on SQLite, for this process. `first` goes before all others that wait."""
        if self.dialect != "sqlite":
            yield
            return
        if first:
            await self._turn.acquire()
        else:
            async with self._queue:
                await self._turn.acquire()
        try:
            yield
        finally:
            self._turn.release()


class Pools(Protocol):
    """Connections of one database, for reading and for writing."""

    dialect: str

    def reading(self) -> AbstractAsyncContextManager[AsyncConnection]: ...

    def writing(self) -> AbstractAsyncContextManager[AsyncConnection]: ...

    async def ask(self, work: Work) -> Any: ...

    async def transact(self, work: Work) -> Any: ...

    async def shed_log(self) -> bool: ...

    async def close(self) -> None: ...


class PostgresPool:
    dialect = "postgresql"

    def __init__(self, writers: AsyncEngine, lookers: AsyncEngine) -> None:
        self._writers = writers
        self._lookers = lookers

    def reading(self) -> AbstractAsyncContextManager[AsyncConnection]:
        return self._lookers.connect()

    def writing(self) -> AbstractAsyncContextManager[AsyncConnection]:
        return self._writers.begin()

    async def ask(self, work: Work) -> Any:
        async with self.reading() as connection:
            return await work(connection)

    async def transact(self, work: Work) -> Any:
        async with self.writing() as connection:
            return await work(connection)

    async def shed_log(self) -> bool:
        return True  # the server's own business, and no part of a dump

    async def close(self) -> None:
        await self._lookers.dispose()
        await self._writers.dispose()


class SqlitePools:
    dialect = "sqlite"

    def __init__(self, readers: SqliteThreads, writer: SqliteThreads) -> None:
        self.readers = readers
        self.writer = writer

    def reading(self) -> AbstractAsyncContextManager[AsyncConnection]:
        return self.readers.connection(commit=False)

    def writing(self) -> AbstractAsyncContextManager[AsyncConnection]:
        return self.writer.connection(commit=True)

    async def ask(self, work: Work) -> Any:
        return await self.readers.carry(work, commit=False)

    async def transact(self, work: Work) -> Any:
        return await self.writer.carry(work, commit=True)

    async def shed_log(self) -> bool:
        return await asyncio.to_thread(empty_log, Path(self.writer.engine.url.database or ""))

    async def close(self) -> None:
        await self.readers.close()
        await self.writer.close()


def postgres_dsn(url: str) -> str:
    """The same database as its own driver names it, password included."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def open_database(url: str) -> Database:
    """No connection is made yet. The folder of a SQLite file is created."""
    if not url.startswith("sqlite"):
        return Database(url, PostgresPool(open_engine(url), open_engine(url, looks_only=True)))
    Path(url.split("///", 1)[1]).parent.mkdir(parents=True, exist_ok=True)
    return Database(
        url, SqlitePools(_open_threads(url, SQLITE_READERS, "BEGIN"), _open_threads(url, 1, "BEGIN IMMEDIATE"))
    )


def _open_threads(url: str, connections: int, begin: str) -> SqliteThreads:
    engine = create_engine(
        url.replace("+aiosqlite", "", 1),
        poolclass=QueuePool,
        pool_size=connections,
        max_overflow=0,
        connect_args={
            "check_same_thread": False,
            "factory": buffered_connection(),
        },  # one user at a time, in any thread
        hide_parameters=True,  # they hold what leads wrote, and stay out of exceptions, and so out of logs
    )
    _configure_sqlite(engine, begin)
    return SqliteThreads(engine, connections)


def open_plain_engine(url: str, poolclass: type[Pool] = NullPool, *, foreign_keys: bool = True) -> Engine:
    """The same database without asyncio, for work in a thread; every transaction on SQLite takes the write lock.

    `foreign_keys` off is for upgrades alone: SQLite changes a table by copying and dropping it, and dropping a table whose
    keys are watched deletes what depends on its rows."""
    if not url.startswith("sqlite"):
        return create_engine(url, poolclass=poolclass, hide_parameters=True)
    engine = create_engine(
        url.replace("+aiosqlite", "", 1),
        poolclass=poolclass,
        connect_args={"check_same_thread": False},  # one user at a time, whichever thread it is in
        hide_parameters=True,
    )
    _configure_sqlite(engine, "BEGIN IMMEDIATE", foreign_keys=foreign_keys)
    return engine


def _configure_sqlite(engine: Engine, begin: str, *, foreign_keys: bool = True) -> None:
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
            "secure_delete=ON",  # what is deleted is written over: an erased person is in no byte of the file
            f"foreign_keys={'ON' if foreign_keys else 'OFF'}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql(begin)
