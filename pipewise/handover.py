"""Who speaks to a lead: a person takes the conversation, or gives it back."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise import follow_ups, outbox
from pipewise.assignment import assign
from pipewise.leads import Lead
from pipewise.settings_document import read_settings
from pipewise.storage import leads
from pipewise.storage.account_settings import read_document


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
    superseded. `by` is the taker's e-mail; without one the account's settings say whose the lead is."""
    lead = await leads.lock_lead(connection, lead.account_id, lead.id)
    if by is None:
        settings = read_settings(await read_document(connection, lead.account_id))
        by = (await assign(connection, lead.account_id, lead, settings)).email
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
    await follow_ups.note_release(connection, lead, now)
