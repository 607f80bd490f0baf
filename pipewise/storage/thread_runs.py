"""Runs that clients made on threads: in the order in which they were made, held by the process that carries them out."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.errors import Conflict, NotFound
from pipewise.storage import threads as thread_rows
from pipewise.storage.lanes import DatabaseSeconds
from pipewise.storage.statements import fetch, insert_into
from pipewise.storage.tables_threads import thread_runs
from pipewise.storage.threads import UNFINISHED, Thread

HELD_SECONDS = 10


@dataclass(frozen=True)
class ThreadRun:
    """`status`: pending | running | success | error | interrupted. `asked` is what the client sent, until the run ends. `holder`
    is the process that carries it out; a run that was stopped from outside is held until that process has let go of it."""

    run_id: str
    account_id: str
    thread_id: str
    number: int
    lead_id: str | None
    status: str
    strategy: str
    metadata: Mapping[str, Any]
    asked: Mapping[str, Any] | None
    asked_by: str
    error: Mapping[str, Any] | None
    holder: str | None
    created_at: datetime
    updated_at: datetime

    @property
    def is_finished(self) -> bool:
        return self.status not in UNFINISHED


async def add(
    connection: AsyncConnection,
    thread: Thread,
    run_id: str,
    asked: Mapping[str, Any],
    *,
    strategy: str,
    metadata: Mapping[str, Any],
    asked_by: str,
    holder: str,
    now: datetime,
) -> ThreadRun:
    """Raises Conflict if the strategy is `reject` and another run is under way or waits."""
    number = await thread_rows.next_number(connection, thread)
    if strategy == "reject" and await _has_unfinished(connection, thread):
        raise Conflict("The thread is busy with another run; wait for its end, or let this one queue.", code="busy")
    row: dict[str, Any] = {
        "run_id": run_id,
        "account_id": thread.account_id,
        "thread_id": thread.thread_id,
        "number": number,
        "lead_id": None,
        "status": "pending",
        "strategy": strategy,
        "metadata": dict(metadata),
        "asked": dict(asked),
        "asked_by": asked_by,
        "error": None,
        "holder": holder,
        "created_at": now,
        "updated_at": now,
    }
    await connection.execute(insert_into(thread_runs).values(**row, held_until=DatabaseSeconds() + HELD_SECONDS))
    return ThreadRun(**row)


async def _has_unfinished(connection: AsyncConnection, thread: Thread) -> bool:
    return bool((await connection.execute(select(exists().where(*_of_thread(thread), _unfinished())))).scalar())


async def get(connection: AsyncConnection, thread: Thread, run_id: str) -> ThreadRun:
    key = {"run_id": run_id, "account_id": thread.account_id, "thread_id": thread.thread_id}
    row = await fetch(connection, thread_runs, key)
    if row is None:
        raise NotFound("There is no such run.")
    return _read(row)


async def list_runs(
    connection: AsyncConnection, thread: Thread, *, limit: int, offset: int, status: str | None
) -> list[ThreadRun]:
    """Newest first."""
    statement = select(thread_runs).where(*_of_thread(thread))
    if status:
        statement = statement.where(thread_runs.c.status == status)
    statement = statement.order_by(thread_runs.c.number.desc()).limit(limit).offset(offset)
    return [_read(row) for row in (await connection.execute(statement)).mappings()]


async def list_unfinished(connection: AsyncConnection, account_id: str, statuses: Collection[str]) -> list[ThreadRun]:
    statement = select(thread_runs).where(
        thread_runs.c.account_id == account_id, thread_runs.c.status.in_(set(statuses) & set(UNFINISHED))
    )
    return [_read(row) for row in (await connection.execute(statement)).mappings()]


async def must_wait(connection: AsyncConnection, run: ThreadRun) -> bool:
    """Whether an earlier run of its thread has not ended, in whichever process."""
    earlier = exists().where(*_of_thread(run), thread_runs.c.number < run.number, _unfinished())
    return bool((await connection.execute(select(earlier))).scalar())


async def begin(connection: AsyncConnection, run: ThreadRun, holder: str, lead_id: str, now: datetime) -> bool:
    """False if it was cancelled, or is another process's by now. The lead is known before the conversation is written to:
    whoever erases the lead finds it."""
    statement = (
        update(thread_runs)
        .where(*_one(run), thread_runs.c.holder == holder, _unfinished())
        .values(status="running", lead_id=lead_id, updated_at=now)
    )
    return (await connection.execute(statement)).rowcount == 1


async def finish(
    connection: AsyncConnection,
    run: ThreadRun,
    holder: str,
    status: str,
    now: datetime,
    error: Mapping[str, Any] | None = None,
) -> bool:
    """False if the run was ended, or taken over by another process, before."""
    statement = (
        update(thread_runs)
        .where(*_one(run), thread_runs.c.holder == holder, _unfinished())
        .values(status=status, error=dict(error) if error else None, asked=None, holder=None, updated_at=now)
    )
    return (await connection.execute(statement)).rowcount == 1


async def cancel(connection: AsyncConnection, run: ThreadRun, now: datetime) -> bool:
    """False if it has ended already."""
    statement = (
        update(thread_runs).where(*_one(run), _unfinished()).values(status="interrupted", asked=None, updated_at=now)
    )
    return (await connection.execute(statement)).rowcount == 1


async def push_aside(connection: AsyncConnection, run: ThreadRun, now: datetime) -> list[ThreadRun]:
    """Stop what is before this run in the line of its thread; as it was, oldest first."""
    before = (*_of_thread(run), thread_runs.c.number < run.number, _unfinished())
    found = select(thread_runs).where(*before).order_by(thread_runs.c.number).with_for_update()
    stopped = [_read(row) for row in (await connection.execute(found)).mappings()]
    changed = {"status": "interrupted", "asked": None, "updated_at": now}
    await connection.execute(update(thread_runs).where(*before).values(**changed))
    return stopped


async def is_held(connection: AsyncConnection, run: ThreadRun, but_by: str) -> bool:
    """Whether a live process other than that one may still be at work on it."""
    held = exists().where(*_one(run), thread_runs.c.holder != but_by, thread_runs.c.held_until >= DatabaseSeconds())
    return bool((await connection.execute(select(held))).scalar())


async def list_stopped(connection: AsyncConnection, holder: str) -> list[str]:
    """Runs of this process, of every account, that were stopped from outside."""
    statement = select(thread_runs.c.run_id).where(thread_runs.c.holder == holder, ~_unfinished())
    return [str(row.run_id) for row in await connection.execute(statement)]


async def let_go(connection: AsyncConnection, run: ThreadRun, holder: str) -> None:
    """Nothing is written for the run from here any more."""
    mine = (*_one(run), thread_runs.c.holder == holder)
    await connection.execute(update(thread_runs).where(*mine).values(holder=None))


async def remove(connection: AsyncConnection, run: ThreadRun) -> None:
    await connection.execute(delete(thread_runs).where(*_one(run)))


async def hold(connection: AsyncConnection, holder: str) -> None:
    """The process is alive: its runs stay its own."""
    statement = update(thread_runs).where(thread_runs.c.holder == holder, _unfinished())
    await connection.execute(statement.values(held_until=DatabaseSeconds() + HELD_SECONDS))


async def adopt(connection: AsyncConnection, holder: str, *, whole: bool) -> list[ThreadRun]:
    """Take over the unfinished runs of processes that are gone, oldest first. `whole`: of every other one, since this process
    is alone."""
    deserted = or_(thread_runs.c.held_until.is_(None), thread_runs.c.held_until < DatabaseSeconds())
    statement = (
        update(thread_runs)
        .where(_unfinished(), thread_runs.c.holder != holder, *(() if whole else (deserted,)))
        .values(holder=holder, held_until=DatabaseSeconds() + HELD_SECONDS)
        .returning(thread_runs)
    )
    rows = [_read(row) for row in (await connection.execute(statement)).mappings()]
    return sorted(rows, key=lambda run: (run.created_at, run.thread_id, run.number))


def _unfinished() -> ColumnElement[bool]:
    return thread_runs.c.status.in_(UNFINISHED)


def _one(run: ThreadRun) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return thread_runs.c.run_id == run.run_id, thread_runs.c.account_id == run.account_id


def _of_thread(of: Thread | ThreadRun) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return thread_runs.c.account_id == of.account_id, thread_runs.c.thread_id == of.thread_id


def _read(row: RowMapping) -> ThreadRun:
    names = ThreadRun.__dataclass_fields__
    return ThreadRun(**{name: row[name] for name in names})
