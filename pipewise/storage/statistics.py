"""Counts and times over all leads of an account."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.storage.tables import leads, messages, outbox


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


async def first_reply_seconds(
    connection: AsyncConnection, account_id: str, *, start: datetime | None = None, end: datetime | None = None
) -> list[float]:
    """For each lead that wrote first in the range and was answered: seconds until an answer left, shortest first."""
    asked = (
        select(messages.c.lead_id, func.min(messages.c.created_at).label("at"))
        .where(messages.c.account_id == account_id, messages.c.direction == "in")
        .group_by(messages.c.lead_id)
        .subquery()
    )
    answered = (
        select(outbox.c.lead_id, func.min(outbox.c.claimed_at).label("at"))
        .join(messages, messages.c.id == outbox.c.message_id)
        .where(outbox.c.account_id == account_id, messages.c.status.in_(("sent", "delivered", "read")))
        .group_by(outbox.c.lead_id)
        .subquery()
    )
    statement = select(asked.c.at, answered.c.at).join(answered, answered.c.lead_id == asked.c.lead_id)
    if start:
        statement = statement.where(asked.c.at >= start)
    if end:
        statement = statement.where(asked.c.at < end)
    waits = [(reply - question).total_seconds() for question, reply in (await connection.execute(statement)).all()]
    return sorted(wait for wait in waits if wait >= 0)
