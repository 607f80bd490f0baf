"""A dead letter gets another life: it is accepted again as it came, and its lead's lane is due at once."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.errors import Conflict
from pipewise.storage import events as rows
from pipewise.storage import lanes
from pipewise.storage.events import StoredEvent
from pipewise.storage.tables import events

MOST = 500


@dataclass(frozen=True)
class Replayed:
    """`leads` have work again; `more` tells that dead letters are left that could be replayed."""

    events: tuple[str, ...]
    leads: tuple[str, ...]
    more: bool


async def replay_event(connection: AsyncConnection, account_id: str, event_id: str, now: datetime) -> StoredEvent:
    """The event, accepted again. Raises NotFound, or Conflict for one that is no dead letter or was never understood."""
    event = await rows.get_event(connection, account_id, event_id)
    if event.status == "dead_letter" and event.lead_id is None:
        raise Conflict(
            f"Event {event_id} could not be read as a message when it came ({event.reason}); it has no lead to answer.",
            code="not_replayable",
        )
    if event.lead_id is None or not await _accept_again(connection, account_id, event_id):
        latest = await rows.get_event(connection, account_id, event_id)
        told = f"Event {event_id} is {latest.status}; only dead letters are replayed."
        raise Conflict(told, code="not_a_dead_letter")
    await lanes.mark_due(connection, account_id, event.lead_id, now)
    return await rows.get_event(connection, account_id, event_id)


async def replay_all(
    connection: AsyncConnection, account_id: str, now: datetime, *, platform: str | None = None
) -> Replayed:
    """Every dead letter of a lead, oldest first, at most 500 at a time. What was never understood stays where it is."""
    statement = select(events.c.id, events.c.lead_id).where(
        events.c.account_id == account_id, events.c.status == "dead_letter", events.c.lead_id.is_not(None)
    )
    if platform:
        statement = statement.where(events.c.platform == platform)
    found = (await connection.execute(statement.order_by(events.c.seq).limit(MOST + 1))).all()
    replayed = [row for row in found[:MOST] if await _accept_again(connection, account_id, row.id)]
    leads = tuple(dict.fromkeys(row.lead_id for row in replayed))
    for lead_id in sorted(leads):  # always in the same order: two that replay wait for each other in a line
        await lanes.mark_due(connection, account_id, lead_id, now)
    return Replayed(tuple(row.id for row in replayed), leads, more=len(found) > MOST)


async def _accept_again(connection: AsyncConnection, account_id: str, event_id: str) -> bool:
    """False if somebody else was quicker. The tries are counted on, so that each has its own record."""
    fresh = {"status": "accepted", "not_before": None, "reason": None, "processed_at": None}
    dead = (events.c.id == event_id, events.c.account_id == account_id, events.c.status == "dead_letter")
    return (await connection.execute(update(events).where(*dead).values(fresh))).rowcount == 1
