"""Who speaks to a lead: a person takes the conversation, or gives it back."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise import follow_ups, outbox
from pipewise.leads import Lead
from pipewise.storage import accounts, leads


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
    lead = await leads.lock_lead(connection, lead.account_id, lead.id)
    if by is None:
        admin = await accounts.first_admin(connection, lead.account_id)
        by = lead.owner or (admin.email if admin else None)
    if lead.agent != "paused":
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
    await silence(connection, lead)
    await follow_ups.note_takeover(connection, lead, now)


async def silence(connection: AsyncConnection, lead: Lead) -> None:
    """Nothing that waits leaves any more: a notice that somebody will come is out of place once somebody is there."""
    await outbox.cancel_queued(connection, lead, "a person has the conversation", notices=True)


async def release(connection: AsyncConnection, lead: Lead, *, by: str, now: datetime) -> None:
    """The agent may answer again."""
    lead = await leads.lock_lead(connection, lead.account_id, lead.id)
    if lead.agent == "active":
        return
    await leads.record_change(
        connection, lead, "agent", lead.agent, "active", actor=by, reason="gave the conversation back", now=now
    )
    values = {"agent": "active", "ownership_version": lead.ownership_version + 1}
    await leads.update_lead(connection, lead.account_id, lead.id, values, now)
