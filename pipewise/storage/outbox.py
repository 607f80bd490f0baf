"""The outbox's rows: one per message that PipeWise wants to reach a lead."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import RowMapping, Update, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.errors import NotFound
from pipewise.storage.statements import change, conditions, fetch, insert_into, keys
from pipewise.storage.tables import outbox

OPEN = ("pending", "sending", "unknown", "parked")
"""States of a row whose end is not known."""


_UNFINISHED = (
    select(outbox)
    .where(*conditions(outbox, ("account_id", "lead_id")), outbox.c.state.in_(("pending", "sending", "unknown")))
    .order_by(outbox.c.seq)
)


@dataclass(frozen=True)
class OutboxRow:
    """`state`: pending → sending → done | unknown → parked. What happened to the message itself is the message's status."""

    seq: int
    message_id: str
    account_id: str
    lead_id: str
    integration_id: str
    platform: str
    recipient: str
    payload: Mapping[str, Any]
    state: str
    proactive: bool
    author: str
    attempts: int
    error: Mapping[str, Any] | None
    not_before: datetime | None
    expires_at: datetime | None
    claimed_at: datetime | None
    created_at: datetime


async def insert_row(connection: AsyncConnection, row: Mapping[str, Any]) -> None:
    await connection.execute(insert_into(outbox), dict(row))


async def get_row(connection: AsyncConnection, account_id: str, message_id: str) -> OutboxRow:
    row = await find_row(connection, account_id, message_id)
    if row is None:
        raise NotFound("This message is not one that PipeWise sends.")
    return row


async def find_row(connection: AsyncConnection, account_id: str, message_id: str) -> OutboxRow | None:
    """None for a message that PipeWise did not send itself."""
    row = await fetch(connection, outbox, {"account_id": account_id, "message_id": message_id})
    return _read(row) if row else None


async def list_unfinished(connection: AsyncConnection, account_id: str, lead_id: str) -> list[OutboxRow]:
    """Rows that are not at rest, in the order they must leave."""
    mine = keys({"account_id": account_id, "lead_id": lead_id})
    return [_read(row) for row in (await connection.execute(_UNFINISHED, mine)).mappings()]


async def update_row(
    connection: AsyncConnection,
    account_id: str,
    message_id: str,
    values: Mapping[str, Any],
    *,
    only_in: tuple[str, ...] = (),
) -> bool:
    """False if the row was not in one of the states it must be in."""
    statement = _update(only_in, tuple(values))
    mine = keys({"account_id": account_id, "message_id": message_id})
    return bool((await connection.execute(statement, {**mine, **values})).rowcount)


@cache
def _update(only_in: tuple[str, ...], names: tuple[str, ...]) -> Update:
    statement = update(outbox).where(*conditions(outbox, ("account_id", "message_id")))
    if only_in:
        statement = statement.where(outbox.c.state.in_(only_in))
    return statement.values({name: bindparam(name) for name in names})


async def interrupt_sending(connection: AsyncConnection, now: datetime) -> list[tuple[str, str]]:
    """After a crash: rows that were being sent may have left, so they become unknown. Returns (account, lead) pairs."""
    statement = (
        update(outbox)
        .where(outbox.c.state == "sending")
        .values(state="unknown", claimed_at=now)
        .returning(outbox.c.account_id, outbox.c.lead_id)
    )
    return [(row.account_id, row.lead_id) for row in await connection.execute(statement)]


async def interrupt_sending_to(connection: AsyncConnection, account_id: str, lead_id: str, now: datetime) -> None:
    """The same for one lead, by the worker that has taken its lane and sends nothing yet."""
    mine = {"account_id": account_id, "lead_id": lead_id, "state": "sending"}
    await change(connection, outbox, mine, {"state": "unknown", "claimed_at": now})


def _read(row: RowMapping) -> OutboxRow:
    return OutboxRow(**row)
