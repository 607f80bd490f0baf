"""Rows about merges: which are due, what each has moved, and the leads that may be the same person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.storage.conflict import insert_unless_there
from pipewise.storage.statements import change, fetch
from pipewise.storage.tables import leads
from pipewise.storage.tables_trust import lead_merges
from pipewise.storage.types import derived_id

SYSTEM = "system"


@dataclass(frozen=True)
class Merge:
    """`lead_id` goes on, `other_id` is in it. `status`: due → done → undone; void: there was nothing to merge any more."""

    id: str
    account_id: str
    lead_id: str
    other_id: str
    status: str
    reason: str
    actor: str
    record: Mapping[str, Any] | None
    created_at: datetime


async def note_due(
    connection: AsyncConnection, account_id: str, lead_id: str, other_id: str, reason: str, actor: str, now: datetime
) -> None:
    """Two leads turned out to be one person. Once for each pair: a merge that was undone is not made again."""
    row = {
        "id": derived_id("merge", account_id, *sorted((lead_id, other_id))),
        "account_id": account_id,
        "lead_id": lead_id,
        "other_id": other_id,
        "status": "due",
        "reason": reason,
        "actor": actor,
        "created_at": now,
    }
    await insert_unless_there(connection, lead_merges, row)


async def note_same_person(
    connection: AsyncConnection, account_id: str, owned: Sequence[RowMapping], now: datetime
) -> None:
    """One sender's keys belong to several leads: they become the oldest of the leads, which is the first here."""
    oldest = str(owned[0]["lead_id"])
    for row in owned[1:]:
        if row["lead_id"] != oldest:
            reason = f"the same {row['platform']}"
            await note_due(connection, account_id, oldest, str(row["lead_id"]), reason, SYSTEM, now)


async def list_due(connection: AsyncConnection, limit: int) -> list[Merge]:
    """Of every account, longest waiting first."""
    statement = select(lead_merges).where(lead_merges.c.status == "due").order_by(lead_merges.c.created_at).limit(limit)
    return [Merge(**row) for row in (await connection.execute(statement)).mappings()]


async def set_void(connection: AsyncConnection, merge: Merge) -> None:
    """There is nothing to merge any more."""
    mine = {"account_id": merge.account_id, "id": merge.id, "status": "due"}
    await change(connection, lead_merges, mine, {"status": "void"})


async def get_merge(connection: AsyncConnection, account_id: str, merge_id: str) -> Merge | None:
    row = await fetch(connection, lead_merges, {"account_id": account_id, "id": merge_id})
    return Merge(**row) if row else None


async def put_merge(connection: AsyncConnection, merge: Merge) -> None:
    """The merge as it stands now; one that was due becomes done."""
    values = {name: getattr(merge, name) for name in ("lead_id", "other_id", "status", "reason", "actor", "record")}
    mine = {"account_id": merge.account_id, "id": merge.id}
    if not await change(connection, lead_merges, mine, values):
        row = {**mine, **values, "created_at": merge.created_at}
        await insert_unless_there(connection, lead_merges, row)


async def list_merged(connection: AsyncConnection, account_id: str, lead_id: str) -> list[Merge]:
    """What is in this lead now, newest first."""
    statement = select(lead_merges).where(
        lead_merges.c.account_id == account_id, lead_merges.c.lead_id == lead_id, lead_merges.c.status == "done"
    )
    statement = statement.order_by(lead_merges.c.created_at.desc(), lead_merges.c.id)
    return [Merge(**row) for row in (await connection.execute(statement)).mappings()]


async def survivor_of(connection: AsyncConnection, account_id: str, lead_id: str) -> str | None:
    """Where a lead went that was merged into another one."""
    statement = select(lead_merges.c.lead_id).where(
        lead_merges.c.account_id == account_id, lead_merges.c.other_id == lead_id, lead_merges.c.status == "done"
    )
    found: str | None = (await connection.execute(statement.limit(1))).scalar()
    return found


async def list_alike(connection: AsyncConnection, account_id: str, lead_id: str, limit: int) -> list[str]:
    """Ids of leads of the same name, but for capitals: perhaps the same person, perhaps not."""
    name = select(func.lower(leads.c.name)).where(leads.c.account_id == account_id, leads.c.id == lead_id)
    parted = select(lead_merges.c.id).where(
        lead_merges.c.account_id == account_id,
        lead_merges.c.status == "undone",
        or_(
            (lead_merges.c.lead_id == lead_id) & (lead_merges.c.other_id == leads.c.id),
            (lead_merges.c.other_id == lead_id) & (lead_merges.c.lead_id == leads.c.id),
        ),
    )
    statement = (
        select(leads.c.id)
        .where(
            leads.c.account_id == account_id,
            leads.c.id != lead_id,
            func.lower(leads.c.name) == name.scalar_subquery(),
            ~parted.exists(),
        )
        .order_by(leads.c.created_at, leads.c.id)
        .limit(limit)
    )
    return list((await connection.execute(statement)).scalars())
