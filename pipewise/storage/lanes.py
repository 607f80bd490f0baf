"""Lanes: which lead has work, from when on, and who holds it under which fencing number.

Taking a lane clears its due time, whoever brings work meanwhile sets it again, and giving the lane back keeps the earlier
of the two: so no work is forgotten, whatever the order.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, case, func, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from pipewise.errors import PipewiseError
from pipewise.storage import wake_ups
from pipewise.storage.conflict import insert_or_ignore, upsert
from pipewise.storage.tables import lanes

# Short, so that a dead worker's leads go on soon; whoever works a lane renews its lease (pipewise/lease_keeper.py).
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
    """There is work for this lead from `at` on; an earlier due time stands. The wake-up is part of the transaction."""
    statement = upsert(connection, lanes).values(lead_id=lead_id, account_id=account_id, due_at=at, fence=0)
    await connection.execute(
        statement.on_conflict_do_update(index_elements=["lead_id"], set_={"due_at": _earlier_than(at)})
    )
    await wake_ups.enqueue(connection, lead_id)


async def ensure(connection: AsyncConnection, account_id: str, lead_id: str) -> None:
    """The lead has a lane, whether or not there is work."""
    row = {"lead_id": lead_id, "account_id": account_id, "fence": 0}
    await connection.execute(insert_or_ignore(connection, lanes).values(row))


async def take(connection: AsyncConnection, lead_id: str, holder: str) -> Lease | None:
    """Lease the lane unless another holder's lease stands. The fencing number rises with every lease."""
    statement = (
        update(lanes)
        .where(lanes.c.lead_id == lead_id, or_(lanes.c.holder == holder, _is_free()))
        .values(holder=holder, fence=lanes.c.fence + 1, leased_until=DatabaseSeconds() + LEASE_SECONDS, due_at=None)
        .returning(lanes.c.account_id, lanes.c.fence)
    )
    row = (await connection.execute(statement)).first()
    return Lease(row.account_id, lead_id, holder, row.fence) if row else None


async def check(connection: AsyncConnection, lease: Lease) -> None:
    """Renew the lease inside the committing transaction. Raises LeaseLost if the fence has moved on."""
    statement = update(lanes).where(*_held(lease)).values(leased_until=DatabaseSeconds() + LEASE_SECONDS)
    if (await connection.execute(statement)).rowcount != 1:
        raise LeaseLost("The lane was taken over by another worker.")


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
    kept = lanes.c.due_at if due_at is None else _earlier_than(due_at)
    statement = (
        update(lanes).where(*_held(lease)).values(holder=None, leased_until=None, due_at=kept).returning(lanes.c.due_at)
    )
    found: datetime | None = (await connection.execute(statement)).scalar()
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


async def list_due(connection: AsyncConnection, now: datetime, limit: int = 1000) -> list[str]:
    """Leads with work that may be taken now, longest waiting first; a lane whose holder vanished may hold unfinished work."""
    waiting = select(lanes.c.lead_id).where(lanes.c.due_at <= now, _is_free()).order_by(lanes.c.due_at).limit(limit)
    deserted = select(lanes.c.lead_id).where(lanes.c.holder.is_not(None), _is_free()).limit(limit)
    found = [lead_id for each in (waiting, deserted) for lead_id in (await connection.execute(each)).scalars()]
    return list(dict.fromkeys(found))


async def next_due(connection: AsyncConnection) -> datetime | None:
    """Of lanes that nobody holds; a holder tells when it gives its lane back."""
    statement = select(func.min(lanes.c.due_at)).where(lanes.c.holder.is_(None))
    found: datetime | None = (await connection.execute(statement)).scalar()
    return found


def _is_free() -> Any:
    """Nobody holds the lane, or its holder has not been heard of for the time of a lease; a lease that reaches further than
    leases do is one of a database whose clock went back."""
    left = lanes.c.leased_until - DatabaseSeconds()
    return or_(lanes.c.holder.is_(None), left < 0, left > LEASE_SECONDS)


def _held(lease: Lease) -> tuple[Any, ...]:
    return (
        lanes.c.account_id == lease.account_id,
        lanes.c.lead_id == lease.lead_id,
        lanes.c.holder == lease.holder,
        lanes.c.fence == lease.fence,
    )


def _earlier_than(at: datetime) -> Any:
    return case((or_(lanes.c.due_at.is_(None), lanes.c.due_at > at), at), else_=lanes.c.due_at)
