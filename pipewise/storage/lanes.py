"""Lanes: which lead has work, from when on, and who holds it under which fencing number.

Taking a lane clears its due time, whoever brings work meanwhile sets it again, and giving the lane back keeps the earlier
of the two: so no work is forgotten, whatever the order.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, bindparam, case, func, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from pipewise.errors import PipewiseError
from pipewise.storage import wake_ups
from pipewise.storage.conflict import insert_for, insert_unless_there
from pipewise.storage.tables import lanes

# Short, so that a dead worker's leads go on soon; whoever works a lane renews its lease (pipewise/lease_keeper.py).
LISTED = 250  # and looked at again: whoever comes meanwhile is not kept waiting for all of a long list
LEASE_SECONDS = 8


class LeaseLost(PipewiseError):
    """Another worker took the lane over; nothing of this turn may be committed."""

    code = "lease_lost"


class DatabaseSeconds(FunctionElement[int]):
    """The database's clock: one for all workers, and deaf to jumps of the service's own."""

    type = BigInteger()
    inherit_cache = True


@compiles(DatabaseSeconds, "sqlite")
def _seconds_on_sqlite(_element: DatabaseSeconds, _compiler: Any, **_: Any) -> str:
    return "unixepoch()"


@compiles(DatabaseSeconds, "postgresql")
def _seconds_on_postgresql(_element: DatabaseSeconds, _compiler: Any, **_: Any) -> str:
    return "CAST(EXTRACT(EPOCH FROM clock_timestamp()) AS BIGINT)"


@dataclass(frozen=True)
class Lease:
    account_id: str
    lead_id: str
    holder: str
    fence: int


async def mark_due(connection: AsyncConnection, account_id: str, lead_id: str, at: datetime) -> None:
    """There is work for this lead from `at` on; an earlier due time stands."""
    row = {"lead_id": lead_id, "account_id": account_id, "due_at": at, "fence": 0}
    await connection.execute(_marking(connection.dialect.name), row)
    await wake_ups.enqueue(connection, lead_id)


@cache
def _marking(dialect: str) -> Any:
    statement = insert_for(dialect, lanes)
    given = statement.excluded.due_at
    earlier = case((or_(lanes.c.due_at.is_(None), lanes.c.due_at > given), given), else_=lanes.c.due_at)
    return statement.on_conflict_do_update(index_elements=["lead_id"], set_={"due_at": earlier})


async def ensure(connection: AsyncConnection, account_id: str, lead_id: str) -> None:
    """The lead has a lane, whether or not there is work."""
    row = {"lead_id": lead_id, "account_id": account_id, "fence": 0}
    await insert_unless_there(connection, lanes, row)


async def take(connection: AsyncConnection, lead_id: str, holder: str) -> Lease | None:
    """Lease the lane unless another holder's lease stands. The fencing number rises with every lease."""
    row = (await connection.execute(_taking(), {"key_lead": lead_id, "key_holder": holder, "holder": holder})).first()
    return Lease(row.account_id, lead_id, holder, row.fence) if row else None


async def check(connection: AsyncConnection, lease: Lease) -> None:
    """Renew the lease inside the committing transaction. Raises LeaseLost if the fence has moved on."""
    if (await connection.execute(_checking(), _key(lease))).rowcount != 1:
        raise LeaseLost("The lane was taken over by another worker.")


async def stands(connection: AsyncConnection, lease: Lease) -> bool:
    """Whether the lane is still this holder's; it is not renewed, and nothing is waited for."""
    return (await connection.execute(_standing(), _key(lease))).first() is not None


async def renew(connection: AsyncConnection, leases: Collection[Lease]) -> set[Lease]:
    """Those of the leases that still stand, renewed but for lanes that another transaction has in hand just now."""
    key = tuple_(lanes.c.lead_id, lanes.c.holder, lanes.c.fence)
    given = {(lease.lead_id, lease.holder, lease.fence): lease for lease in leases}
    # Nothing is waited for: an inbox's transaction may hold one of these lanes and come for another.
    ours = select(lanes.c.lead_id).where(key.in_(list(given))).with_for_update(skip_locked=True)
    statement = update(lanes).where(lanes.c.lead_id.in_(ours)).values(leased_until=DatabaseSeconds() + LEASE_SECONDS)
    await connection.execute(statement)
    standing = await connection.execute(
        select(lanes.c.lead_id, lanes.c.holder, lanes.c.fence).where(key.in_(list(given)))
    )
    return {given[tuple(row)] for row in standing}


