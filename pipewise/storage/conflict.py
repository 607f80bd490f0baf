"""INSERT … ON CONFLICT for both databases."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection


async def insert_unless_there(connection: AsyncConnection, table: Table, row: Mapping[str, Any]) -> bool:
    """False, and nothing done, where a unique key is already taken."""
    statement = _ignoring(connection.dialect.name, table)
    return (await connection.execute(statement, dict(row))).rowcount == 1


@cache
def _ignoring(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    statement = insert_for(dialect, table).on_conflict_do_nothing()
    return statement.execution_options(preserve_rowcount=True)  # else it is -1 on PostgreSQL, which reads like success


def insert_or_ignore(connection: AsyncConnection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An insert that does nothing, with rowcount 0, where a unique key is already taken."""
    # Without the option the row count of an insert is -1 on PostgreSQL, which reads like success.
    return upsert(connection, table).on_conflict_do_nothing().execution_options(preserve_rowcount=True)


def upsert(connection: AsyncConnection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An insert that still needs its `on_conflict_…` clause."""
    return insert_for(connection.dialect.name, table)


def insert_for(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
