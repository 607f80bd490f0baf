"""aiosqlite with one hop to its thread for a statement, where it makes four: a hop costs more than most statements do."""

import re
import sqlite3
from collections.abc import Callable, Sequence
from typing import Any, Self

import aiosqlite

# What opens transactions and savepoints has nothing to answer, so it travels with the next statement.
_AHEAD = re.compile(r"BEGIN|SAVEPOINT|RELEASE")


def connect(database: str, **options: Any) -> "Connection":
    """To be awaited. For SQLAlchemy's aiosqlite dialect, as `async_creator_fn`."""
    connection = Connection(lambda: sqlite3.connect(database, **options), iter_chunk_size=1)
    connection._thread.daemon = True  # noqa: SLF001  as SQLAlchemy does with its own: an open connection must not keep the process
    return connection


class Connection(aiosqlite.Connection):
    """Its cursors carry a statement out and fetch the rows in one go; commit and rollback do nothing where nothing is open."""

    _asked = 0  # counted here, in the event loop
    _done = 0  # counted in the connection's thread
    _ahead: tuple[str, ...] = ()
    _not_begun: Exception | None = None

    def cursor(self) -> "Cursor":  # type: ignore[override]  # entered, not awaited, by SQLAlchemy
        return Cursor(self)

    async def commit(self) -> None:
        if self._is_open():
            await self.carry_out(self._conn.commit)
        self._ahead = ()

    async def rollback(self) -> None:
        self._ahead, self._not_begun = (), None
        if self._is_open():
            await self.carry_out(self._conn.rollback)

    def hold_back(self, statement: str) -> bool:
        """True if the statement goes with the next one."""
        if not _AHEAD.match(statement):
            return False
        self._ahead = (*self._ahead, statement)
        return True

    async def carry_out(self, work: Callable[[], Any]) -> Any:
        """In the connection's thread, after what was held back. Nothing more is carried out once that failed, until the
        rollback: it would stand outside the transaction it was meant for."""
        if self._not_begun:
            raise self._not_begun
        ahead, self._ahead = self._ahead, ()
        self._asked += 1
        return await self._execute(self._run, ahead, work)  # type: ignore[no-untyped-call]  # aiosqlite's own door

    def execute_whole(self, statement: str, parameters: Any, *, many: bool) -> tuple[Any, ...]:
        """Description, rows, row count, last row id. In the connection's thread."""
        cursor = self._conn.cursor()
        try:
            (cursor.executemany if many else cursor.execute)(statement, parameters)
            rows = cursor.fetchall() if cursor.description else []
            return cursor.description, rows, cursor.rowcount, cursor.lastrowid
        finally:
            cursor.close()

    def _run(self, ahead: Sequence[str], work: Callable[[], Any]) -> Any:
        try:
            try:
                for statement in ahead:
                    self._conn.execute(statement)
            except sqlite3.Error as error:
                self._not_begun = error
                raise
            return work()
        finally:
            self._done += 1

    def _is_open(self) -> bool:
        """Whether there may be a transaction: also while a statement is under way whose caller was cancelled."""
        return self._asked != self._done or self.in_transaction


class Cursor:
    """As much of a cursor as SQLAlchemy asks of one whose rows are all fetched at once."""

    arraysize = 1

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, statement: str, parameters: Any = ()) -> Self:
        if not self._connection.hold_back(statement):
            await self._carry_out(statement, parameters, many=False)
        return self

    async def executemany(self, statement: str, parameters: Any) -> Self:
        await self._carry_out(statement, parameters, many=True)
        return self

    async def fetchall(self) -> list[Any]:
        return self._rows

    async def close(self) -> None:
        """The driver's cursor was closed with its statement."""

    async def _carry_out(self, statement: str, parameters: Any, *, many: bool) -> None:
        connection = self._connection
        self.description, self._rows, self.rowcount, self.lastrowid = await connection.carry_out(
            lambda: connection.execute_whole(statement, parameters, many=many)
        )
