"""The last looks at a follow-up: in the transaction that fires it, and again in the one that claims its message."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.follow_up_plan import Known, why_stopped
from pipewise.leads import Lead
from pipewise.storage import follow_ups as rows
from pipewise.storage.follow_ups import FollowUp
from pipewise.storage.outbox import OutboxRow
from pipewise.storage.statements import conditions, keys
from pipewise.storage.tables import meetings, messages

REACHED = frozenset({"sent", "delivered", "read"})


async def look(connection: AsyncConnection, follow_up: FollowUp, lead: Lead) -> Known:
    """What stands now. `lead` is locked, so that whatever comes later waits for this transaction."""
    basis = follow_up.basis
    known = Known(lead, await rows.last_heard(connection, lead.account_id, lead.id))
    if "message_id" in basis:
        mine = keys({"account_id": lead.account_id, "id": basis["message_id"]})
        reached = (await connection.execute(_MESSAGE, mine)).scalar() in REACHED
        known = Known(lead, known.seen, answered_delivered=reached)
    if "meeting_id" not in basis:
        return known
    mine = keys({"account_id": lead.account_id, "id": basis["meeting_id"]})
    meeting = (await connection.execute(_MEETING, mine)).first()
    if meeting is None:
        return known
    return Known(lead, known.seen, meeting.status, meeting.version, meeting.start_time)


async def why_withdrawn(connection: AsyncConnection, row: OutboxRow, lead: Lead, now: datetime) -> str | None:
    """A verdict like those of `outbox.refuse_reason` for a follow-up that became pointless while its message waited; None for
    one that stands and for every other message."""
    reason = await why_pointless(connection, lead, row.message_id, now) if row.proactive else None
    return f"canceled: {reason}" if reason else None


async def why_pointless(connection: AsyncConnection, lead: Lead, message_id: str, now: datetime) -> str | None:
    """Why the follow-up that this message or draft carries out must not be sent any more: it is then canceled. None for one that
    stands, and for any other message."""
    follow_up = await rows.find_by_message(connection, lead.account_id, message_id)
    if follow_up is None:
        return None
    reason = why_stopped(follow_up.kind, follow_up.basis, await look(connection, follow_up, lead), now)
    if reason:
        await rows.end(connection, follow_up, rows.CANCELED, reason, now, only_in=rows.FIRED)
    return reason


_MESSAGE = select(messages.c.status).where(*conditions(messages, ("account_id", "id")))
_MEETING = select(meetings.c.status, meetings.c.version, meetings.c.start_time).where(
    *conditions(meetings, ("account_id", "id"))
)
