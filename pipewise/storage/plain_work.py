"""Database work written for an asyncio connection, carried out on a plain one inside a thread: one hop for the whole of it.

aiosqlite makes a hop to its thread for every statement, and each waits its turn in a busy event loop. Work that awaits
nothing but its connection runs to its end without ever waiting for that loop.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, cast

from sqlalchemy import Connection, CursorResult, Dialect
from sqlalchemy.ext.asyncio import AsyncConnection

Work = Callable[[AsyncConnection], Awaitable[Any]]


class PlainDoors:
    """The doors of an AsyncConnection that work is let through, on a plain connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def dialect(self) -> Dialect:
        return self._connection.dialect

    async def execute(self, statement: Any, parameters: Any = None) -> CursorResult[Any]:
        return self._connection.execute(statement, parameters)

    @asynccontextmanager
    async def begin_nested(self) -> AsyncIterator[None]:
        with self._connection.begin_nested():
            yield


def carry_out(work: Work, connection: Connection) -> Any:
    """What the work returns. Raises what it raises, and RuntimeError if it waits for anything but the connection."""
    running = cast("Any", work(cast("AsyncConnection", PlainDoors(connection))))
    try:
        running.send(None)
    except StopIteration as done:
        return done.value
    running.close()
    raise RuntimeError("work for a plain connection must wait for nothing but that connection")
