"""The outbox: intent first, one send, an outcome that is never guessed.

pending ──claim, committed──► sending ──► done          the vendor took it, or refused it
                                 └──────► unknown ──► done   a status from the vendor told
                                              └─────► parked after 300 s: a person decides
A lost answer is unknown and is never sent again by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.errors import Outcome, PlatformError, RateLimited
from pipewise.events import OutboundMessage, SendReceipt
from pipewise.leads import Lead
from pipewise.platforms.base import MessagingLimits
from pipewise.storage import integrations as integration_rows
from pipewise.storage import messages
from pipewise.storage import outbox as rows
from pipewise.storage.outbox import OutboxRow
from pipewise.storage.tables import accounts, events, leads
from pipewise.storage.tables import messages as message_table
from pipewise.storage.tables import outbox as outbox_table

PARK_AFTER = timedelta(seconds=300)
WINDOW_MARGIN = timedelta(minutes=5)
MAX_ATTEMPTS = 8
FIRST_BACKOFF = timedelta(seconds=2)
LONGEST_BACKOFF = timedelta(minutes=10)
_RANK = {"queued": 0, "sending": 1, "sent": 2, "delivered": 3, "read": 4}
_ERROR_TEXT = 500


@dataclass(frozen=True)
class Draft:
    """A message to be queued. `message_id` is derived, so that a turn that runs again finds its own intent."""

    message_id: str
    message: OutboundMessage
    integration_id: str
    platform: str
    recipient: str
    author: str = "agent"
    proactive: bool = False
    run_id: str | None = None
    expires_at: datetime | None = None


async def queue(connection: AsyncConnection, account_id: str, lead_id: str, draft: Draft, now: datetime) -> None:
    """Write the intent: transcript row and outbox row together."""
    await messages.insert_message(
        connection,
        {
            "id": draft.message_id,
            "account_id": account_id,
            "lead_id": lead_id,
            "direction": "out",
            "platform": draft.platform,
            "author": draft.author,
            "text": draft.message.text,
            "status": "queued",
            "run_id": draft.run_id,
            "created_at": now,
        },
    )
    await rows.insert_row(
        connection,
        {
            "message_id": draft.message_id,
            "account_id": account_id,
            "lead_id": lead_id,
            "integration_id": draft.integration_id,
            "platform": draft.platform,
            "recipient": draft.recipient,
            "payload": draft.message.as_dict(),
            "state": "pending",
            "proactive": draft.proactive,
            "author": draft.author,
            "attempts": 0,
            "expires_at": draft.expires_at,
            "created_at": now,
        },
    )


def refuse_reason(row: OutboxRow, lead: Lead, limits: MessagingLimits, *, paused: bool, now: datetime) -> str | None:
    """Why this row must not be sent now, looked at in the claiming transaction: `canceled:…`, `failed:…` or `wait:…`."""
    if lead.opted_out and row.proactive:
        return "canceled: the lead opted out"
    if row.author == "agent" and lead.agent == "paused":
        return "canceled: a person has the conversation"
    if row.author == "agent" and paused:
        return "wait: sending is paused for this account"
    if row.expires_at and now >= row.expires_at:
        return "expired: it is too late for this message"
    if limits.window and row.payload.get("template") is None and not window_open(lead, limits, now):
        return "failed: the reply window is closed"
    return None


def window_open(lead: Lead, limits: MessagingLimits, now: datetime) -> bool:
    """Whether free text may be sent, with a margin for the clocks of both sides."""
    if limits.window is None:
        return True
    return lead.last_inbound_at is not None and now < lead.last_inbound_at + limits.window - WINDOW_MARGIN


async def is_paused(connection: AsyncConnection, account_id: str) -> bool:
    return bool((await connection.execute(select(accounts.c.paused).where(accounts.c.id == account_id))).scalar())


async def claim(connection: AsyncConnection, row: OutboxRow, now: datetime) -> bool:
    """Committed before a byte leaves. False if the row is no longer pending."""
    claimed = await rows.update_row(
        connection,
        row.account_id,
        row.message_id,
        {"state": "sending", "claimed_at": now, "attempts": row.attempts + 1},
        only_in=("pending",),
    )
    if claimed:
        await messages.set_status(connection, row.account_id, row.message_id, "sending")
    return claimed


async def give_up(connection: AsyncConnection, row: OutboxRow, status: str, reason: str) -> None:
    """Bring a row to rest without sending it. `status`: canceled, expired or failed."""
    error = {"code": status, "message": reason}
    await rows.update_row(connection, row.account_id, row.message_id, {"state": "done", "error": error})
    await messages.set_status(connection, row.account_id, row.message_id, status)


async def record_sent(connection: AsyncConnection, row: OutboxRow, receipt: SendReceipt, now: datetime) -> None:
    await _settle(connection, row, now)
    await _raise_status(connection, row.account_id, row.message_id, "sent", receipt.vendor_id)
    await _apply_earlier_statuses(connection, row, receipt.vendor_id, now)


async def _settle(connection: AsyncConnection, row: OutboxRow, now: datetime) -> None:
    """The vendor has the message, by its answer or by a status, whichever comes first; counted once."""
    open_states = ("sending", "unknown", "parked")
    settled = await rows.update_row(
        connection, row.account_id, row.message_id, {"state": "done", "error": None}, only_in=open_states
    )
    if settled:
        await integration_rows.count(connection, row.account_id, row.integration_id, "messages_sent")
        await connection.execute(
            update(leads)
            .where(leads.c.id == row.lead_id, leads.c.account_id == row.account_id)
            .values(last_outbound_at=now)
        )


async def record_failure(connection: AsyncConnection, row: OutboxRow, error: PlatformError, now: datetime) -> str:
    """Returns the row's new state: pending (to be tried again, nothing left this machine), unknown or done (refused)."""
    told = {"code": error.vendor_code or error.code, "message": error.message[:_ERROR_TEXT]}
    if error.outcome is Outcome.UNKNOWN:
        values: dict[str, Any] = {"state": "unknown", "claimed_at": now, "error": told}
        await rows.update_row(connection, row.account_id, row.message_id, values, only_in=("sending",))
        return "unknown"
    attempts = row.attempts + 1
    if error.retryable and attempts < MAX_ATTEMPTS:
        wait = backoff(attempts) if error.retry_after is None else timedelta(seconds=error.retry_after)
        if isinstance(error, RateLimited) and error.retry_after is None:
            wait = timedelta(seconds=4 ** min(attempts, 4))  # Meta's advice for the pair limit: 4^X seconds
        values = {"state": "pending", "error": told, "not_before": now + wait}
        await rows.update_row(connection, row.account_id, row.message_id, values)
        await messages.set_status(connection, row.account_id, row.message_id, "queued")
        return "pending"
    await rows.update_row(connection, row.account_id, row.message_id, {"state": "done", "error": told})
    await messages.set_status(connection, row.account_id, row.message_id, "failed")
    return "done"


