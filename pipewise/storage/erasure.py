"""Erasing a person: every row about a lead, and what names it in rows that belong to no lead."""

from sqlalchemy import Text, and_, cast, delete, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.leads import Lead
from pipewise.storage.tables import events, idempotency_keys, leads, messages

SHORTEST_TRACE = 5  # a shorter name or id would match rows about other people


async def erase_lead(connection: AsyncConnection, lead: Lead) -> None:
    """Rows that point at the lead go with it, by the schema's cascades; the rest is found by what it holds."""
    sent = select(messages.c.external_id).where(
        messages.c.account_id == lead.account_id,
        messages.c.lead_id == lead.id,
        messages.c.direction == "out",
        messages.c.external_id.is_not(None),
    )
    reports = and_(events.c.kind == "status", events.c.ref.in_(sent))
    mentions = [
        cast(events.c.content, Text).like(_containing(trace), escape="\\")
        for trace in traces(lead)
        if len(trace) >= SHORTEST_TRACE
    ]
    await connection.execute(
        delete(events).where(
            events.c.account_id == lead.account_id, events.c.lead_id.is_(None), or_(reports, *mentions)
        )
    )
    answered = cast(idempotency_keys.c.answer, Text).like(f"%{lead.id}%")
    await connection.execute(delete(idempotency_keys).where(idempotency_keys.c.account_id == lead.account_id, answered))
    await connection.execute(delete(leads).where(leads.c.account_id == lead.account_id, leads.c.id == lead.id))


def traces(lead: Lead) -> list[str]:
    """What tells this person from others."""
    found = {identity.external_id for identity in lead.identities} | {lead.email or "", lead.phone or ""}
    return sorted(filter(None, found))


def _containing(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
