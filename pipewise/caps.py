"""Caps of the account as its people learn of them: the messages to a lead in a day, and the money for models."""

from datetime import datetime, time

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.leads import Lead
from pipewise.storage.tables import messages, tasks
from pipewise.turns import NewTask

MESSAGES, MODELS = "message_cap", "model_budget"
NOT_SENT = ("canceled", "expired", "failed")


async def may_send(connection: AsyncConnection, lead: Lead, cap: int, now: datetime) -> bool:
    """Whether one more message of the agent may go to the lead today (UTC)."""
    sent = select(func.count()).where(
        messages.c.account_id == lead.account_id,
        messages.c.lead_id == lead.id,
        messages.c.author == "agent",
        messages.c.status.not_in(NOT_SENT),
        messages.c.created_at >= _midnight(now),
    )
    return int((await connection.execute(sent)).scalar_one()) < cap


async def messages_task(connection: AsyncConnection, lead: Lead, words: str, now: datetime) -> NewTask | None:
    """For the lead's owner; None if there is one of today already."""
    if await _told_today(connection, lead.account_id, MESSAGES, now, lead_id=lead.id):
        return None
    title = "The agent has sent a lead all its messages of today"
    return NewTask(MESSAGES, title, f"It would have answered: {words[:500]}")


async def models_task(connection: AsyncConnection, account_id: str, now: datetime) -> NewTask | None:
    """For the account; None if there is one of today already."""
    if await _told_today(connection, account_id, MODELS, now):
        return None
    title = "A spending cap for models is reached"
    return NewTask(MODELS, title, "The offline model goes on. The caps are in the account's settings.")


async def _told_today(
    connection: AsyncConnection, account_id: str, kind: str, now: datetime, *, lead_id: str | None = None
) -> bool:
    told = select(tasks.c.id).where(
        tasks.c.account_id == account_id, tasks.c.kind == kind, tasks.c.created_at >= _midnight(now)
    )
    if lead_id:
        told = told.where(tasks.c.lead_id == lead_id)
    return (await connection.execute(told.limit(1))).first() is not None


def _midnight(now: datetime) -> datetime:
    return datetime.combine(now.date(), time(), now.tzinfo)
