"""SQLite for asyncio code: every statement, or a whole piece of work, in one hop to a thread.

An asyncio driver makes a hop for the cursor, the statement, its rows and the cursor's end, and each waits its turn in a busy
event loop. Here SQLAlchemy itself runs in the thread and hands back rows that are in memory already.
"""

import asyncio
import importlib
from collections import deque
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, CursorResult, Dialect, Engine
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.storage.plain_work import Work, carry_out, commit, roll_back

T = TypeVar("T")


def buffered_connection() -> type[Any]:
    """A connection of the sqlite3 module in use whose cursors fetch everything at once: rows are read in the event loop, which
    must not wait for the disk."""
    # Looked up when asked for: a sound SQLite may have taken the system's place since this module was imported.
    sqlite: Any = importlib.import_module("sqlite3")

    class BufferedCursor(sqlite.Cursor):  # type: ignore[misc]
        def execute(self, *arguments: Any) -> Any:
            super().execute(*arguments)
            self._rows = deque(super().fetchall()) if self.description else deque[Any]()
            return self

        def executemany(self, *arguments: Any) -> Any:
            super().executemany(*arguments)
            self._rows = deque[Any]()
            return self

        def fetchone(self) -> Any:
            return self._rows.popleft() if self._rows else None

        def fetchmany(self, size: int | None = None) -> list[Any]:
            return [self._rows.popleft() for _ in range(min(size or self.arraysize, len(self._rows)))]

        def fetchall(self) -> list[Any]:
            found = list(self._rows)
            self._rows.clear()
            return found

    class BufferedConnection(sqlite.Connection):  # type: ignore[misc]
        def cursor(self, factory: Any = BufferedCursor) -> Any:
            return super().cursor(factory)

    return BufferedConnection


class ThreadedConnection:
    """The doors of an AsyncConnection that PipeWise uses. A cancelled caller waits until its statement has ended: the next user
    of the connection must not meet it half-way."""

    def __init__(self, threads: "SqliteThreads") -> None:
        self._threads = threads
        self._opened: Connection | None = None

    @property
    def dialect(self) -> Dialect:
        return self._threads.engine.dialect

    def _open(self) -> Connection:
        """In the thread: the first statement opens the transaction in the same hop."""
        if self._opened is None:
            self._opened = self._threads.engine.connect()
        return self._opened

    async def execute(self, statement: Any, parameters: Any = None) -> CursorResult[Any]:
        return await self._threads.hop(lambda: self._open().execute(statement, parameters))

    async def run_sync(self, work: Callable[..., T], *arguments: Any) -> T:
        return await self._threads.hop(lambda: work(self._open(), *arguments))

    @asynccontextmanager
    async def begin_nested(self) -> AsyncIterator[None]:
        point = await self._threads.hop(lambda: self._open().begin_nested())
        try:
            yield
        except BaseException:
            await self._threads.hop(lambda: roll_back(self._open(), point))
            raise
        await self._threads.hop(point.commit)

    async def end(self, *, commit: bool) -> None:
        """Give the connection back."""
        if self._opened is not None:
            opened, self._opened = self._opened, None
            await self._threads.hop(lambda: _end(opened, keep=commit))


def _end(connection: Connection, *, keep: bool) -> None:
    try:
        if keep:
            commit(connection)
    finally:
        connection.close()


class SqliteThreads:
    """An engine whose connections are used in threads, at most `most` at a time."""

    def __init__(self, engine: Engine, most: int) -> None:
        self.engine = engine
        self.most = most
        self._slots = asyncio.Semaphore(most)
        self._executor = ThreadPoolExecutor(most, thread_name_prefix="sqlite")

    async def hop(self, work: Callable[[], T]) -> T:
        running = asyncio.get_running_loop().run_in_executor(self._executor, work)
        try:
            return await asyncio.shield(running)
        except asyncio.CancelledError:
            await _settle(running)
            raise

    @asynccontextmanager
    async def connection(self, *, commit: bool) -> AsyncIterator[AsyncConnection]:
        async with self._slots:
            doors = ThreadedConnection(self)
            try:
                yield cast("AsyncConnection", doors)
            except BaseException:
                await doors.end(commit=False)
                raise
            await doors.end(commit=commit)

    async def carry(self, work: Work, *, commit: bool) -> Any:
        """The whole of it, from the transaction's begin to its end, in one hop."""
        async with self._slots:
            return await self.hop(lambda: self._carry(work, keep=commit))

    def _carry(self, work: Work, *, keep: bool) -> Any:
        with self.engine.connect() as connection:
            result = carry_out(work, connection)
            if keep:
                commit(connection)
            return result

    async def close(self) -> None:
        await asyncio.to_thread(self.engine.dispose)
        self._executor.shutdown(wait=False)


async def _settle(running: asyncio.Future[Any]) -> None:
    """Wait for the thread, however often the caller is cancelled meanwhile; what came of it is not wanted."""
    while not running.done():
        try:
            await asyncio.wait({running})
        except asyncio.CancelledError:
            continue
    if not running.cancelled():
        running.exception()
