"""Runs by the clock: who asked for them, when the next is due. Each due date is claimed by one process."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, and_, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.errors import NotFound
from pipewise.storage.accounts import Role
from pipewise.storage.json_match import holds_all
from pipewise.storage.statements import change, fetch, insert_into
from pipewise.storage.tables import accounts, users
from pipewise.storage.tables_threads import crons

SORTABLE = {name: crons.c[name] for name in ("cron_id", "thread_id", "created_at", "updated_at", "end_time")} | {
    "next_run_date": crons.c.next_run_at
}


@dataclass(frozen=True)
class Cron:
    """`asked` is a run's specification. `next_run_at` is None if none will come."""

    cron_id: str
    account_id: str
    user_id: str
    thread_id: str | None
    on_run_completed: str | None
    schedule: str
    timezone: str | None
    end_time: datetime | None
    enabled: bool
    metadata: Mapping[str, Any]
    asked: Mapping[str, Any]
    next_run_at: datetime | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class Due:
    """`may_run`: neither is the account paused, nor has its user lost the right to run."""

    cron: Cron
    email: str
    may_run: bool


@dataclass(frozen=True)
class Search:
    thread_id: str | None = None
    enabled: bool | None = None
    metadata: Mapping[str, Any] | None = None
    limit: int = 10
    offset: int = 0
    sort_by: str = "created_at"
    ascending: bool = False


async def insert(connection: AsyncConnection, cron: Cron) -> None:
    await connection.execute(insert_into(crons).values(**asdict(cron)))


async def get(connection: AsyncConnection, account_id: str, cron_id: str) -> Cron:
    """Raises NotFound, also for another account's."""
    row = await fetch(connection, crons, {"cron_id": cron_id, "account_id": account_id})
    if row is None:
        raise NotFound("There is no such cron.")
    return _read(row)


async def update_cron(connection: AsyncConnection, cron: Cron, values: Mapping[str, Any]) -> None:
    await change(connection, crons, {"cron_id": cron.cron_id, "account_id": cron.account_id}, values)


async def remove(connection: AsyncConnection, cron: Cron) -> None:
    mine = (crons.c.cron_id == cron.cron_id, crons.c.account_id == cron.account_id)
    await connection.execute(delete(crons).where(*mine))


async def search(connection: AsyncConnection, account_id: str, wanted: Search) -> list[Cron]:
    column = SORTABLE[wanted.sort_by]
    order = (column, crons.c.cron_id) if wanted.ascending else (column.desc(), crons.c.cron_id.desc())
    statement = select(crons).where(*_conditions(account_id, wanted)).order_by(*order)
    found = await connection.execute(statement.limit(wanted.limit).offset(wanted.offset))
    return [_read(row) for row in found.mappings()]


async def count(connection: AsyncConnection, account_id: str, wanted: Search) -> int:
    statement = select(func.count()).select_from(crons).where(*_conditions(account_id, wanted))
    return int((await connection.execute(statement)).scalar_one())


def _conditions(account_id: str, wanted: Search) -> list[ColumnElement[bool]]:
    found = [crons.c.account_id == account_id, *holds_all(crons.c.metadata, wanted.metadata or {})]
    if wanted.thread_id is not None:
        found.append(crons.c.thread_id == wanted.thread_id)
    if wanted.enabled is not None:
        found.append(crons.c.enabled.is_(wanted.enabled))
    return found


async def list_all(connection: AsyncConnection, account_id: str) -> list[Cron]:
    found = await connection.execute(select(crons).where(crons.c.account_id == account_id))
    return [_read(row) for row in found.mappings()]


async def list_due(connection: AsyncConnection, now: datetime, limit: int) -> tuple[list[str], datetime | None]:
    """Those whose time has come, of every account, and when the next one's comes."""
    due = select(crons.c.cron_id).where(_is_due(now)).order_by(crons.c.next_run_at).limit(limit)
    later = select(func.min(crons.c.next_run_at)).where(crons.c.enabled.is_(True), crons.c.next_run_at > now)
    found = [str(row.cron_id) for row in await connection.execute(due)]
    return found, (await connection.execute(later)).scalar()


async def find_due(connection: AsyncConnection, cron_id: str, now: datetime) -> Due | None:
    """None if it is not due any more."""
    statement = (
        select(crons, users.c.email, users.c.role, accounts.c.paused)
        .join(users, and_(users.c.id == crons.c.user_id, users.c.account_id == crons.c.account_id))
        .join(accounts, accounts.c.id == crons.c.account_id)
        .where(crons.c.cron_id == cron_id, _is_due(now))
    )
    row = (await connection.execute(statement)).mappings().first()
    return Due(_read(row), row["email"], not row["paused"] and row["role"] != Role.VIEWER) if row else None


async def claim(connection: AsyncConnection, cron: Cron, next_run_at: datetime | None) -> bool:
    """Move it on to its next date. False if another process has done so."""
    statement = (
        update(crons)
        .where(
            crons.c.account_id == cron.account_id,
            crons.c.cron_id == cron.cron_id,
            crons.c.enabled.is_(True),
            crons.c.next_run_at == cron.next_run_at,
        )
        .values(next_run_at=next_run_at)
    )
    return (await connection.execute(statement)).rowcount == 1


def _is_due(now: datetime) -> ColumnElement[bool]:
    return and_(crons.c.enabled.is_(True), crons.c.next_run_at <= now)


def _read(row: RowMapping) -> Cron:
    return Cron(**{name: row[name] for name in Cron.__dataclass_fields__})
