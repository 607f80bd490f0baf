"""Rows of the audit: entries, which are only ever added, and the sealed head of each account's chain."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import RowMapping, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.audit_chain import Anchor, Entry
from pipewise.storage.conflict import insert_unless_there
from pipewise.storage.statements import change, fetch, select_by
from pipewise.storage.tables import accounts
from pipewise.storage.tables_trust import audit_entries, audit_heads

_LOCKED_HEAD = select_by(audit_heads, ("id", "account_id")).with_for_update()


@dataclass(frozen=True)
class AuditFilter:
    """`start` is part of the range, `end` is not. `object` is kind:id, or a kind alone for all of its kind."""

    start: datetime | None = None
    end: datetime | None = None
    actor: str | None = None
    action: str | None = None
    object: str | None = None


async def lock_head(connection: AsyncConnection, account_id: str) -> bytes | None:
    """The sealed head, which nobody else moves until this transaction ends."""
    row = (await connection.execute(_LOCKED_HEAD, {"key_id": account_id, "key_account_id": account_id})).first()
    return bytes(row.sealed) if row else None


async def read_head(connection: AsyncConnection, account_id: str) -> bytes | None:
    row = await fetch(connection, audit_heads, {"id": account_id, "account_id": account_id})
    return bytes(row["sealed"]) if row else None


async def make_head(connection: AsyncConnection, account_id: str, sealed: bytes) -> None:
    await insert_unless_there(connection, audit_heads, {"id": account_id, "account_id": account_id, "sealed": sealed})


async def move_head(connection: AsyncConnection, account_id: str, sealed: bytes) -> None:
    await change(connection, audit_heads, {"id": account_id, "account_id": account_id}, {"sealed": sealed})


async def insert_entry(connection: AsyncConnection, entry: Entry) -> bool:
    """False if the place is taken, which it is only where the head was put back."""
    return await insert_unless_there(connection, audit_entries, asdict(entry))


async def last_seq(connection: AsyncConnection, account_id: str) -> int:
    last = select(func.max(audit_entries.c.seq)).where(audit_entries.c.account_id == account_id)
    return (await connection.execute(last)).scalar() or 0


async def list_entries(
    connection: AsyncConnection, account_id: str, wanted: AuditFilter, *, limit: int, before_seq: int | None = None
) -> list[Entry]:
    """Newest first."""
    statement = select(audit_entries).where(audit_entries.c.account_id == account_id)
    if wanted.start:
        statement = statement.where(audit_entries.c.created_at >= wanted.start)
    if wanted.end:
        statement = statement.where(audit_entries.c.created_at < wanted.end)
    if wanted.actor:
        statement = statement.where(audit_entries.c.actor == wanted.actor)
    if wanted.action:
        statement = statement.where(audit_entries.c.action == wanted.action)
    if wanted.object and ":" in wanted.object:
        statement = statement.where(audit_entries.c.object == wanted.object)
    elif wanted.object:
        statement = statement.where(audit_entries.c.object.startswith(f"{wanted.object}:", autoescape=True))
    if before_seq is not None:
        statement = statement.where(audit_entries.c.seq < before_seq)
    statement = statement.order_by(audit_entries.c.seq.desc()).limit(limit)
    return [_read(row) for row in (await connection.execute(statement)).mappings()]


async def list_after(connection: AsyncConnection, account_id: str, seq: int, limit: int) -> list[Entry]:
    """Oldest first."""
    statement = (
        select(audit_entries)
        .where(audit_entries.c.account_id == account_id, audit_entries.c.seq > seq)
        .order_by(audit_entries.c.seq)
        .limit(limit)
    )
    return [_read(row) for row in (await connection.execute(statement)).mappings()]


async def list_ends(connection: AsyncConnection) -> list[Anchor]:
    """The last entry of each account that has any."""
    found = []
    for account_id in await list_accounts(connection):
        statement = (
            select(audit_entries.c.seq, audit_entries.c.mac)
            .where(audit_entries.c.account_id == account_id)
            .order_by(audit_entries.c.seq.desc())
            .limit(1)
        )
        row = (await connection.execute(statement)).first()
        if row:
            found.append(Anchor(account_id, row.seq, row.mac))
    return found


async def list_accounts(connection: AsyncConnection) -> list[str]:
    """Every account there is."""
    return list((await connection.execute(select(accounts.c.id).order_by(accounts.c.id))).scalars())


def _read(row: RowMapping) -> Entry:
    return Entry(**row)