async def release(connection: AsyncConnection, lease: Lease, due_at: datetime | None) -> datetime | None:
    """Give the lane back; `due_at` says when its holder has work again. Returns when the lane is due now."""
    given = _key(lease) if due_at is None else {**_key(lease), "at": due_at}
    found: datetime | None = (await connection.execute(_releasing(later=due_at is not None), given)).scalar()
    return found


async def release_all(connection: AsyncConnection, now: datetime) -> int:
    """Take over every lease of a former process. Only an embedded start may do this: it is alone by its lock file."""
    statement = (
        update(lanes)
        .where(lanes.c.holder.is_not(None))
        .values(holder=None, leased_until=None, due_at=_earlier_than(now))
    )
    return (await connection.execute(statement)).rowcount


async def bring_forward(connection: AsyncConnection, now: datetime) -> None:
    """The clock went back: due times set by it may lie years ahead, so every lane with work is looked at now."""
    await connection.execute(update(lanes).where(lanes.c.due_at > now).values(due_at=now))


async def list_due(connection: AsyncConnection, now: datetime, limit: int = LISTED) -> list[str]:
    """Leads with work that may be taken now, longest waiting first and accounts in turn; a lane
    whose holder vanished may hold unfinished work."""
    waiting = await connection.execute(_waiting(), {"now": now, "most": limit})
    deserted = await connection.execute(_deserted(), {"most": limit})
    return list(dict.fromkeys([*waiting.scalars(), *deserted.scalars()]))


async def next_due(connection: AsyncConnection) -> datetime | None:
    """Of lanes that nobody holds; a holder tells when it gives its lane back."""
    found: datetime | None = (await connection.execute(_next())).scalar()
    return found


def _is_free() -> Any:
    """Nobody holds the lane, or its holder has not been heard of for the time of a lease; a lease that reaches further than
    leases do is one of a database whose clock went back."""
    left = lanes.c.leased_until - DatabaseSeconds()
    return or_(lanes.c.holder.is_(None), left < 0, left > LEASE_SECONDS)


def _key(lease: Lease) -> dict[str, Any]:
    return {
        "key_account": lease.account_id,
        "key_lead": lease.lead_id,
        "key_holder": lease.holder,
        "key_fence": lease.fence,
    }


def _held() -> tuple[Any, ...]:
    """The lease's own row, as long as the lease stands."""
    return (
        lanes.c.account_id == bindparam("key_account"),
        lanes.c.lead_id == bindparam("key_lead"),
        lanes.c.holder == bindparam("key_holder"),
        lanes.c.fence == bindparam("key_fence"),
    )


@cache
def _taking() -> Any:
    free = or_(lanes.c.holder == bindparam("key_holder"), _is_free())
    until = DatabaseSeconds() + LEASE_SECONDS
    statement = update(lanes).where(lanes.c.lead_id == bindparam("key_lead"), free)
    taken = statement.values(holder=bindparam("holder"), fence=lanes.c.fence + 1, leased_until=until, due_at=None)
    return taken.returning(lanes.c.account_id, lanes.c.fence)


@cache
def _checking() -> Any:
    return update(lanes).where(*_held()).values(leased_until=DatabaseSeconds() + LEASE_SECONDS)


@cache
def _standing() -> Any:
    return select(lanes.c.lead_id).where(*_held())


@cache
def _releasing(*, later: bool) -> Any:
    kept = _earlier_than(bindparam("at", type_=lanes.c.due_at.type)) if later else lanes.c.due_at
    statement = update(lanes).where(*_held()).values(holder=None, leased_until=None, due_at=kept)
    return statement.returning(lanes.c.due_at)


@cache
def _waiting() -> Any:
    """The longest waiting of each account, then the next of each: one with thousands does not keep the others out."""
    place = func.row_number().over(partition_by=lanes.c.account_id, order_by=lanes.c.due_at).label("place")
    due = (
        select(lanes.c.lead_id, lanes.c.due_at, place).where(lanes.c.due_at <= bindparam("now"), _is_free()).subquery()
    )
    return select(due.c.lead_id).order_by(due.c.place, due.c.due_at).limit(bindparam("most"))


@cache
def _deserted() -> Any:
    return select(lanes.c.lead_id).where(lanes.c.holder.is_not(None), _is_free()).limit(bindparam("most"))


@cache
def _next() -> Any:
    return select(func.min(lanes.c.due_at)).where(lanes.c.holder.is_(None))


def _earlier_than(at: Any) -> Any:
    return case((or_(lanes.c.due_at.is_(None), lanes.c.due_at > at), at), else_=lanes.c.due_at)
