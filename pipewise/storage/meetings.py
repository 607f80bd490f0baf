"""Meetings: what was intended, what the vendor confirmed, and every move since."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, and_, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.errors import NotFound
from pipewise.storage.tables import leads, meetings

REAL = ("scheduled", "held", "no_show", "canceled")


@dataclass(frozen=True)
class MeetingRow:
    """`status`: intended → scheduled | unknown | failed; then canceled | held | no_show. `history` holds former times."""

    id: str
    account_id: str
    lead_id: str
    integration_id: str | None
    intent_key: str | None
    status: str
    source: str
    event_type: str
    title: str
    event_uri: str | None
    invitee_uri: str | None
    start_time: datetime
    end_time: datetime | None
    timezone: str
    invitee: Mapping[str, Any]
    join_url: str | None
    links: bytes | None
    history: list[Mapping[str, Any]]
    version: int
    run_id: str | None
    created_at: datetime
    updated_at: datetime

    def __repr__(self) -> str:
        return f"MeetingRow(id={self.id!r}, status={self.status!r}, start_time={self.start_time.isoformat()})"


async def insert_meeting(connection: AsyncConnection, row: Mapping[str, Any]) -> None:
    await connection.execute(insert(meetings).values(row))


async def update_meeting(
    connection: AsyncConnection,
    account_id: str,
    meeting_id: str,
    values: Mapping[str, Any],
    now: datetime,
    *,
    only_in: tuple[str, ...] = (),
) -> None:
    """With `only_in`, nothing happens to a meeting in any other state."""
    statement = update(meetings).where(meetings.c.account_id == account_id, meetings.c.id == meeting_id)
    if only_in:
        statement = statement.where(meetings.c.status.in_(only_in))
    await connection.execute(statement.values({**values, "updated_at": now}))


async def delete_meeting(connection: AsyncConnection, account_id: str, meeting_id: str) -> None:
    await connection.execute(meetings.delete().where(meetings.c.account_id == account_id, meetings.c.id == meeting_id))


async def get_meeting(connection: AsyncConnection, account_id: str, meeting_id: str) -> MeetingRow:
    statement = select(meetings).where(
        meetings.c.account_id == account_id, meetings.c.id == meeting_id, meetings.c.status.in_(REAL)
    )
    row = (await connection.execute(statement)).mappings().first()
    if row is None:
        raise NotFound("There is no such meeting.")
    return _read(row)


async def find_by_intent(connection: AsyncConnection, account_id: str, intent_key: str) -> MeetingRow | None:
    return await _first(connection, account_id, meetings.c.intent_key == intent_key)


async def find_by_invitee(connection: AsyncConnection, account_id: str, invitee_uri: str) -> MeetingRow | None:
    return await _first(connection, account_id, meetings.c.invitee_uri == invitee_uri)


async def find_former_invitee(
    connection: AsyncConnection, account_id: str, lead_id: str, invitee_uri: str
) -> MeetingRow | None:
    """The meeting that once had this invitee and was moved since."""
    statement = select(meetings).where(meetings.c.account_id == account_id, meetings.c.lead_id == lead_id)
    for row in (await connection.execute(statement)).mappings():
        if any(former.get("invitee_uri") == invitee_uri for former in row["history"]):
            return _read(row)
    return None


async def find_lead(
    connection: AsyncConnection, account_id: str, invitee_uris: list[str], key: str | None
) -> str | None:
    """Whose booking this is: by invitee, by our intent key, or by the lead id that a link of ours carried."""
    wanted: list[Any] = [meetings.c.invitee_uri.in_(invitee_uris)]
    if key:
        wanted.append(meetings.c.intent_key == key)
    statement = select(meetings.c.lead_id).where(and_(meetings.c.account_id == account_id, or_(*wanted))).limit(1)
    found: str | None = (await connection.execute(statement)).scalar()
    if found or not key:
        return found
    by_id = select(leads.c.id).where(leads.c.account_id == account_id, leads.c.id == key)
    return (await connection.execute(by_id)).scalar()


async def list_meetings(
    connection: AsyncConnection,
    account_id: str,
    *,
    limit: int,
    start: datetime | None = None,
    end: datetime | None = None,
    status: str | None = None,
    lead_id: str | None = None,
    after: tuple[datetime, str] | None = None,
) -> list[MeetingRow]:
    """By start time; `after` is the (start_time, id) of the last one of the page before."""
    statement = select(meetings).where(meetings.c.account_id == account_id, meetings.c.status.in_(REAL))
    if start:
        statement = statement.where(meetings.c.start_time >= start)
    if end:
        statement = statement.where(meetings.c.start_time < end)
    if status:
        statement = statement.where(meetings.c.status == status)
    if lead_id:
        statement = statement.where(meetings.c.lead_id == lead_id)
    if after:
        at, meeting_id = after
        later = and_(meetings.c.start_time == at, meetings.c.id > meeting_id)
        statement = statement.where(or_(meetings.c.start_time > at, later))
    statement = statement.order_by(meetings.c.start_time, meetings.c.id).limit(limit)
    return [_read(row) for row in (await connection.execute(statement)).mappings()]


async def _first(connection: AsyncConnection, account_id: str, condition: Any) -> MeetingRow | None:
    statement = select(meetings).where(meetings.c.account_id == account_id, condition)
    row = (await connection.execute(statement)).mappings().first()
    return _read(row) if row else None


def _read(row: RowMapping) -> MeetingRow:
    return MeetingRow(**row)
