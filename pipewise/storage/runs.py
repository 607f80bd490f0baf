"""Runs: one row for each turn, with the why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.errors import NotFound
from pipewise.storage.conflict import insert_for
from pipewise.storage.paging import Position, after
from pipewise.storage.tables import runs


@dataclass(frozen=True)
class Run:
    """`record` holds what the turn knew, decided and did; `outcome`: committed | superseded | failed."""

    id: str
    account_id: str
    lead_id: str
    trigger: str
    outcome: str
    record: Mapping[str, Any]
    checkpoint_id: str | None
    started_at: datetime
    finished_at: datetime


async def list_runs(
    connection: AsyncConnection, account_id: str, lead_id: str, *, limit: int, position: Position | None = None
) -> list[Run]:
    """In the order the turns began."""
    statement = select(runs).where(runs.c.account_id == account_id, runs.c.lead_id == lead_id)
    if position:
        statement = statement.where(after(runs.c.started_at, runs.c.id, position))
    statement = statement.order_by(runs.c.started_at, runs.c.id).limit(limit)
    return [_read(row) for row in (await connection.execute(statement)).mappings()]


async def get_run(connection: AsyncConnection, account_id: str, lead_id: str, run_id: str) -> Run:
    statement = select(runs).where(runs.c.account_id == account_id, runs.c.lead_id == lead_id, runs.c.id == run_id)
    row = (await connection.execute(statement)).mappings().first()
    if row is None:
        raise NotFound("There is no such run.")
    return _read(row)


async def put_run(connection: AsyncConnection, row: Mapping[str, Any]) -> None:
    """The last word on a run. A turn that is taken up again after a failure keeps its id, and its latest end counts."""
    await connection.execute(_putting(connection.dialect.name, tuple(row)), dict(row))


@cache
def _putting(dialect: str, names: tuple[str, ...]) -> Any:
    statement = insert_for(dialect, runs)
    changes = {name: statement.excluded[name] for name in names if name != "id"}
    return statement.on_conflict_do_update(index_elements=["id"], set_=changes)


def _read(row: RowMapping) -> Run:
    return Run(**row)
