"""What the vendor says of our messages: the answer to a send, and statuses, in whatever order they come."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Update, bindparam, case, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.events import Identity, SendReceipt
from pipewise.public_items import item_id
from pipewise.storage import integrations as integration_rows
from pipewise.storage import leads as lead_rows
from pipewise.storage import messages as message_rows
from pipewise.storage import outbox as rows
from pipewise.storage.messages import Message
from pipewise.storage.outbox import OutboxRow
from pipewise.storage.statements import conditions, keys
from pipewise.storage.tables import events, messages, outbox

_RANK = {"queued": 0, "sending": 1, "sent": 2, "delivered": 3, "read": 4}
_ARRIVED = ("delivered", "read")


async def record_sent(connection: AsyncConnection, row: OutboxRow, receipt: SendReceipt, now: datetime) -> None:
    await lead_rows.lock_row(connection, row.account_id, row.lead_id)
    await _settle_row(connection, row, now)
    await _raise_status(connection, row.account_id, row.message_id, "sent", receipt.vendor_id)
    await _apply_earlier_statuses(connection, row, receipt.vendor_id, now)
    if item_id(row.recipient) and receipt.recipient:
        # Who comments and who writes may be known by two ids; the answer to a private reply tells that they are one.
        person = Identity(row.platform, receipt.recipient)
        await lead_rows.claim_identities(connection, row.account_id, row.lead_id, [person], now)


async def apply_status(
    connection: AsyncConnection, account_id: str, content: Mapping[str, Any], now: datetime
) -> Message | None:
    """A vendor's word on one of our messages, found by our key or the vendor's id: the message as it is now, or None if none
    is known.

    It may come before the answer to the send, twice, out of order or a day late; it also settles an unknown outcome.
    """
    message_id = await _find_message(connection, account_id, content)
    if message_id is None:
        return None
    status = str(content["status"])
    if status == "failed":
        await _fail(connection, account_id, message_id, content, now)
    else:
        await _settle(connection, account_id, message_id, now)
        await _raise_status(connection, account_id, message_id, status, str(content.get("vendor_id") or "") or None)
    return await message_rows.get_message(connection, account_id, message_id)


async def _settle(connection: AsyncConnection, account_id: str, message_id: str, now: datetime) -> None:
    """The vendor has the message, by its answer or by a status, whichever comes first; counted once."""
    row = await rows.find_row(connection, account_id, message_id)
    if row is None or row.state == "done":
        return  # written in the vendor's own app, or at rest
    await lead_rows.lock_row(connection, account_id, row.lead_id)
    await _settle_row(connection, row, now)


async def _settle_row(connection: AsyncConnection, row: OutboxRow, now: datetime) -> None:
    """A row that waits for another try counts too: whatever the failed try looked like, the vendor has it."""
    values = {"state": "done", "error": None}
    if await rows.update_row(connection, row.account_id, row.message_id, values, only_in=rows.OPEN):
        await lead_rows.note_outbound(connection, row.account_id, row.lead_id, now)
        await integration_rows.count(connection, row.account_id, row.integration_id, "messages_sent")


async def _fail(
    connection: AsyncConnection, account_id: str, message_id: str, content: Mapping[str, Any], now: datetime
) -> None:
    error = content.get("error") or {"code": "failed", "message": "The vendor could not deliver it."}
    changed = (
        update(messages)
        .where(messages.c.account_id == account_id, messages.c.id == message_id, messages.c.status.not_in(_ARRIVED))
        .values(status="failed")
    )
    if (await connection.execute(changed)).rowcount:
        await rows.update_row(connection, account_id, message_id, {"state": "done", "error": dict(error)})
    row = await rows.find_row(connection, account_id, message_id)
    if row and error.get("stops_account"):
        await integration_rows.note_stopped(connection, account_id, row.integration_id, error, now)


async def _find_message(connection: AsyncConnection, account_id: str, content: Mapping[str, Any]) -> str | None:
    callback, vendor_id = content.get("callback"), content.get("vendor_id")
    if callback:
        statement = select(outbox.c.message_id).where(
            outbox.c.account_id == account_id, outbox.c.message_id == str(callback)
        )
        found = (await connection.execute(statement)).scalar()
        if found:
            return str(found)
    if not vendor_id:
        return None
    statement = select(messages.c.id).where(
        messages.c.account_id == account_id,
        messages.c.external_id == str(vendor_id),
        messages.c.direction == "out",
    )
    return (await connection.execute(statement)).scalar()


async def _raise_status(
    connection: AsyncConnection, account_id: str, message_id: str, status: str, vendor_id: str | None
) -> None:
    """Only upwards: `read` may come before `delivered`, and a late `sent` changes nothing."""
    mine = keys({"account_id": account_id, "id": message_id})
    if vendor_id:
        await connection.execute(_naming(status), {**mine, "named": vendor_id})
    else:
        await connection.execute(_raising(status), mine)


_EARLIER = select(events.c.id, events.c.content).where(
    *conditions(events, ("account_id", "ref")), events.c.kind == "status", events.c.status == "ignored"
)


@cache
def _raising(status: str) -> Update:
    mine = conditions(messages, ("account_id", "id"))
    return update(messages).where(*mine, messages.c.status.in_(_below(status))).values(status=status)


@cache
def _naming(status: str) -> Update:
    """The same, and the vendor's id of the message where none is known yet, in one statement."""
    raised = case((messages.c.status.in_(_below(status)), status), else_=messages.c.status)
    named = func.coalesce(messages.c.external_id, bindparam("named"))
    return update(messages).where(*conditions(messages, ("account_id", "id"))).values(status=raised, external_id=named)


def _below(status: str) -> list[str]:
    lower = [name for name, rank in _RANK.items() if rank < _RANK.get(status, 0)]
    return [*lower, "parked"]


async def _apply_earlier_statuses(connection: AsyncConnection, row: OutboxRow, vendor_id: str, now: datetime) -> None:
    """Statuses that overtook the answer to the send and carried no key of ours."""
    overtaking = await connection.execute(_EARLIER, keys({"account_id": row.account_id, "ref": vendor_id}))
    for event in overtaking.all():
        await apply_status(connection, row.account_id, event.content, now)
        await connection.execute(
            update(events)
            .where(events.c.account_id == row.account_id, events.c.id == event.id)
            .values(status="processed", reason=None, processed_at=now)
        )
