"""Follow-ups: planned once, fired, held or canceled, with the reason of each change."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import cache
from typing import Any

from sqlalchemy import RowMapping, Select, bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.follow_up_plan import CAPPED, WEEK, Kind, Planned, Spent
from pipewise.leads import Lead
from pipewise.storage.conflict import insert_unless_there
from pipewise.storage.statements import change, conditions, fetch, keys
from pipewise.storage.tables import follow_ups, lead_changes, messages
from pipewise.storage.types import derived_id

UNSENT = ("canceled", "expired", "failed")
PLANNED, FIRED, CANCELED, HELD = "planned", "fired", "canceled", "held"
SHOWN = "shown"
"""In a basis: the message told the lead the slots under `offered`, so these are on offer now."""


@dataclass(frozen=True)
class FollowUp:
    id: str
    account_id: str
    lead_id: str
    kind: Kind
    basis_key: str
    step: int
    state: str
    basis: Mapping[str, Any]
    reason: str
    due_at: datetime
    moved_at: datetime | None
    move_reason: str | None
    ended_at: datetime | None
    end_reason: str | None
    message_id: str | None
    created_at: datetime


async def plan(connection: AsyncConnection, lead: Lead, planned: Planned, now: datetime) -> bool:
    """False if it was planned before. One of a meeting that was canceled and stands again is planned anew."""
    row = {
        "id": derived_id("follow_up", lead.id, planned.kind, planned.basis_key, planned.step),
        "account_id": lead.account_id,
        "lead_id": lead.id,
        "kind": planned.kind,
        "basis_key": planned.basis_key,
        "step": planned.step,
        "state": PLANNED,
        "basis": dict(planned.basis),
        "reason": planned.reason,
        "due_at": planned.due_at,
        "created_at": now,
    }
    if await insert_unless_there(connection, follow_ups, row):
        return True
    mine = {"account_id": lead.account_id, "id": row["id"], "state": CANCELED}
    again = {"state": PLANNED, "due_at": planned.due_at, "basis": row["basis"], "ended_at": None, "end_reason": None}
    return bool(await change(connection, follow_ups, mine, {**again, "created_at": now}))


async def get_follow_up(connection: AsyncConnection, account_id: str, follow_up_id: str) -> FollowUp | None:
    row = await fetch(connection, follow_ups, {"account_id": account_id, "id": follow_up_id})
    return _read(row) if row else None


async def find_by_message(connection: AsyncConnection, account_id: str, message_id: str) -> FollowUp | None:
    """The follow-up that this message carries out; None for any other message."""
    row = await fetch(connection, follow_ups, {"account_id": account_id, "message_id": message_id})
    return _read(row) if row else None


async def list_planned(connection: AsyncConnection, account_id: str, lead_id: str) -> list[FollowUp]:
    """Earliest first."""
    mine = keys({"account_id": account_id, "lead_id": lead_id})
    return [_read(row) for row in (await connection.execute(_planned(), mine)).mappings()]


async def cancel(connection: AsyncConnection, lead: Lead, kinds: Collection[Kind], reason: str, now: datetime) -> None:
    """Every planned follow-up of these kinds."""
    mine = keys({"account_id": lead.account_id, "lead_id": lead.id})
    await connection.execute(_canceling(tuple(sorted(kinds))), {**mine, "end_reason": reason, "ended_at": now})


async def end(
    connection: AsyncConnection,
    follow_up: FollowUp,
    state: str,
    reason: str,
    now: datetime,
    *,
    message_id: str | None = None,
    only_in: str = PLANNED,
) -> bool:
    """False if it was not in that state any more."""
    values = {"state": state, "end_reason": reason, "ended_at": now, "message_id": message_id or follow_up.message_id}
    return bool(await change(connection, follow_ups, {**_key(follow_up), "state": only_in}, values))


async def fire_again(connection: AsyncConnection, follow_up: FollowUp, now: datetime) -> None:
    """Its draft cannot be sent as it is: it is due once more, and makes another."""
    values = {"state": PLANNED, "due_at": now, "ended_at": None, "end_reason": None, "message_id": None}
    await change(connection, follow_ups, {**_key(follow_up), "state": FIRED}, values)


async def move(connection: AsyncConnection, follow_up: FollowUp, due_at: datetime, reason: str, now: datetime) -> None:
    values = {"due_at": due_at, "moved_at": now, "move_reason": reason}
    await change(connection, follow_ups, {**_key(follow_up), "state": PLANNED}, values)


async def rebase(connection: AsyncConnection, follow_up: FollowUp, basis: Mapping[str, Any]) -> None:
    """It stands, on other ground."""
    await change(connection, follow_ups, {**_key(follow_up), "state": PLANNED}, {"basis": dict(basis)})


async def read_spent(connection: AsyncConnection, account_id: str, lead_id: str, now: datetime) -> Spent:
    """What counts for the caps."""
    fired = (
        select(follow_ups.c.ended_at)
        .where(
            follow_ups.c.account_id == account_id,
            follow_ups.c.lead_id == lead_id,
            follow_ups.c.state == FIRED,
            follow_ups.c.kind.in_(CAPPED),
            follow_ups.c.ended_at > now - WEEK,
        )
        .order_by(follow_ups.c.ended_at)
    )
    written = (
        select(func.count())
        .select_from(messages)
        .where(
            messages.c.account_id == account_id,
            messages.c.lead_id == lead_id,
            messages.c.author == "agent",
            messages.c.status.not_in(UNSENT),
            messages.c.created_at >= datetime.combine(now.date(), time.min, UTC),
        )
    )
    week = tuple((await connection.execute(fired)).scalars())
    return Spent(week, (await connection.execute(written)).scalar() or 0)


async def last_heard(connection: AsyncConnection, account_id: str, lead_id: str) -> int:
    """The place in the transcript of the lead's last message; 0 if there is none."""
    mine = keys({"account_id": account_id, "lead_id": lead_id})
    return (await connection.execute(_HEARD, mine)).scalar() or 0


async def refuses_offers(connection: AsyncConnection, account_id: str, lead_id: str) -> bool:
    """Whether the lead told the vendor that the company may not open conversations."""
    statement = (
        select(lead_changes.c.after)
        .where(
            lead_changes.c.account_id == account_id,
            lead_changes.c.lead_id == lead_id,
            lead_changes.c.kind == "consent",
        )
        .order_by(lead_changes.c.seq.desc())
        .limit(1)
    )
    return (await connection.execute(statement)).scalar() == "False"


_HEARD = (
    select(messages.c.seq)
    .where(*conditions(messages, ("account_id", "lead_id")), messages.c.direction == "in")
    .order_by(messages.c.seq.desc())
    .limit(1)
)


@cache
def _planned() -> Select[Any]:
    mine = conditions(follow_ups, ("account_id", "lead_id"))
    return select(follow_ups).where(*mine, follow_ups.c.state == PLANNED).order_by(follow_ups.c.due_at, follow_ups.c.id)


@cache
def _canceling(kinds: tuple[Kind, ...]) -> Any:
    mine = conditions(follow_ups, ("account_id", "lead_id"))
    values = {"state": CANCELED, "end_reason": bindparam("end_reason"), "ended_at": bindparam("ended_at")}
    return update(follow_ups).where(*mine, follow_ups.c.state == PLANNED, follow_ups.c.kind.in_(kinds)).values(values)


def _key(follow_up: FollowUp) -> dict[str, str]:
    return {"account_id": follow_up.account_id, "id": follow_up.id}


def _read(row: RowMapping) -> FollowUp:
    return FollowUp(**{**row, "kind": Kind(row["kind"])})
