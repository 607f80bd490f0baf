"""Whether an error is the database's own trouble: full, locked, unreachable. A matter of time, never of what was being done."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

T = TypeVar("T")

# SQLite's primary result codes: BUSY, LOCKED, NOMEM, READONLY, INTERRUPT, IOERR, FULL, CANTOPEN, PROTOCOL.
_SQLITE = frozenset({5, 6, 7, 8, 9, 10, 13, 14, 15})
_PRIMARY = 0xFF  # the extended codes carry more in the higher bits
# PostgreSQL's classes: connection, transaction rolled back, resources (a full disk), intervention, system error.
_POSTGRES_CLASSES = ("08", "40", "53", "57P", "58")
_POSTGRES_CODES = frozenset({"55P03", "25006"})  # lock not available; read-only, as a server is during a fail-over
_DRIVERS = ("sqlite3", "pysqlite3", "aiosqlite", "psycopg", "psycopg_pool")
_NAMES = frozenset({"OperationalError", "InterfaceError", "PoolTimeout"})


def is_storage_trouble(error: BaseException) -> bool:
    """True also for the drivers' own errors, as the checkpoint stores raise them. A statement that is wrong is no trouble of
    the database, whatever class its driver gives it."""
    if isinstance(error, PoolTimeout):
        return True
    if isinstance(error, DBAPIError):
        if error.connection_invalidated:
            return True
        told = _by_code(error.orig)
        return isinstance(error, OperationalError | InterfaceError) if told is None else told
    if not _is_of_a_driver(error):
        return False
    told = _by_code(error)
    return any(base.__name__ in _NAMES for base in type(error).__mro__) if told is None else told


async def retried(work: Callable[[], Awaitable[T]], pauses: Sequence[float]) -> T:
    """Done again after each of the pauses, in seconds, where the database has a bad moment. It may have been done the time
    before, without an answer: only for work that is the same when it is done twice."""
    for pause in pauses:
        try:
            return await work()
        except Exception as error:
            if not is_storage_trouble(error):
                raise
            await asyncio.sleep(pause)
    return await work()


def _by_code(error: Any) -> bool | None:
    """None where the driver gave no code, as when there is no connection to a server at all."""
    number = getattr(error, "sqlite_errorcode", None)
    if number is not None:
        return number & _PRIMARY in _SQLITE
    state = getattr(error, "sqlstate", None)
    if state is not None:
        return state in _POSTGRES_CODES or state.startswith(_POSTGRES_CLASSES)
    return None


def _is_of_a_driver(error: BaseException) -> bool:
    # By name: a driver that is not in use is not imported for this question.
    return any(base.__module__.partition(".")[0] in _DRIVERS for base in type(error).__mro__)
