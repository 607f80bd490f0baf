"""Events that owe no answer: bookings at the vendor, a colleague writing from the vendor's app, a changed identity."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.audit import Act, Audit
from pipewise.connections import Connections
from pipewise.echoes import is_our_own
from pipewise.events import EventKind, Identity
from pipewise.follow_ups import note_meetings
from pipewise.handover import take_over
from pipewise.sealed_links import open_acting
from pipewise.storage import events as event_rows
from pipewise.storage import leads, messages
from pipewise.storage.events import StoredEvent
from pipewise.storage.tables import events as event_table
from pipewise.storage.tables import identities
from pipewise.storage.tables import messages as message_table
from pipewise.storage.types import new_id
from pipewise.vendor_meetings import apply_vendor_event

COLLEAGUE = "colleague"  # somebody who wrote from the vendor's own app: who it was, no vendor tells


class LeadEvents:
    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._audit = Audit(connections.vault)

    async def apply(self, connection: AsyncConnection, event: StoredEvent, now: datetime) -> None:
        """Make the event true in the lead's record and mark it so, in the caller's transaction."""
        set_aside, has_taken_over = None, False
        match event.kind:
            case EventKind.BOOKING:
                vault = self._connections.vault
                set_aside = await apply_vendor_event(connection, vault, open_acting(vault, event), now)
                if event.lead_id:
                    await note_meetings(connection, event.account_id, event.lead_id, now)
            case EventKind.ECHO:
                has_taken_over = await _note_colleague(connection, event, now)
            case EventKind.IDENTITY:
                await _change_identity(connection, event, now)
            case EventKind.NOTICE:
                await _note_preference(connection, event, now)
            case EventKind.MESSAGE if event.content.get("revokes"):
                await _erase_revoked(connection, event)
            case _:
                pass  # reactions and the like are in the transcript already
        status = "ignored" if set_aside else "processed"
        await event_rows.mark_events(connection, event.account_id, [event.id], status, now=now, reason=set_aside)
        if has_taken_over:
            await self._audit.record(
                connection,
                event.account_id,
                Act.LEAD_TAKEN_OVER,
                f"lead:{event.lead_id}",
                actor=COLLEAGUE,
                now=now,
                detail={"platform": event.platform, "event": event.id},
            )


async def _note_colleague(connection: AsyncConnection, event: StoredEvent, now: datetime) -> bool:
    """A person wrote from the vendor's own app: it goes into the transcript, and the agent falls silent. False if it was not
    a person."""
    if event.lead_id is None or await is_our_own(connection, event, now):
        return False
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
            "external_id": event.content.get("vendor_id") or event.dedupe_key,
            "event_id": event.id,
            "created_at": now,
        },
    )
    lead = await leads.get_lead(connection, event.account_id, event.lead_id)
    await take_over(
        connection, lead, by=None, reason=f"a colleague wrote from {event.platform}", now=now, event_id=event.id
    )
    return True


async def _change_identity(connection: AsyncConnection, event: StoredEvent, now: datetime) -> None:
    """The lead's vendor id changed: history and opt-out stay, the new id leads to the same lead."""
    if event.lead_id is None:
        return
    keys = [Identity(one["platform"], one["external_id"]) for one in (event.sender or {}).get("identities", ())]
    await leads.claim_identities(connection, event.account_id, event.lead_id, keys, now)
    for key in keys:
        await connection.execute(
            update(identities)
            .where(
                identities.c.account_id == event.account_id,
                identities.c.platform == key.platform,
                identities.c.external_id == key.external_id,
            )
            .values(lead_id=event.lead_id)
        )


async def _note_preference(connection: AsyncConnection, event: StoredEvent, now: datetime) -> None:
    """The lead told the vendor whether the company may open conversations; answers to its own messages stay allowed."""
    if event.lead_id is None or event.content.get("topic") != "marketing_preference":
        return
    lead = await leads.get_lead(connection, event.account_id, event.lead_id)
    allowed = event.content.get("detail") == "resume"
    reason = f"set in {event.platform}"
    await leads.record_change(
        connection,
        lead,
        "consent",
        str(lead.consent),
        str(allowed),
        actor="lead",
        reason=reason,
        now=now,
        event_id=event.id,
    )
    await leads.update_lead(connection, event.account_id, event.lead_id, {"consent": allowed}, now)


async def _erase_revoked(connection: AsyncConnection, event: StoredEvent) -> None:
    """The lead took a message back: our copy of its words goes too."""
    revoked = str(event.content["revokes"])
    found = (
        update(message_table)
        .where(
            message_table.c.account_id == event.account_id,
            message_table.c.lead_id == event.lead_id,
            message_table.c.external_id == revoked,
            message_table.c.direction == "in",
        )
        .values(text="[revoked]")
        .returning(message_table.c.event_id)
    )
    for event_id in list((await connection.execute(found)).scalars()):
        await connection.execute(
            update(event_table)
            .where(event_table.c.account_id == event.account_id, event_table.c.id == event_id)
            .values(content={"type": "revoked", "text": "", "vendor_id": revoked})
        )
