"""What was said to a lead outside of the graph: by colleagues, and by follow-ups. Its memory is told of it in the next turn."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.storage.follow_ups import SHOWN
from pipewise.storage.statements import conditions, keys
from pipewise.storage.tables import follow_ups, messages, runs
from pipewise.turns import Said

MOST = 10
LOOKED_AT = 40  # the newest messages: what a turn costs does not grow with the conversation
# A turn reads the lead a moment before it begins; what is told twice is known by its id.
OVERLAP = timedelta(seconds=30)
UNSENT = ("canceled", "expired", "failed")
EVER = datetime(1971, 1, 1, tzinfo=UTC)


async def list_said(connection: AsyncConnection, account_id: str, lead_id: str) -> tuple[Said, ...]:
    """Since the last turn that was committed, oldest first."""
    mine = keys({"account_id": account_id, "lead_id": lead_id})
    since = (await connection.execute(_last_turn(), mine)).scalar()
    found = (await connection.execute(_said(), {**mine, "since": since - OVERLAP if since else EVER})).all()
    return tuple(Said(row.id, row.author, row.text, _offered(row.basis)) for row in reversed(found))


def _offered(basis: Mapping[str, Any] | None) -> tuple[Mapping[str, str], ...]:
    return tuple(basis["offered"]) if basis and basis.get(SHOWN) else ()


@cache
def _last_turn() -> Select[Any]:
    mine = conditions(runs, ("account_id", "lead_id"))
    committed = (runs.c.outcome == "committed", runs.c.trigger == "webhook")
    return select(runs.c.started_at).where(*mine, *committed).order_by(runs.c.started_at.desc()).limit(1)


@cache
def _said() -> Select[Any]:
    columns = (messages.c[name] for name in ("id", "seq", "author", "text", "status", "direction", "created_at"))
    newest = (
        select(*columns)
        .where(*conditions(messages, ("account_id", "lead_id")))
        .order_by(messages.c.seq.desc())
        .limit(LOOKED_AT)
        .subquery()
    )
    fired = (
        select(follow_ups.c.message_id, follow_ups.c.basis)
        .where(*conditions(follow_ups, ("account_id", "lead_id")), follow_ups.c.message_id.is_not(None))
        .subquery()
    )
    return (
        select(newest.c.id, newest.c.author, newest.c.text, fired.c.basis)
        .select_from(newest.outerjoin(fired, fired.c.message_id == newest.c.id))
        .where(
            newest.c.direction == "out",
            newest.c.status.not_in(UNSENT),
            newest.c.created_at > bindparam("since", type_=messages.c.created_at.type),
            or_(newest.c.author == "human", fired.c.message_id.is_not(None)),
        )
        .order_by(newest.c.seq.desc())
        .limit(MOST)
    )
