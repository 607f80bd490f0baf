"""Every row that belongs to a lead, whichever table it is in: for moving them, giving them out, and taking them back."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, LargeBinary, RowMapping, Table, UniqueConstraint, and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.storage.tables import lanes, leads, metadata

AT_ONCE = 200
# A lane is made anew wherever there is work.
OWN_LIFE = frozenset({lanes.name, leads.name})

Key = list[Any]


def lead_tables() -> Iterator[Table]:
    """Tables of rows that can belong to another lead tomorrow."""
    for table in metadata.sorted_tables:
        if {"account_id", "lead_id"} <= set(table.c.keys()) and table.name not in OWN_LIFE and not _is_one_each(table):
            yield table


def _is_one_each(table: Table) -> bool:
    """At most one row for a lead: it would meet the other lead's."""
    keys = [constraint for constraint in table.constraints if isinstance(constraint, UniqueConstraint)]
    named = [set(key.columns.keys()) for key in keys] + [set(table.primary_key.columns.keys())]
    return any(columns <= {"lead_id", "account_id"} for columns in named if columns)


def key_columns(table: Table) -> list[Column[Any]]:
    """What tells a row from the others, whosever it is."""
    if "id" in table.c:
        return [table.c.id]
    if table.primary_key.columns and "seq" not in table.primary_key.columns:
        return list(table.primary_key.columns)
    if "message_id" in table.c:
        return [table.c.message_id]
    unique = next(one for one in table.constraints if isinstance(one, UniqueConstraint))
    return [column for column in unique.columns if column.name != "account_id"]


async def move_all(connection: AsyncConnection, account_id: str, lead_id: str, target_id: str) -> dict[str, list[Key]]:
    """Every row of the lead to another one. Returns what was moved, by table."""
    moved = {}
    for table in lead_tables():
        columns = key_columns(table)
        mine = (table.c.account_id == account_id, table.c.lead_id == lead_id)
        found = [list(row) for row in await connection.execute(select(*columns).where(*mine).order_by(*columns))]
        if found:
            await connection.execute(update(table).where(*mine).values(lead_id=target_id))
            moved[table.name] = found
    return moved


async def move_back(
    connection: AsyncConnection, account_id: str, moved: Mapping[str, Sequence[Key]], lead_id: str, target_id: str
) -> None:
    """The rows that were moved, as far as they are still there and the lead's."""
    for name, keys in moved.items():
        table = metadata.tables[name]
        columns = key_columns(table)
        for start in range(0, len(keys), AT_ONCE):
            wanted = [
                and_(*(column == value for column, value in zip(columns, key, strict=True)))
                for key in keys[start : start + AT_ONCE]
            ]
            mine = (table.c.account_id == account_id, table.c.lead_id == lead_id)
            await connection.execute(update(table).where(*mine, or_(*wanted)).values(lead_id=target_id))


async def read_all(connection: AsyncConnection, account_id: str, lead_id: str) -> dict[str, list[dict[str, Any]]]:
    """Every row of the lead as JSON, by table; what is sealed is left out."""
    found = {}
    for table in metadata.sorted_tables:
        if {"account_id", "lead_id"} <= set(table.c.keys()):
            shown = [column for column in table.c if not isinstance(column.type, LargeBinary)]
            order = [table.c[name] for name in ("created_at", "seq", "id") if name in table.c]
            statement = select(*shown).where(table.c.account_id == account_id, table.c.lead_id == lead_id)
            rows = (await connection.execute(statement.order_by(*order))).mappings()
            found[table.name] = [as_json(row) for row in rows]
    return found


def as_json(row: RowMapping | Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in row.items()
        if name not in {"account_id", "lead_id"}
    }
