"""What each call of a vendor or a model took and cost."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, case, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.storage.tables import usage
from pipewise.turns import UsageRecord


@dataclass(frozen=True)
class UsageFilter:
    """`start` is part of the range, `end` is not."""

    start: datetime | None = None
    end: datetime | None = None
    platform: str | None = None
    action: str | None = None


@dataclass(frozen=True)
class UsageRow:
    seq: int
    account_id: str
    platform: str
    action: str
    success: bool
    response_time_ms: int
    cost_microusd: int
    created_at: datetime


@dataclass(frozen=True)
class UsageTotal:
    """All calls of one kind in the range."""

    platform: str
    action: str
    count: int
    succeeded: int
    response_time_ms: int  # summed
    cost_microusd: int


async def add_usage(connection: AsyncConnection, account_id: str, record: UsageRecord, now: datetime) -> None:
    await connection.execute(
        insert(usage).values(
            account_id=account_id,
            platform=record.platform,
            action=record.action,
            success=record.success,
            response_time_ms=record.response_time_ms,
            cost_microusd=record.cost_microusd,
            created_at=now,
        )
    )


async def list_usage(
    connection: AsyncConnection, account_id: str, wanted: UsageFilter, *, limit: int, before_seq: int | None = None
) -> list[UsageRow]:
    """Newest first."""
    statement = select(usage).where(*_conditions(account_id, wanted))
    if before_seq is not None:
        statement = statement.where(usage.c.seq < before_seq)
    statement = statement.order_by(usage.c.seq.desc()).limit(limit)
    return [_read(row) for row in (await connection.execute(statement)).mappings()]


async def total_usage(connection: AsyncConnection, account_id: str, wanted: UsageFilter) -> list[UsageTotal]:
    statement = (
        select(
            usage.c.platform,
            usage.c.action,
            func.count().label("count"),
            func.sum(case((usage.c.success, 1), else_=0)).label("succeeded"),
            func.sum(usage.c.response_time_ms).label("response_time_ms"),
            func.sum(usage.c.cost_microusd).label("cost_microusd"),
        )
        .where(*_conditions(account_id, wanted))
        .group_by(usage.c.platform, usage.c.action)
        .order_by(usage.c.platform, usage.c.action)
    )
    # PostgreSQL sums to a numeric type.
    return [
        UsageTotal(row[0], row[1], *(int(number) for number in row[2:])) for row in await connection.execute(statement)
    ]


def _conditions(account_id: str, wanted: UsageFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [usage.c.account_id == account_id]
    if wanted.start:
        conditions.append(usage.c.created_at >= wanted.start)
    if wanted.end:
        conditions.append(usage.c.created_at < wanted.end)
    if wanted.platform:
        conditions.append(usage.c.platform == wanted.platform)
    if wanted.action:
        conditions.append(usage.c.action == wanted.action)
    return conditions


def _read(row: RowMapping) -> UsageRow:
    values: dict[str, Any] = dict(row)
    return UsageRow(**values)
