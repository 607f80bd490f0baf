"""What was said to a lead outside of the graph: by colleagues, and by follow-ups. Its memory is told of it in the next turn."""

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.storage.statements import conditions, keys
from pipewise.storage.tables import follow_ups, messages, runs
from pipewise.turns import Said

MOST = 10
# A turn reads the lead a moment before it begins; what is told twice is known by its id.
OVERLAP = timedelta(seconds=30)
UNSENT = ("canceled", "expired", "failed")
EVER = datetime(1971, 1, 1, tzinfo=UTC)


async def list_said(connection: AsyncConnection, account_id: str, lead_id: str) -> tuple[Said, ...]:
    """Since the last turn that was committed, oldest first."""
    mine = keys({"account_id": account_id, "lead_id": lead_id})
    since = (await connection.execute(_last_turn(), mine)).scalar()
    statement = _said().where(messages.c.created_at > (since - OVERLAP if since else EVER))
    found = (await connection.execute(statement, mine)).all()
    return tuple(Said(row.id, row.author, row.text) for row in reversed(found))


@cache
def _last_turn() -> Select[Any]:
    mine = conditions(runs, ("account_id", "lead_id"))
    return select(func.max(runs.c.started_at)).where(*mine, runs.c.outcome == "committed", runs.c.trigger == "webhook")


@cache
def _said() -> Select[Any]:
    fired = select(follow_ups.c.message_id).where(
        *conditions(follow_ups, ("account_id", "lead_id")), follow_ups.c.message_id.is_not(None)
    )
    return (
        select(messages.c.id, messages.c.author, messages.c.text)
        .where(
            *conditions(messages, ("account_id", "lead_id")),
            messages.c.direction == "out",
            messages.c.status.not_in(UNSENT),
            or_(messages.c.author == "human", messages.c.id.in_(fired)),
        )
        .order_by(messages.c.seq.desc())
        .limit(MOST)
    )
