"""Who speaks to a lead: a person takes the conversation, or gives it back."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.leads import Lead
from pipewise.storage import accounts, leads
from pipewise.storage.tables import messages, outbox


async def take_over(
    connection: AsyncConnection,
    lead: Lead,
    *,
    by: str | None,
    reason: str,
    now: datetime,
    event_id: str | None = None,
) -> None:
    """The agent falls silent: nothing of it is claimed any more, queued drafts are cancelled, a running turn is
    superseded. `by` is the taker's e-mail; without one the account's first admin owns the lead."""
    if by is None:
        admin = await accounts.first_admin(connection, lead.account_id)
        by = lead.owner or (admin.email if admin else None)
    await leads.record_change(
        connection,
        lead,
        "agent",
        lead.agent,
        "paused",
        actor=by or "colleague",
        reason=reason,
        now=now,
        event_id=event_id,
    )
    values = {"agent": "paused", "owner": by, "ownership_version": lead.ownership_version + 1}
    await leads.update_lead(connection, lead.account_id, lead.id, values, now)
    await _cancel_queued(connection, lead)


async def release(connection: AsyncConnection, lead: Lead, *, by: str, now: datetime) -> None:
    """The agent may answer again."""
    if lead.agent == "active":
        return
    await leads.record_change(
        connection, lead, "agent", lead.agent, "active", actor=by, reason="gave the conversation back", now=now
    )
    values = {"agent": "active", "ownership_version": lead.ownership_version + 1}
    await leads.update_lead(connection, lead.account_id, lead.id, values, now)


async def _cancel_queued(connection: AsyncConnection, lead: Lead) -> None:
    mine = (
        outbox.c.account_id == lead.account_id,
        outbox.c.lead_id == lead.id,
        outbox.c.state == "pending",
        outbox.c.author == "agent",
    )
    error = {"code": "canceled", "message": "a person has the conversation"}
    statement = update(outbox).where(*mine).values(state="done", error=error).returning(outbox.c.message_id)
    ids = list((await connection.execute(statement)).scalars())
    if ids:
        await connection.execute(
            update(messages)
            .where(messages.c.account_id == lead.account_id, messages.c.id.in_(ids))
            .values(status="canceled")
        )
