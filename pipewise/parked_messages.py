"""A person decides about a message whose fate is unknown: send it once more, or leave it."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.errors import Conflict
from pipewise.storage import lanes, messages
from pipewise.storage import outbox as rows
from pipewise.storage.messages import Message


async def resend(connection: AsyncConnection, message: Message, now: datetime) -> None:
    """Into the queue again; the lead may get it twice, which the person has accepted."""
    await _require_parked(connection, message)
    # From now on it is a person's message: a takeover that silenced the agent does not cancel it.
    fresh = {
        "state": "pending",
        "author": "human",
        "attempts": 0,
        "not_before": None,
        "claimed_at": None,
        "error": None,
    }
    await _decide(connection, message, fresh)
    await messages.set_status(connection, message.account_id, message.id, "queued")
    await lanes.mark_due(connection, message.account_id, message.lead_id, now)


async def leave(connection: AsyncConnection, message: Message, by: str) -> None:
    """At rest for good."""
    await _require_parked(connection, message)
    error = {"code": "left", "message": f"{by} decided not to send it again"}
    await _decide(connection, message, {"state": "done", "error": error})
    await messages.set_status(connection, message.account_id, message.id, "canceled")


async def _require_parked(connection: AsyncConnection, message: Message) -> None:
    row = await rows.get_row(connection, message.account_id, message.id)
    if row.state != "parked":
        raise Conflict(f"This message is {message.status}; only parked ones are decided on.", code="not_parked")


async def _decide(connection: AsyncConnection, message: Message, values: dict[str, object]) -> None:
    if not await rows.update_row(connection, message.account_id, message.id, values, only_in=("parked",)):
        raise Conflict("Somebody else decided about this message just now.", code="not_parked")
