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


def insert_for(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
