"""What is the database's own trouble, and what is wrong with a statement, told by the drivers' codes."""

import asyncio
import importlib
import sqlite3
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from pipewise.errors import Unavailable
from pipewise.storage.trouble import is_storage_trouble


def on_sqlite(work: str) -> Exception:
    """What SQLite itself raises."""
    driver: Any = importlib.import_module("sqlite3")
    with driver.connect(":memory:") as connection:
        connection.execute("PRAGMA max_page_count=2")
        try:
            connection.execute(work)
            connection.execute("INSERT INTO t VALUES (zeroblob(100000))")
        except driver.Error as error:
            found: Exception = error
            return found
    raise AssertionError("nothing was raised")


def on_postgres(code: str) -> Exception:
    return psycopg.errors.lookup(code)("told by the server")


FULL = on_sqlite("CREATE TABLE t (a)")
WRONG = on_sqlite("SELECT nothing FROM nowhere")


def wrapped(original: Exception, kind: type[DBAPIError] = OperationalError, *, lost: bool = False) -> DBAPIError:
    return kind("INSERT", {}, original, connection_invalidated=lost)


@pytest.mark.parametrize(
    "error",
    [
        FULL,
        wrapped(FULL),
        wrapped(Exception("no code at all")),
        wrapped(psycopg.OperationalError("connection refused")),
        psycopg.OperationalError("the connection is closed"),
        psycopg.InterfaceError("the connection is closed"),
        wrapped(Exception("gone"), InterfaceError),
        wrapped(Exception("gone"), DataError, lost=True),
        PoolTimeout(),
        *(wrapped(on_postgres(code)) for code in ("53100", "57P01", "57P03", "40P01", "40001", "55P03", "25006")),
    ],
    ids=repr,
)
def test_trouble_of_the_database(error: Exception) -> None:
    assert is_storage_trouble(error)


@pytest.mark.parametrize(
    "error",
    [
        WRONG,
        wrapped(WRONG),
        wrapped(on_postgres("42P01")),
        wrapped(on_postgres("22021"), DataError),
        wrapped(on_postgres("57014")),  # a statement over its time would be over it again
        wrapped(sqlite3.IntegrityError("twice"), IntegrityError),
        RuntimeError("boom"),
        TimeoutError(),
        asyncio.CancelledError(),
        Unavailable("The model is away.", platform="model"),
        OSError(28, "No space left on device", str(Path("log"))),
    ],
    ids=repr,
)
def test_everything_else(error: BaseException) -> None:
    assert not is_storage_trouble(error)
