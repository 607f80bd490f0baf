"""Lanes: which lead has work, from when on, and who holds it under which fencing number."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.errors import PipewiseError
from pipewise.storage.conflict import insert_or_ignore, upsert
from pipewise.storage.tables import events, lanes

LEASE = timedelta(seconds=120)


class LeaseLost(PipewiseError):
    """Another worker took the lane over; nothing of this turn may be committed."""

    code = "lease_lost"


@dataclass(frozen=True)
class Lease:
    account_id: str
    lead_id: str
    holder: str
    fence: int


async def mark_due(connection: AsyncConnection, account_id: str, lead_id: str, at: datetime) -> None:
    """There is work for this lead from `at` on; an earlier due time stands."""
    statement = upsert(connection, lanes).values(lead_id=lead_id, account_id=account_id, due_at=at, fence=0)
    earlier = case((or_(lanes.c.due_at.is_(None), lanes.c.due_at > at), at), else_=lanes.c.due_at)
    await connection.execute(statement.on_conflict_do_update(index_elements=["lead_id"], set_={"due_at": earlier}))


async def ensure(connection: AsyncConnection, account_id: str, lead_id: str) -> None:
    """The lead has a lane, whether or not there is work."""
    row = {"lead_id": lead_id, "account_id": account_id, "fence": 0}
    await connection.execute(insert_or_ignore(connection, lanes).values(row))


async def take(connection: AsyncConnection, lead_id: str, holder: str, now: datetime) -> Lease | None:
    """Lease the lane unless another holder's lease stands. The fencing number rises with every lease."""
    statement = (
        update(lanes)
        .where(
            lanes.c.lead_id == lead_id,
            or_(lanes.c.holder.is_(None), lanes.c.holder == holder, lanes.c.leased_until < now),
        )
        .values(holder=holder, fence=lanes.c.fence + 1, leased_until=now + LEASE)
        .returning(lanes.c.account_id, lanes.c.fence)
    )
    row = (await connection.execute(statement)).first()
    return Lease(row.account_id, lead_id, holder, row.fence) if row else None


async def check(connection: AsyncConnection, lease: Lease, now: datetime) -> None:
    """Renew the lease inside the committing transaction. Raises LeaseLost if the fence has moved on."""
    statement = (
        update(lanes)
        .where(lanes.c.lead_id == lease.lead_id, lanes.c.holder == lease.holder, lanes.c.fence == lease.fence)
        .values(leased_until=now + LEASE)
    )
    if (await connection.execute(statement)).rowcount != 1:
        raise LeaseLost("The lane was taken over by another worker.")


async def release(connection: AsyncConnection, lease: Lease, due_at: datetime | None, now: datetime) -> None:
    """Give the lane back; `due_at` says when there is work again. Events accepted since the last look keep it due."""
    mine = (lanes.c.lead_id == lease.lead_id, lanes.c.holder == lease.holder, lanes.c.fence == lease.fence)
    # The first statement locks the row, so an accept that commits later finds it and marks it due itself.
    released = await connection.execute(
        update(lanes).where(*mine).values(holder=None, leased_until=None, due_at=due_at)
    )
    if not released.rowcount or due_at is not None:
        return
    waiting = select(events.c.seq).where(
        events.c.lead_id == lease.lead_id, events.c.account_id == lease.account_id, events.c.status == "accepted"
    )
    if (await connection.execute(waiting.limit(1))).first():
        await connection.execute(update(lanes).where(lanes.c.lead_id == lease.lead_id).values(due_at=now))


async def release_all(connection: AsyncConnection) -> int:
    """Take over every lease of a former process. Only an embedded start may do this: it is alone by its lock file."""
    statement = update(lanes).where(lanes.c.holder.is_not(None)).values(holder=None, leased_until=None)
    return (await connection.execute(statement)).rowcount


async def list_due(connection: AsyncConnection, now: datetime, limit: int = 1000) -> list[str]:
    """Leads with work that may be taken now, longest waiting first."""
    statement = (
        select(lanes.c.lead_id)
        .where(lanes.c.due_at <= now, or_(lanes.c.holder.is_(None), lanes.c.leased_until < now))
        .order_by(lanes.c.due_at)
        .limit(limit)
    )
    return list((await connection.execute(statement)).scalars())


async def next_due(connection: AsyncConnection) -> datetime | None:
    found: datetime | None = (await connection.execute(select(func.min(lanes.c.due_at)))).scalar()
    return found
