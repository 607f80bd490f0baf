"""The account's own JSON items, by namespace and key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.errors import Conflict
from pipewise.storage.conflict import insert_for
from pipewise.storage.json_match import holds_all
from pipewise.storage.statements import fetch
from pipewise.storage.tables_threads import store_items

SEPARATOR = "."
MOST_ITEMS = 10_000  # of one account


@dataclass(frozen=True)
class Item:
    namespace: tuple[str, ...]
    key: str
    value: Mapping[str, Any]
    created_at: datetime
    updated_at: datetime


async def put(
    connection: AsyncConnection,
    account_id: str,
    namespace: Sequence[str],
    key: str,
    value: Mapping[str, Any],
    now: datetime,
) -> None:
    """Make or replace the item. Raises Conflict when the account has as many as it may."""
    if await get(connection, account_id, namespace, key) is None:
        held = select(store_items.c.key).where(store_items.c.account_id == account_id).limit(MOST_ITEMS).subquery()
        if ((await connection.execute(select(func.count()).select_from(held))).scalar() or 0) >= MOST_ITEMS:
            raise Conflict(f"The store is full: an account has at most {MOST_ITEMS} items.", code="store_full")
    row = {"account_id": account_id, "namespace": SEPARATOR.join(namespace), "key": key}
    statement = insert_for(connection.dialect.name, store_items)
    fresh = {name: statement.excluded[name] for name in ("value", "updated_at")}
    statement = statement.on_conflict_do_update(index_elements=["account_id", "namespace", "key"], set_=fresh)
    await connection.execute(statement, {**row, "value": dict(value), "created_at": now, "updated_at": now})


async def get(connection: AsyncConnection, account_id: str, namespace: Sequence[str], key: str) -> Item | None:
    where = {"account_id": account_id, "namespace": SEPARATOR.join(namespace), "key": key}
    row = await fetch(connection, store_items, where)
    return _read(row) if row else None


async def remove(connection: AsyncConnection, account_id: str, namespace: Sequence[str], key: str) -> None:
    await connection.execute(
        delete(store_items).where(
            store_items.c.account_id == account_id,
            store_items.c.namespace == SEPARATOR.join(namespace),
            store_items.c.key == key,
        )
    )


async def search(
    connection: AsyncConnection,
    account_id: str,
    prefix: Sequence[str],
    wanted: Mapping[str, Any],
    *,
    limit: int,
    offset: int,
) -> list[Item]:
    """Latest first."""
    statement = (
        select(store_items)
        .where(store_items.c.account_id == account_id, *_under(prefix), *holds_all(store_items.c.value, wanted))
        .order_by(store_items.c.updated_at.desc(), store_items.c.namespace, store_items.c.key)
        .limit(limit)
        .offset(offset)
    )
    return [_read(row) for row in (await connection.execute(statement)).mappings()]


async def list_namespaces(connection: AsyncConnection, account_id: str, prefix: Sequence[str]) -> list[tuple[str, ...]]:
    statement = (
        select(store_items.c.namespace)
        .where(store_items.c.account_id == account_id, *_under(prefix))
        .distinct()
        .order_by(store_items.c.namespace)
    )
    return [tuple(namespace.split(SEPARATOR)) for namespace in (await connection.execute(statement)).scalars()]


def _under(prefix: Sequence[str]) -> list[ColumnElement[bool]]:
    if not prefix:
        return []
    name = SEPARATOR.join(prefix)
    return [
        or_(store_items.c.namespace == name, store_items.c.namespace.startswith(f"{name}{SEPARATOR}", autoescape=True))
    ]


def _read(row: RowMapping) -> Item:
    namespace = tuple(row["namespace"].split(SEPARATOR))
    return Item(namespace, row["key"], row["value"], row["created_at"], row["updated_at"])
