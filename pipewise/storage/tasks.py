"""Things for a person to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.errors import NotFound
from pipewise.storage.paging import Position, after
from pipewise.storage.tables import tasks


@dataclass(frozen=True)
class Task:
    id: str
    account_id: str
    lead_id: str | None
    kind: str
    title: str
    detail: str
    owner: str | None
    status: str
    due_at: datetime | None
    created_at: datetime
    updated_at: datetime


async def insert_task(connection: AsyncConnection, row: Mapping[str, Any]) -> None:
    await connection.execute(insert(tasks).values(dict(row)))


async def close_task(connection: AsyncConnection, account_id: str, task_id: str, now: datetime) -> None:
    """What it asked for has come about; nothing happens to a task that is gone."""
    mine = (tasks.c.account_id == account_id, tasks.c.id == task_id)
    await connection.execute(update(tasks).where(*mine).values(status="done", updated_at=now))


async def list_tasks(
    connection: AsyncConnection,
    account_id: str,
    *,
    limit: int,
    status: str | None = None,
    lead_id: str | None = None,
    owner: str | None = None,
    position: Position | None = None,
) -> list[Task]:
    """Longest waiting first."""
    statement = select(tasks).where(tasks.c.account_id == account_id)
    for column, wanted in ((tasks.c.status, status), (tasks.c.lead_id, lead_id), (tasks.c.owner, owner)):
        if wanted:
            statement = statement.where(column == wanted)
    if position:
        statement = statement.where(after(tasks.c.created_at, tasks.c.id, position))
    statement = statement.order_by(tasks.c.created_at, tasks.c.id).limit(limit)
    return [_read(row) for row in (await connection.execute(statement)).mappings()]


async def get_task(connection: AsyncConnection, account_id: str, task_id: str) -> Task:
    statement = select(tasks).where(tasks.c.account_id == account_id, tasks.c.id == task_id)
    row = (await connection.execute(statement)).mappings().first()
    if row is None:
        raise NotFound("There is no such task.")
    return _read(row)


async def update_task(
    connection: AsyncConnection, account_id: str, task_id: str, values: Mapping[str, Any], now: datetime
) -> Task:
    """The task as it is now. Raises NotFound."""
    await connection.execute(
        update(tasks)
        .where(tasks.c.account_id == account_id, tasks.c.id == task_id)
        .values({**values, "updated_at": now})
    )
    return await get_task(connection, account_id, task_id)


def _read(row: RowMapping) -> Task:
    return Task(**row)
