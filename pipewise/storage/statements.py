"""Statements that are put together once: building one costs more than carrying it out.

Values travel as parameters. A condition's parameter is named after its column with `key_` before it, so that a column may be in
the condition and among the new values.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Insert, Select, Table, Update, bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

KEY = "key_"


@cache
def insert_into(table: Table) -> Insert:
    """Executed with a row, or with a list of rows that have the same columns."""
    return insert(table)


async def insert_rows(connection: AsyncConnection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """A few rows that have the same columns, in one statement: of each number one is put together."""
    names = tuple(rows[0])
    given = {f"{name}_{number}": row[name] for number, row in enumerate(rows) for name in names}
    await connection.execute(_insert(table, names, len(rows)), given)


@cache
def _insert(table: Table, names: tuple[str, ...], count: int) -> Insert:
    columns = [(name, table.c[name].type) for name in names]
    return insert(table).values(
        [{name: bindparam(f"{name}_{number}", type_=kind) for name, kind in columns} for number in range(count)]
    )


async def change(connection: AsyncConnection, table: Table, where: Mapping[str, Any], values: Mapping[str, Any]) -> int:
    """Set columns of the rows whose columns equal `where`. Returns how many there were."""
    statement = _update(table, tuple(where), tuple(values))
    return (await connection.execute(statement, {**keys(where), **values})).rowcount


async def fetch(connection: AsyncConnection, table: Table, where: Mapping[str, Any]) -> Any:
    """The one row whose columns equal `where`, by its columns' names; None if there is none."""
    return (await connection.execute(select_by(table, tuple(where)), keys(where))).mappings().first()


def keys(where: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a condition."""
    return {KEY + name: value for name, value in where.items()}


@cache
def select_by(table: Table, where: tuple[str, ...]) -> Select[Any]:
    return select(table).where(*conditions(table, where))


@cache
def _update(table: Table, where: tuple[str, ...], values: tuple[str, ...]) -> Update:
    return update(table).where(*conditions(table, where)).values({name: bindparam(name) for name in values})


def conditions(table: Table, where: tuple[str, ...]) -> list[Any]:
    return [table.c[name] == bindparam(KEY + name) for name in where]
