"""Events that owe no answer: bookings at the vendor, a colleague writing from the vendor's app, a changed identity."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise import meetings
from pipewise.connections import Connections
from pipewise.events import EventKind, Identity
from pipewise.handover import take_over
from pipewise.storage import events as event_rows
from pipewise.storage import leads, messages
from pipewise.storage.events import StoredEvent
from pipewise.storage.tables import identities
from pipewise.storage.types import new_id


class LeadEvents:
    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    async def apply(self, connection: AsyncConnection, event: StoredEvent, now: datetime) -> None:
        """Make the event true in the lead's record and mark it processed, in the caller's transaction."""
        match event.kind:
            case EventKind.BOOKING:
                await meetings.apply_vendor_event(connection, self._connections.vault, event, now)
            case EventKind.ECHO:
                await _note_colleague(connection, event, now)
            case EventKind.IDENTITY:
                await _change_identity(connection, event, now)
            case _:
                pass  # reactions and the like are in the transcript already
        await event_rows.mark_events(connection, event.account_id, [event.id], "processed", now=now)


async def _note_colleague(connection: AsyncConnection, event: StoredEvent, now: datetime) -> None:
    """A person wrote from the vendor's own app: it goes into the transcript, and the agent falls silent."""
    if event.lead_id is None:
        return
    await messages.insert_message(
        connection,
        {
            "id": new_id(),
            "account_id": event.account_id,
            "lead_id": event.lead_id,
            "direction": "out",
            "platform": event.platform,
            "author": "human",
            "text": str(event.content.get("text") or ""),
            "status": "sent",
            "external_id": event.dedupe_key,
            "event_id": event.id,
            "created_at": now,
        },
    )
    lead = await leads.get_lead(connection, event.account_id, event.lead_id)
    await take_over(
        connection, lead, by=None, reason=f"a colleague wrote from {event.platform}", now=now, event_id=event.id
    )


async def _change_identity(connection: AsyncConnection, event: StoredEvent, now: datetime) -> None:
    """The lead's vendor id changed: history and opt-out stay, the new id leads to the same lead."""
    if event.lead_id is None:
        return
    current = Identity(event.platform, str(event.content["current"]))
    if await leads.claim_identities(connection, event.account_id, event.lead_id, [current], now):
        return
    await connection.execute(
        update(identities)
        .where(
            identities.c.account_id == event.account_id,
            identities.c.platform == current.platform,
            identities.c.external_id == current.external_id,
        )
        .values(lead_id=event.lead_id)
    )
