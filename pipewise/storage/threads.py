"""Threads of the graph protocol: those that clients made, and leads' own conversations."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, delete, exists, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.errors import NotFound
from pipewise.storage.conflict import insert_unless_there
from pipewise.storage.json_match import holds_all
from pipewise.storage.statements import change, fetch
from pipewise.storage.tables import leads
from pipewise.storage.tables_threads import thread_runs, threads
from pipewise.storage.types import derived_id

UNFINISHED = ("pending", "running")
SORTABLE = {
    "thread_id": threads.c.thread_id,
    "status": threads.c.status,
    "created_at": threads.c.created_at,
    "updated_at": threads.c.updated_at,
    "state_updated_at": threads.c.updated_at,
}


@dataclass(frozen=True)
class Thread:
    """`lead_id`: it is that lead's own conversation. `status`: idle | busy | interrupted | error."""

    account_id: str
    thread_id: str
    lead_id: str | None
    metadata: Mapping[str, Any]
    status: str
    temporary: bool
    created_at: datetime
    updated_at: datetime

    @property
    def place(self) -> str:
        return place_of(self.account_id, self.thread_id, self.lead_id)


def place_of(account_id: str, thread_id: str, lead_id: str | None) -> str:
    """The checkpoints' name of a thread. Ids that clients chose are told apart by account, since two may choose the same."""
    return thread_id if lead_id else derived_id("client thread", account_id, thread_id)


@dataclass(frozen=True)
class Search:
    """What threads are looked for; `lead_id` is that of a conversation."""

    metadata: Mapping[str, Any]
    ids: Collection[str] | None = None
    status: str | None = None
    limit: int = 10
    offset: int = 0
    sort_by: str = "created_at"
    ascending: bool = False


async def create(
    connection: AsyncConnection,
    account_id: str,
    thread_id: str,
    metadata: Mapping[str, Any],
    now: datetime,
    *,
    lead_id: str | None = None,
    temporary: bool = False,
) -> bool:
    """False if it is there already."""
    row = {
        "account_id": account_id,
        "thread_id": thread_id,
        "lead_id": lead_id,
        "metadata": dict(metadata),
        "status": "idle",
        "temporary": temporary,
        "runs_made": 0,
        "created_at": now,
        "updated_at": now,
    }
    return await insert_unless_there(connection, threads, row)


async def find(connection: AsyncConnection, account_id: str, thread_id: str) -> Thread | None:
    """A thread that was made, or the conversation of a lead of this account, which needs no making."""
    statement = select(threads, _is_busy().label("busy")).where(*_mine(account_id, thread_id))
    row = (await connection.execute(statement)).mappings().first()
    if row:
        return _read(row)
    lead = await fetch(connection, leads, {"thread_id": thread_id, "account_id": account_id})
    return _of_lead(lead) if lead else None


async def get(connection: AsyncConnection, account_id: str, thread_id: str) -> Thread:
    found = await find(connection, account_id, thread_id)
    if found is None:
        raise NotFound("There is no such thread.")
    return found


async def ensure_row(connection: AsyncConnection, thread: Thread, now: datetime) -> None:
    """A lead's conversation has a row from the first run on that a client makes on it."""
    await create(connection, thread.account_id, thread.thread_id, thread.metadata, now, lead_id=thread.lead_id)


async def change_metadata(
    connection: AsyncConnection, thread: Thread, metadata: Mapping[str, Any], now: datetime
) -> None:
    """Merged key by key."""
    await ensure_row(connection, thread, now)
    values = {"metadata": {**thread.metadata, **metadata}, "updated_at": now}
    await change(connection, threads, _key(thread), values)


async def lock(connection: AsyncConnection, thread: Thread) -> None:
    """Before its runs' rows, as whoever adds a run does."""
    mine = _mine(thread.account_id, thread.thread_id)
    await connection.execute(select(threads.c.thread_id).where(*mine).with_for_update())


async def set_status(connection: AsyncConnection, thread: Thread, status: str, now: datetime) -> None:
    await change(connection, threads, _key(thread), {"status": status, "updated_at": now})


