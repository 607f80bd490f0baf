"""Keys that a lead told of itself: from now on its own, or the proof that another lead is the same person."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.events import Sender
from pipewise.leads import Lead
from pipewise.storage import lead_merges
from pipewise.storage.leads import claim_identities, find_by_identity, identity_keys
from pipewise.storage.tables import leads


async def claim_learned(connection: AsyncConnection, lead: Lead, values: Mapping[str, Any], now: datetime) -> None:
    """`values` hold an e-mail or a phone that the lead wrote."""
    for key in identity_keys(Sender((), email=values.get("email"), phone=values.get("phone"))):
        await claim_identities(connection, lead.account_id, lead.id, [key], now)
        owner = await find_by_identity(connection, lead.account_id, [key])
        if owner and owner != lead.id:
            first, second = await _oldest_first(connection, lead.account_id, (lead.id, owner))
            reason = f"the same {key.platform}"
            await lead_merges.note_due(connection, lead.account_id, first, second, reason, lead_merges.SYSTEM, now)


async def _oldest_first(connection: AsyncConnection, account_id: str, pair: tuple[str, str]) -> tuple[str, str]:
    statement = select(leads.c.id).where(leads.c.account_id == account_id, leads.c.id.in_(pair))
    found = (await connection.execute(statement.order_by(leads.c.created_at, leads.c.id))).scalars().all()
    return str(found[0]), str(found[-1])
