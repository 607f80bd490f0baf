"""The transcript: every message in and out, in order."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.errors import NotFound
from pipewise.storage.statements import change, fetch, insert_into
from pipewise.storage.tables import messages


@dataclass(frozen=True)
class Message:
    id: str
    seq: int
    account_id: str
    lead_id: str
    direction: str
    platform: str
    author: str
    text: str
    status: str
    external_id: str | None
    event_id: str | None
    run_id: str | None
    created_at: datetime


async def insert_message(connection: AsyncConnection, row: Mapping[str, Any]) -> None:
    await connection.execute(insert_into(messages), dict(row))


async def get_message(connection: AsyncConnection, account_id: str, message_id: str) -> Message:
    row = await fetch(connection, messages, {"account_id": account_id, "id": message_id})
    if row is None:
        raise NotFound("There is no such message.")
    return _read(row)


async def message_exists(connection: AsyncConnection, account_id: str, message_id: str) -> bool:
    statement = select(messages.c.seq).where(messages.c.account_id == account_id, messages.c.id == message_id)
    return (await connection.execute(statement)).first() is not None


async def list_messages(
    connection: AsyncConnection, account_id: str, lead_id: str, *, limit: int, after_seq: int = 0
) -> list[Message]:
    """Oldest first."""
    statement = (
        select(messages)
        .where(messages.c.account_id == account_id, messages.c.lead_id == lead_id, messages.c.seq > after_seq)
        .order_by(messages.c.seq)
        .limit(limit)
    )
    return [_read(row) for row in (await connection.execute(statement)).mappings()]


async def set_status(
    connection: AsyncConnection, account_id: str, message_id: str, status: str, *, external_id: str | None = None
) -> None:
    values: dict[str, Any] = {"status": status}
    if external_id:
        values["external_id"] = external_id
    await change(connection, messages, {"account_id": account_id, "id": message_id}, values)


def _read(row: RowMapping) -> Message:
    return Message(**row)
