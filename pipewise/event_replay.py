"""A dead letter gets another life: its failed tries are forgotten and its lead's lane is due at once."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.errors import Conflict
from pipewise.storage import events as rows
from pipewise.storage import lanes
from pipewise.storage.events import StoredEvent
from pipewise.storage.tables import events


async def replay_event(connection: AsyncConnection, account_id: str, event_id: str, now: datetime) -> StoredEvent:
    """The event, accepted again. Raises NotFound, or Conflict for one that is no dead letter or was never understood."""
    event = await rows.get_event(connection, account_id, event_id)
    if event.status != "dead_letter":
        raise Conflict(f"Event {event_id} is {event.status}; only dead letters are replayed.", code="not_a_dead_letter")
    if event.lead_id is None:
        raise Conflict(
            f"Event {event_id} could not be read as a message when it came ({event.reason}); it has no lead to answer.",
            code="not_replayable",
        )
    fresh = {"status": "accepted", "attempts": 0, "not_before": None, "reason": None, "processed_at": None}
    await connection.execute(
        update(events).where(events.c.id == event.id, events.c.account_id == account_id).values(fresh)
    )
    await lanes.mark_due(connection, account_id, event.lead_id, now)
    return await rows.get_event(connection, account_id, event_id)
