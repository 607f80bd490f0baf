"""Counts and times over all leads of an account."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.storage.meetings import REAL
from pipewise.storage.tables import integration_stats, leads, meetings
from pipewise.storage.tables_trust import first_replies


async def count_by_status(
    connection: AsyncConnection, account_id: str, *, start: datetime | None = None, end: datetime | None = None
) -> dict[str, int]:
    """Leads that came in the range, by where they stand now."""
    statement = select(leads.c.status, func.count()).where(leads.c.account_id == account_id)
    if start:
        statement = statement.where(leads.c.created_at >= start)
    if end:
        statement = statement.where(leads.c.created_at < end)
    found = await connection.execute(statement.group_by(leads.c.status))
    return {row[0]: row[1] for row in found}


@dataclass(frozen=True)
class Waits:
    """How long first answers took, in milliseconds."""

    count: int
    p50: int | None
    p95: int | None


async def measure_waits(
    connection: AsyncConnection, account_id: str, *, start: datetime | None = None, end: datetime | None = None
) -> Waits:
    """Of leads that wrote first in the range and were answered. Nearest rank."""
    mine = waits_in(account_id, start, end)
    count = (await connection.execute(select(func.count()).select_from(first_replies).where(*mine))).scalar() or 0

    async def at(share: float) -> int | None:
        rank = max(1, -(-count * share // 1))
        ordered = select(first_replies.c.waited_ms).where(*mine).order_by(first_replies.c.waited_ms)
        found: int | None = (await connection.execute(ordered.limit(1).offset(int(rank) - 1))).scalar()
        return found

    return Waits(count, await at(0.50), await at(0.95)) if count else Waits(0, None, None)


def waits_in(account_id: str, start: datetime | None, end: datetime | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [first_replies.c.account_id == account_id]
    if start:
        conditions.append(first_replies.c.asked_at >= start)
    if end:
        conditions.append(first_replies.c.asked_at < end)
    return conditions


async def count_meetings(
    connection: AsyncConnection, account_id: str, *, start: datetime | None = None, end: datetime | None = None
) -> dict[str, int]:
    """Meetings that begin in the range, by what became of them."""
    statement = select(meetings.c.status, func.count()).where(
        meetings.c.account_id == account_id, meetings.c.status.in_(REAL)
    )
    if start:
        statement = statement.where(meetings.c.start_time >= start)
    if end:
        statement = statement.where(meetings.c.start_time < end)
    found = {row[0]: row[1] for row in await connection.execute(statement.group_by(meetings.c.status))}
    return {status: found.get(status, 0) for status in REAL}


async def count_fallbacks(connection: AsyncConnection, account_id: str) -> int:
    """Since the account began."""
    statement = select(func.sum(integration_stats.c.value)).where(
        integration_stats.c.account_id == account_id, integration_stats.c.name == "fallbacks"
    )
    return int((await connection.execute(statement)).scalar() or 0)
