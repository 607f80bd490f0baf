"""Two accounts with a row in every tenant's table, and what the application's connections can do with them."""

import importlib
import pkgutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import Boolean, Integer, LargeBinary, Table
from sqlalchemy.types import JSON, DateTime

from pipewise import storage
from pipewise.storage.row_rights import SHARED_TABLES
from pipewise.storage.tables import metadata

# The names in these statements are the tables' own.
# ruff: noqa: S608

ANA, BEN = "00000000-0000-4000-8000-00000000000a", "00000000-0000-4000-8000-00000000000b"
for module in pkgutil.iter_modules(storage.__path__):
    if module.name.startswith("tables"):
        importlib.import_module(f"pipewise.storage.{module.name}")  # it adds to the metadata
OWNED = [table for name, table in sorted(metadata.tables.items()) if name not in SHARED_TABLES]


@contextmanager
def as_login(url: str) -> Iterator[psycopg.Connection[Any]]:
    """Whoever the URL logs in as, outside of the application."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        yield connection


def fill(url: str) -> None:
    with as_login(url) as connection:
        connection.execute("SET session_replication_role = replica")  # rows of no lead will do
        for account in (ANA, BEN):
            for table in OWNED:
                _insert(connection, table, account)


def owner_of(table: Table) -> str:
    """SQL for the account of a row."""
    if table.name == "accounts":
        return "id"
    return "account_id" if "account_id" in table.c else "user_id"


def _insert(connection: psycopg.Connection[Any], table: Table, account: str) -> None:
    row = {column.name: _value(table, column, account) for column in table.columns if not _is_given(column)}
    names = ", ".join(f'"{name}"' for name in row)
    marks = ", ".join(["%s"] * len(row))
    connection.execute(f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})'.encode(), list(row.values()))


def _is_given(column: Any) -> bool:
    return bool(column.primary_key and isinstance(column.type, Integer) and column.autoincrement is True)


def _value(table: Table, column: Any, account: str) -> Any:
    """Ids are the account's, so that no two rows of a table collide and each tells whose it is."""
    kind = column.type.impl if hasattr(column.type, "impl") else column.type
    if isinstance(kind, Boolean):
        return False
    if isinstance(kind, Integer):
        return 1
    if isinstance(kind, LargeBinary):
        return b"x"
    if isinstance(kind, DateTime):
        return "2026-12-03T12:00:00+00:00"
    if isinstance(kind, JSON):
        return "{}"
    length = getattr(kind, "length", None) or 36
    return account if length >= len(account) else account[-length:]