async def remove(connection: AsyncConnection, thread: Thread) -> None:
    """With its runs, by the schema's cascade."""
    await connection.execute(delete(threads).where(*_mine(thread.account_id, thread.thread_id)))


async def list_of_lead(connection: AsyncConnection, account_id: str, lead_id: str) -> list[Thread]:
    """Every thread in which a run named this lead, the lead's own conversation left out."""
    named = select(thread_runs.c.thread_id).where(
        thread_runs.c.account_id == account_id, thread_runs.c.lead_id == lead_id
    )
    statement = select(threads, literal(0).label("busy")).where(
        threads.c.account_id == account_id, threads.c.thread_id.in_(named), threads.c.lead_id.is_(None)
    )
    return [_read(row) for row in (await connection.execute(statement)).mappings()]


async def list_temporary(connection: AsyncConnection, before: datetime) -> list[Thread]:
    """Older than that, of runs that are over."""
    statement = select(threads, literal(0).label("busy")).where(
        threads.c.temporary.is_(True), threads.c.created_at < before, ~_is_busy()
    )
    return [_read(row) for row in (await connection.execute(statement)).mappings()]


async def search(connection: AsyncConnection, account_id: str, wanted: Search) -> list[Thread]:
    column = SORTABLE[wanted.sort_by]
    order = (column, threads.c.thread_id) if wanted.ascending else (column.desc(), threads.c.thread_id.desc())
    statement = (
        select(threads, _is_busy().label("busy"))
        .where(*_conditions(account_id, wanted))
        .order_by(*order)
        .limit(wanted.limit)
        .offset(wanted.offset)
    )
    return [_read(row) for row in (await connection.execute(statement)).mappings()]


async def count(connection: AsyncConnection, account_id: str, wanted: Search) -> int:
    statement = select(func.count()).select_from(threads).where(*_conditions(account_id, wanted))
    return int((await connection.execute(statement)).scalar_one())


def _conditions(account_id: str, wanted: Search) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [threads.c.account_id == account_id, threads.c.temporary.is_(False)]
    found += holds_all(threads.c.metadata, wanted.metadata)
    if wanted.ids is not None:
        found.append(threads.c.thread_id.in_(list(wanted.ids)))
    if wanted.status == "busy":
        found.append(_is_busy())
    elif wanted.status:
        found += [threads.c.status == wanted.status, ~_is_busy()]
    return found


def _is_busy() -> ColumnElement[bool]:
    return exists().where(
        thread_runs.c.account_id == threads.c.account_id,
        thread_runs.c.thread_id == threads.c.thread_id,
        thread_runs.c.status.in_(UNFINISHED),
    )


async def next_number(connection: AsyncConnection, thread: Thread) -> int:
    """Of a run; the row is locked by it, so that runs of a thread get theirs one after the other."""
    statement = (
        update(threads)
        .where(*_mine(thread.account_id, thread.thread_id))
        .values(runs_made=threads.c.runs_made + 1)
        .returning(threads.c.runs_made)
    )
    number = (await connection.execute(statement)).scalar()
    if number is None:
        raise NotFound("There is no such thread.")
    return int(number)


def _mine(account_id: str, thread_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return threads.c.account_id == account_id, threads.c.thread_id == thread_id


def _key(thread: Thread) -> dict[str, str]:
    return {"account_id": thread.account_id, "thread_id": thread.thread_id}


def _of_lead(row: RowMapping) -> Thread:
    return Thread(
        account_id=row["account_id"],
        thread_id=row["thread_id"],
        lead_id=row["id"],
        metadata={"graph_id": "pipewise", "lead_id": row["id"]},
        status="idle",
        temporary=False,
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )


def _read(row: RowMapping) -> Thread:
    return Thread(
        account_id=row["account_id"],
        thread_id=row["thread_id"],
        lead_id=row["lead_id"],
        metadata=row["metadata"],
        status="busy" if row["busy"] else row["status"],
        temporary=row["temporary"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )
