"""The journal's rows: of a turn under way its segments, of one that was committed one sealed row."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.storage import lanes
from pipewise.storage.conflict import insert_unless_there
from pipewise.storage.lanes import Lease, LeaseLost
from pipewise.storage.statements import conditions, keys
from pipewise.storage.tables import journal
from pipewise.storage.types import derived_id

TURN = -1
"""The ordinal of a committed turn's row; segments count from 0."""


_SEGMENTS = (
    select(journal)
    .where(*conditions(journal, ("account_id", "run_id")), journal.c.ordinal >= 0)
    .order_by(journal.c.ordinal)
)
_DROP = delete(journal).where(*conditions(journal, ("account_id", "run_id")))


@dataclass(frozen=True)
class JournalRow:
    """`sealed` opens with the vault. `request`: of a segment, the digest of what its last step asked."""

    id: str
    account_id: str
    lead_id: str
    run_id: str
    ordinal: int
    request: str
    sealed: bytes
    created_at: datetime

    def __repr__(self) -> str:
        return f"JournalRow(run_id={self.run_id!r}, ordinal={self.ordinal})"


def row_id(run_id: str, ordinal: int) -> str:
    return derived_id("journal", run_id, ordinal)


async def list_segments(connection: AsyncConnection, account_id: str, run_id: str) -> list[JournalRow]:
    """What a try of this turn that did not come to its end has left, in order."""
    mine = keys({"account_id": account_id, "run_id": run_id})
    return [_read(row) for row in (await connection.execute(_SEGMENTS, mine)).mappings()]


async def put_segment(connection: AsyncConnection, row: JournalRow, lease: Lease | None = None) -> JournalRow:
    """The row that stands now: one of an earlier try, if it ends with the same question, is kept; any other is replaced, and
    what followed it is gone. Raises LeaseLost where that would be the work of the lane's new holder."""
    if await insert_unless_there(connection, journal, _columns(row)):
        return row
    mine = (journal.c.account_id == row.account_id, journal.c.run_id == row.run_id)
    found = (await connection.execute(select(journal).where(*mine, journal.c.ordinal == row.ordinal))).mappings().one()
    if found["request"] == row.request:
        return _read(found)
    if lease and not await lanes.stands(connection, lease):
        raise LeaseLost("The lane was taken over by another worker.")
    values = {"request": row.request, "sealed": row.sealed, "created_at": row.created_at}
    await connection.execute(update(journal).where(*mine, journal.c.ordinal == row.ordinal).values(values))
    await connection.execute(delete(journal).where(*mine, journal.c.ordinal > row.ordinal))
    return row


async def put_turn(connection: AsyncConnection, row: JournalRow) -> None:
    """The whole turn in one row; its segments are dropped first, if there are any."""
    await insert_unless_there(connection, journal, _columns(row))


async def drop_segments(connection: AsyncConnection, account_id: str, run_id: str) -> None:
    """A turn that ended, one way or another, is not taken up again."""
    await connection.execute(_DROP, keys({"account_id": account_id, "run_id": run_id}))


async def list_turns(
    connection: AsyncConnection, account_id: str, lead_id: str, run_id: str | None = None
) -> list[JournalRow]:
    """Committed turns of a lead, oldest first."""
    statement = select(journal).where(
        journal.c.account_id == account_id, journal.c.lead_id == lead_id, journal.c.ordinal == TURN
    )
    if run_id:
        statement = statement.where(journal.c.run_id == run_id)
    rows = (await connection.execute(statement.order_by(journal.c.created_at, journal.c.id))).mappings()
    return [_read(row) for row in rows]


async def forget_older(connection: AsyncConnection, before: datetime, limit: int = 1000) -> int:
    """Retention: at most `limit` rows at a time, of any account. Returns how many went."""
    old = select(journal.c.id).where(journal.c.created_at < before).limit(limit)
    return (await connection.execute(delete(journal).where(journal.c.id.in_(old)))).rowcount


def _columns(row: JournalRow) -> dict[str, Any]:
    return {field.name: getattr(row, field.name) for field in fields(row)}


def _read(row: RowMapping) -> JournalRow:
    return JournalRow(**row)
