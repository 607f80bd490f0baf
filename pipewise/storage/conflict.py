"""INSERT … ON CONFLICT for both databases."""

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection


def insert_or_ignore(connection: AsyncConnection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An insert that does nothing, with rowcount 0, where a unique key is already taken."""
    # Without the option the row count of an insert is -1 on PostgreSQL, which reads like success.
    return upsert(connection, table).on_conflict_do_nothing().execution_options(preserve_rowcount=True)


def upsert(connection: AsyncConnection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An insert that still needs its `on_conflict_…` clause."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)