def backoff(attempts: int) -> timedelta:
    wait: timedelta = min(FIRST_BACKOFF * 2 ** (attempts - 1), LONGEST_BACKOFF)
    return wait


async def park(connection: AsyncConnection, row: OutboxRow) -> None:
    """The outcome stayed unknown: a person decides whether to send again."""
    if await rows.update_row(connection, row.account_id, row.message_id, {"state": "parked"}, only_in=("unknown",)):
        await messages.set_status(connection, row.account_id, row.message_id, "parked")


async def apply_status(connection: AsyncConnection, account_id: str, content: Mapping[str, Any], now: datetime) -> bool:
    """A vendor's word on one of our messages, found by our key or the vendor's id. False if none is known.

    It may come before the answer to the send, twice, out of order or a day late; it also settles an unknown outcome.
    """
    message_id = await _find_message(connection, account_id, content)
    if message_id is None:
        return False
    status = str(content["status"])
    if status == "failed":
        error = content.get("error") or {"code": "failed", "message": "The vendor could not deliver it."}
        changed = (
            update(message_table)
            .where(
                message_table.c.account_id == account_id,
                message_table.c.id == message_id,
                message_table.c.status.not_in(("delivered", "read")),
            )
            .values(status="failed")
        )
        if (await connection.execute(changed)).rowcount:
            await rows.update_row(connection, account_id, message_id, {"state": "done", "error": dict(error)})
        return True
    await _settle(connection, await rows.get_row(connection, account_id, message_id), now)
    await _raise_status(connection, account_id, message_id, status, str(content.get("vendor_id") or "") or None)
    return True


async def _find_message(connection: AsyncConnection, account_id: str, content: Mapping[str, Any]) -> str | None:
    callback, vendor_id = content.get("callback"), content.get("vendor_id")
    if callback:
        statement = select(outbox_table.c.message_id).where(
            outbox_table.c.account_id == account_id, outbox_table.c.message_id == str(callback)
        )
        found = (await connection.execute(statement)).scalar()
        if found:
            return str(found)
    if not vendor_id:
        return None
    statement = select(message_table.c.id).where(
        message_table.c.account_id == account_id,
        message_table.c.external_id == str(vendor_id),
        message_table.c.direction == "out",
    )
    return (await connection.execute(statement)).scalar()


async def _raise_status(
    connection: AsyncConnection, account_id: str, message_id: str, status: str, vendor_id: str | None
) -> None:
    """Only upwards: `read` may come before `delivered`, and a late `sent` changes nothing."""
    lower = [name for name, rank in _RANK.items() if rank < _RANK.get(status, 0)]
    values: dict[str, Any] = {"status": status}
    await connection.execute(
        update(message_table)
        .where(
            message_table.c.account_id == account_id,
            message_table.c.id == message_id,
            message_table.c.status.in_([*lower, "parked"]),
        )
        .values(values)
    )
    if vendor_id:
        await connection.execute(
            update(message_table)
            .where(
                message_table.c.account_id == account_id,
                message_table.c.id == message_id,
                message_table.c.external_id.is_(None),
            )
            .values(external_id=vendor_id)
        )


async def _apply_earlier_statuses(connection: AsyncConnection, row: OutboxRow, vendor_id: str, now: datetime) -> None:
    """Statuses that overtook the answer to the send and carried no key of ours."""
    statement = select(events.c.id, events.c.content).where(
        events.c.account_id == row.account_id,
        events.c.kind == "status",
        events.c.status == "ignored",
        events.c.ref == vendor_id,
    )
    for event in (await connection.execute(statement)).all():
        await apply_status(connection, row.account_id, event.content, now)
        await connection.execute(
            update(events)
            .where(events.c.account_id == row.account_id, events.c.id == event.id)
            .values(status="processed", reason=None, processed_at=now)
        )
