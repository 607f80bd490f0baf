"""Database work written for an asyncio connection, carried out on a plain one inside a thread: one hop for the whole of it.

aiosqlite makes a hop to its thread for every statement, and each waits its turn in a busy event loop. Work that awaits
nothing but its connection runs to its end without ever waiting for that loop.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, cast

from sqlalchemy import Connection, CursorResult, Dialect, NestedTransaction
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

Work = Callable[[AsyncConnection], Awaitable[Any]]


class TransactionLostError(OperationalError):
    """SQLite undid the whole transaction by itself, as it may when the disk is full or fails: nothing of it stands."""

    def __init__(self) -> None:
        super().__init__("COMMIT", None, RuntimeError("the database gave up the transaction"))


def commit(connection: Connection) -> None:
    """Raises TransactionLostError: the driver takes the commit of a transaction that is gone for a success."""
    if connection.in_transaction() and not _is_open(connection):
        raise TransactionLostError
    connection.commit()


def roll_back(connection: Connection, point: NestedTransaction) -> None:
    """Undo what followed the savepoint. Raises TransactionLostError if what went before it is gone as well."""
    if not _is_open(connection):
        raise TransactionLostError
    point.rollback()


def _is_open(connection: Connection) -> bool:
    driver: Any = connection.connection.driver_connection
    return bool(driver.in_transaction)


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
        point = self._connection.begin_nested()
        try:
            yield
        except BaseException:
            roll_back(self._connection, point)
            raise
        point.commit()


def carry_out(work: Work, connection: Connection) -> Any:
    """What the work returns. Raises what it raises, and RuntimeError if it waits for anything but the connection."""
    running = cast("Any", work(cast("AsyncConnection", PlainDoors(connection))))
    try:
        running.send(None)
    except StopIteration as done:
        return done.value
    running.close()
    raise RuntimeError("work for a plain connection must wait for nothing but that connection")
