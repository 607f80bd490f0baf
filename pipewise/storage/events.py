"""The inbox's rows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.errors import NotFound
from pipewise.events import EventKind
from pipewise.storage.conflict import insert_unless_there
from pipewise.storage.statements import change, conditions, keys
from pipewise.storage.tables import events


@dataclass(frozen=True)
class StoredEvent:
    """One inbox row. `content` is by kind, as `pipewise.events.InboundEvent` describes."""

    id: str
    seq: int
    account_id: str
    integration_id: str | None
    lead_id: str | None
    platform: str
    kind: EventKind
    dedupe_key: str
    status: str
    reason: str | None
    needs_turn: bool
    content: Mapping[str, Any]
    sender: Mapping[str, Any] | None
    attempts: int
    occurred_at: datetime
    received_at: datetime
    not_before: datetime | None = None
    processed_at: datetime | None = None
    run_id: str | None = None
    ref: str | None = None
    sealed: bytes | None = None


_KNOWN = select(events.c.seq).where(*conditions(events, ("account_id", "integration_id", "dedupe_key")))
_KNOWN_OWN = select(events.c.seq).where(
    *conditions(events, ("account_id", "dedupe_key")), events.c.integration_id.is_(None)
)
_OPEN = (
    select(events)
    .where(*conditions(events, ("account_id", "lead_id")), events.c.status == "accepted")
    .order_by(events.c.occurred_at, events.c.seq)
)


async def is_known(connection: AsyncConnection, account_id: str, integration_id: str | None, dedupe_key: str) -> bool:
    asked = keys({"account_id": account_id, "dedupe_key": dedupe_key})
    if integration_id is None:
        return (await connection.execute(_KNOWN_OWN, asked)).first() is not None
    return (await connection.execute(_KNOWN, {**asked, **keys({"integration_id": integration_id})})).first() is not None


async def lead_of_key(connection: AsyncConnection, account_id: str, dedupe_key: str) -> str:
    """Whose event of no integration this is. Raises NotFound, also once the lead is erased."""
    statement = select(events.c.lead_id).where(
        events.c.account_id == account_id, events.c.integration_id.is_(None), events.c.dedupe_key == dedupe_key
    )
    found = (await connection.execute(statement)).scalar()
    if found is None:
        raise NotFound("There is no such lead.")
    return str(found)


async def insert_event(connection: AsyncConnection, row: Mapping[str, Any]) -> bool:
    """False if the event was stored before."""
    return await insert_unless_there(connection, events, row)


async def list_open(connection: AsyncConnection, account_id: str, lead_id: str) -> list[StoredEvent]:
    """A lead's accepted events in the order they count: the vendor's time, then arrival."""
    mine = keys({"account_id": account_id, "lead_id": lead_id})
    return [read_event(row) for row in (await connection.execute(_OPEN, mine)).mappings()]


async def list_ignored(connection: AsyncConnection, account_id: str, lead_id: str, reason: str) -> list[StoredEvent]:
    """A lead's events that were set aside for this reason, in the order they count."""
    statement = (
        select(events)
        .where(
            events.c.account_id == account_id,
            events.c.lead_id == lead_id,
            events.c.status == "ignored",
            events.c.reason == reason,
        )
        .order_by(events.c.occurred_at, events.c.seq)
    )
    return [read_event(row) for row in (await connection.execute(statement)).mappings()]


async def list_later(connection: AsyncConnection, event: StoredEvent) -> list[StoredEvent]:
    """The lead's processed events of the same kind that happened after this one."""
    statement = select(events).where(
        events.c.account_id == event.account_id,
        events.c.lead_id == event.lead_id,
        events.c.kind == event.kind,
        events.c.status == "processed",
        events.c.occurred_at > event.occurred_at,
    )
    return [read_event(row) for row in (await connection.execute(statement)).mappings()]


async def mark_events(
    connection: AsyncConnection,
    account_id: str,
    ids: Iterable[str],
    status: str,
    *,
    now: datetime,
    reason: str | None = None,
    run_id: str | None = None,
) -> None:
    values: dict[str, Any] = {"status": status, "processed_at": now, "reason": reason}
    if status == "processed":
        values["sealed"] = None
    if run_id:
        values["run_id"] = run_id
    for event_id in ids:
        await change(connection, events, {"account_id": account_id, "id": event_id}, values)


async def list_events(
    connection: AsyncConnection,
    account_id: str,
    *,
    limit: int,
    status: str | None = None,
    platform: str | None = None,
    before_seq: int | None = None,
) -> list[StoredEvent]:
    """Newest first."""
    statement = select(events).where(events.c.account_id == account_id)
    if status:
        statement = statement.where(events.c.status == status)
    if platform:
        statement = statement.where(events.c.platform == platform)
    if before_seq is not None:
        statement = statement.where(events.c.seq < before_seq)
    statement = statement.order_by(events.c.seq.desc()).limit(limit)
    return [read_event(row) for row in (await connection.execute(statement)).mappings()]


async def get_event(connection: AsyncConnection, account_id: str, event_id: str) -> StoredEvent:
    statement = select(events).where(events.c.account_id == account_id, events.c.id == event_id)
    row = (await connection.execute(statement)).mappings().first()
    if row is None:
        raise NotFound("There is no such event.")
    return read_event(row)


async def last_used_integration(connection: AsyncConnection, account_id: str, lead_id: str) -> str | None:
    """Where the lead wrote last."""
    statement = (
        select(events.c.integration_id)
        .where(
            events.c.account_id == account_id,
            events.c.lead_id == lead_id,
            events.c.kind == EventKind.MESSAGE,
            events.c.integration_id.is_not(None),
        )
        .order_by(events.c.seq.desc())
        .limit(1)
    )
    return (await connection.execute(statement)).scalar()


async def postpone(
    connection: AsyncConnection, account_id: str, ids: Iterable[str], *, not_before: datetime, reason: str
) -> None:
    """One more failed try; the events wait until `not_before`."""
    await connection.execute(
        update(events)
        .where(events.c.account_id == account_id, events.c.id.in_(list(ids)))
        .values(attempts=events.c.attempts + 1, not_before=not_before, reason=reason)
    )


def read_event(row: RowMapping) -> StoredEvent:
    return StoredEvent(**{**row, "kind": EventKind(row["kind"])})
