"""What left the account, as the vendor tells it back: our own messages, and those of a colleague in the vendor's app.

An echo is applied in the lead's lane, where nothing is being sent meanwhile, so that our own message either has its receipt
or an unknown fate, which its echo settles."""

import re
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.delivery_reports import apply_status
from pipewise.events import OutboundMessage
from pipewise.platforms.registry import get_platform
from pipewise.storage.events import StoredEvent
from pipewise.storage.tables import messages, outbox

CLOCK_TOLERANCE = timedelta(minutes=2)
_ADDRESS = re.compile(r"https?://\S+")  # a vendor may put a short address of its own in the place of a link


async def is_our_own(connection: AsyncConnection, event: StoredEvent, now: datetime) -> bool:
    """Whether PipeWise sent what this echo speaks of. A message whose outcome was unknown is settled by it."""
    vendor_id = str(event.content.get("vendor_id") or "")
    if vendor_id and await _is_known(connection, event, vendor_id):
        return True
    message_id = await _find_unsettled(connection, event)
    if message_id is None:
        return False
    told = {"callback": message_id, "vendor_id": vendor_id, "status": "sent"}
    await apply_status(connection, event.account_id, told, now)
    return True


async def _is_known(connection: AsyncConnection, event: StoredEvent, vendor_id: str) -> bool:
    statement = select(messages.c.id).where(
        messages.c.account_id == event.account_id,
        messages.c.lead_id == event.lead_id,
        messages.c.external_id == vendor_id,
        messages.c.direction == "out",
    )
    return (await connection.execute(statement.limit(1))).first() is not None


async def _find_unsettled(connection: AsyncConnection, event: StoredEvent) -> str | None:
    """Our oldest message to this lead that reads like the echo, was begun before it, and has no receipt."""
    echoed_text = get_platform(event.platform).echoed_text
    if echoed_text is None:
        return None
    statement = (
        select(outbox.c.message_id, outbox.c.payload, outbox.c.created_at)
        .where(
            outbox.c.account_id == event.account_id,
            outbox.c.lead_id == event.lead_id,
            outbox.c.integration_id == event.integration_id,
            outbox.c.state.in_(("sending", "unknown", "parked")),
        )
        .order_by(outbox.c.seq)
    )
    told = _comparable(str(event.content.get("text") or ""))
    for row in await connection.execute(statement):
        begun = row.created_at <= event.occurred_at + CLOCK_TOLERANCE
        if begun and _comparable(echoed_text(OutboundMessage.from_dict(row.payload))) == told:
            return str(row.message_id)
    return None


def _comparable(text: str) -> str:
    return " ".join(_ADDRESS.sub("<address>", text).split())
