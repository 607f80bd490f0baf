"""What each call of a vendor or a model took and cost."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, and_, func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.storage import rollups
from pipewise.storage.tables import usage
from pipewise.storage.tables_trust import usage_hours
from pipewise.turns import UsageRecord

MICROSECOND = timedelta(microseconds=1)


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
    connection: AsyncConnection,
    account_id: str,
    wanted: UsageFilter,
    *,
    limit: int,
    before: tuple[datetime, int] | None = None,
) -> list[UsageRow]:
    """Newest first, in the order of the index; `before` is the (created_at, seq) of the last row of the page before."""
    return [
        _read(row) for row in (await connection.execute(list_statement(account_id, wanted, limit, before))).mappings()
    ]


def list_statement(
    account_id: str, wanted: UsageFilter, limit: int, before: tuple[datetime, int] | None = None
) -> Select[Any]:
    statement = select(usage).where(*_conditions(account_id, wanted))
    if before:
        at, seq = before
        same = and_(usage.c.created_at == at, usage.c.seq < seq)
        statement = statement.where(usage.c.created_at <= at, or_(usage.c.created_at < at, same))
    return statement.order_by(usage.c.created_at.desc(), usage.c.seq.desc()).limit(limit)


async def total_usage(connection: AsyncConnection, account_id: str, wanted: UsageFilter) -> list[UsageTotal]:
    """Whole hours that are rolled up from their sums, the rest from the rows."""
    mark = await rollups.read_mark(connection, account_id, rollups.USAGE)
    found: dict[tuple[str, str], list[int]] = {}
    for statement in total_statements(account_id, wanted, mark):
        for platform, action, *numbers in await connection.execute(statement):
            sums = found.setdefault((platform, action), [0, 0, 0, 0])
            for place, number in enumerate(numbers):
                sums[place] += int(number or 0)  # PostgreSQL sums to a numeric type
    return [UsageTotal(*key, *found[key]) for key in sorted(found)]


def total_statements(account_id: str, wanted: UsageFilter, mark: Any) -> list[Select[Any]]:
    """Up to the mark the hours count; at most the first and last hour of the range are cut, and read row by row, and so is what
    came since for an hour that is rolled up already."""
    rolled = mark.at if mark else None
    start = rollups.hour_of(wanted.start + rollups.HOUR - MICROSECOND) if wanted.start else None
    end = min(filter(None, (rolled, rollups.hour_of(wanted.end) if wanted.end else None)), default=None)
    if rolled is None or end is None or (start is not None and start >= end):
        return [_row_totals(account_id, wanted)]
    parts = [
        _hour_totals(account_id, wanted, start, end),
        _row_totals(account_id, replace(wanted, start=start, end=end)).where(usage.c.seq > (mark.seq or 0)),
        _row_totals(account_id, replace(wanted, start=end)),
    ]
    if wanted.start and start and wanted.start < start:
        parts.append(_row_totals(account_id, replace(wanted, end=start)))
    return parts


def _row_totals(account_id: str, wanted: UsageFilter) -> Select[Any]:
    statement = select(usage.c.platform, usage.c.action, *rollups.usage_sums()).where(*_conditions(account_id, wanted))
    return statement.group_by(usage.c.platform, usage.c.action)


def _hour_totals(account_id: str, wanted: UsageFilter, start: datetime | None, end: datetime) -> Select[Any]:
    table = usage_hours
    conditions: list[ColumnElement[bool]] = [table.c.account_id == account_id, table.c.hour < end]
    if start:
        conditions.append(table.c.hour >= start)
    if wanted.platform:
        conditions.append(table.c.platform == wanted.platform)
    if wanted.action:
        conditions.append(table.c.action == wanted.action)
    sums = [func.sum(table.c[name]) for name in rollups.SUMS]
    return select(table.c.platform, table.c.action, *sums).where(*conditions).group_by(table.c.platform, table.c.action)


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
