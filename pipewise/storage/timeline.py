"""Everything that happened around a lead, from all tables, in the order it happened."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, RowMapping, Table, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.storage.tables import (
    approvals,
    events,
    follow_ups,
    lead_changes,
    leads,
    meetings,
    messages,
    outbox,
    runs,
    tasks,
)
from pipewise.storage.tables_trust import integration_changes

Position = tuple[datetime, int, str | int]
"""Time, rank of the source and place within it of the last entry that was seen."""


@dataclass(frozen=True)
class Entry:
    """`kind`: message | change | decision | booking | send | approval | task | follow_up | integration."""

    at: datetime
    rank: int
    place: str | int
    id: str
    kind: str
    facts: Mapping[str, Any]

    @property
    def position(self) -> Position:
        return self.at, self.rank, self.place


@dataclass(frozen=True)
class _Source:
    """`rank` orders what happened at one moment: cause before effect. `place` orders within the source: arrival, if known."""

    rank: int
    kind: str
    table: Table
    moment: Column[Any]
    place: Column[Any]
    row_id: Column[Any]
    read: Callable[[RowMapping], dict[str, Any]]
    concerns: Callable[[str, str], ColumnElement[bool]] | None = None  # (account, lead), where rows name no lead

    def is_of(self, account_id: str, lead_id: str) -> ColumnElement[bool]:
        mine = self.concerns(account_id, lead_id) if self.concerns else self.table.c.lead_id == lead_id
        return and_(self.table.c.account_id == account_id, mine)


async def list_timeline(
    connection: AsyncConnection, account_id: str, lead_id: str, *, limit: int, position: Position | None = None
) -> list[Entry]:
    """Oldest first. Each source gives at most one page, so a page costs the same however long the history is."""
    found: list[Entry] = []
    for source in _SOURCES:
        statement = select(source.table).where(source.is_of(account_id, lead_id), source.moment.is_not(None))
        if position:
            statement = statement.where(_later(source, position))
        statement = statement.order_by(source.moment, source.place).limit(limit)
        found += [_entry(source, row) for row in (await connection.execute(statement)).mappings()]
    found.sort(key=lambda entry: entry.position)
    return found[:limit]


def _later(source: _Source, position: Position) -> Any:
    at, rank, last = position
    if source.rank > rank:
        return source.moment >= at
    if source.rank < rank:
        return source.moment > at
    return or_(source.moment > at, and_(source.moment == at, source.place > last))


def _entry(source: _Source, row: RowMapping) -> Entry:
    return Entry(
        at=row[source.moment.name],
        rank=source.rank,
        place=row[source.place.name],
        id=row[source.row_id.name],
        kind=source.kind,
        facts=source.read(row),
    )


def _pick(row: RowMapping, *names: str) -> dict[str, Any]:
    return {name: row[name] for name in names}


def _read_message(row: RowMapping) -> dict[str, Any]:
    names = ("direction", "platform", "author", "text", "status", "event_id", "run_id")
    return {"message_id": row["id"], **_pick(row, *names)}


def _read_change(row: RowMapping) -> dict[str, Any]:
    return {"what": row["kind"], **_pick(row, "before", "after", "actor", "reason", "event_id", "run_id")}


def _read_run(row: RowMapping) -> dict[str, Any]:
    record = row["record"]
    names = ("events", "intent", "route", "model", "cost_usd", "error", "reason")
    told = {name: record[name] for name in names if name in record}
    return {"run_id": row["id"], **_pick(row, "trigger", "outcome"), **told}


def _read_meeting(row: RowMapping) -> dict[str, Any]:
    names = ("status", "source", "title", "start_time", "end_time", "timezone", "version", "history", "run_id")
    return {"meeting_id": row["id"], **_pick(row, *names)}


def _read_send(row: RowMapping) -> dict[str, Any]:
    return _pick(row, "message_id", "platform", "state", "attempts", "error", "author")


def _read_approval(row: RowMapping) -> dict[str, Any]:
    return {"approval_id": row["id"], **_pick(row, "status", "decided_by", "text", "run_id")}


def _read_planned(row: RowMapping) -> dict[str, Any]:
    return _read_follow_up(row, "planned", row["reason"])


def _read_moved(row: RowMapping) -> dict[str, Any]:
    return _read_follow_up(row, "moved", row["move_reason"])


def _read_ended(row: RowMapping) -> dict[str, Any]:
    return _read_follow_up(row, row["state"], row["end_reason"])


def _read_follow_up(row: RowMapping, change: str, reason: str) -> dict[str, Any]:
    told = {"follow_up_id": row["id"], "follow_up": row["kind"], "change": change, "reason": reason}
    return {**told, **_pick(row, "step", "due_at", "message_id")}


def _read_task(row: RowMapping) -> dict[str, Any]:
    return {"task_id": row["id"], "task": row["kind"], **_pick(row, "title", "detail", "owner", "status")}


def _read_status(row: RowMapping) -> dict[str, Any]:
    names = ("integration_id", "platform", "before", "after", "code", "message")
    return _pick(row, *names)


def _carries(account_id: str, lead_id: str) -> ColumnElement[bool]:
    """Of an integration by which the lead has written or booked, and since the lead is there."""
    own = (events.c.account_id == account_id, events.c.lead_id == lead_id, events.c.integration_id.is_not(None))
    came = select(leads.c.created_at).where(leads.c.account_id == account_id, leads.c.id == lead_id).scalar_subquery()
    changes = integration_changes.c
    return and_(changes.created_at >= came, changes.integration_id.in_(select(events.c.integration_id).where(*own)))


_CHANGES = integration_changes.c
_SOURCES = (
    _Source(0, "message", messages, messages.c.created_at, messages.c.seq, messages.c.id, _read_message),
    _Source(1, "decision", runs, runs.c.finished_at, runs.c.id, runs.c.id, _read_run),
    _Source(2, "booking", meetings, meetings.c.created_at, meetings.c.id, meetings.c.id, _read_meeting),
    _Source(3, "change", lead_changes, lead_changes.c.created_at, lead_changes.c.seq, lead_changes.c.id, _read_change),
    _Source(4, "approval", approvals, approvals.c.decided_at, approvals.c.id, approvals.c.id, _read_approval),
    _Source(5, "send", outbox, outbox.c.claimed_at, outbox.c.seq, outbox.c.message_id, _read_send),
    _Source(6, "task", tasks, tasks.c.created_at, tasks.c.id, tasks.c.id, _read_task),
    _Source(7, "follow_up", follow_ups, follow_ups.c.ended_at, follow_ups.c.id, follow_ups.c.id, _read_ended),
    _Source(8, "follow_up", follow_ups, follow_ups.c.moved_at, follow_ups.c.id, follow_ups.c.id, _read_moved),
    _Source(9, "follow_up", follow_ups, follow_ups.c.created_at, follow_ups.c.id, follow_ups.c.id, _read_planned),
    _Source(
        10, "integration", integration_changes, _CHANGES.created_at, _CHANGES.id, _CHANGES.id, _read_status, _carries
    ),
)
