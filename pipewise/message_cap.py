"""The most messages that the agent may send a lead in a day, and the one task that tells when they are used up."""

from datetime import datetime, time

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.leads import Lead
from pipewise.storage.tables import messages, tasks
from pipewise.turns import NewTask

KIND = "message_cap"
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


async def task_of_today(connection: AsyncConnection, lead: Lead, words: str, now: datetime) -> NewTask | None:
    """The task for the owner; None if there is one of today already."""
    told = select(tasks.c.id).where(
        tasks.c.account_id == lead.account_id,
        tasks.c.lead_id == lead.id,
        tasks.c.kind == KIND,
        tasks.c.created_at >= _midnight(now),
    )
    if (await connection.execute(told.limit(1))).first():
        return None
    return NewTask(KIND, "The agent has sent a lead all messages of today", f"It would have answered: {words[:500]}")


def _midnight(now: datetime) -> datetime:
    return datetime.combine(now.date(), time(), now.tzinfo)
