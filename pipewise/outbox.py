"""The outbox: intent first, one send, an outcome that is never guessed.

pending ──claim, committed──► sending ──► done          the vendor took it, or refused it
                                 └──────► unknown ──► done   a status from the vendor told
                                              └─────► parked after 300 s: a person decides
A lost answer is unknown and is never sent again by itself.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.errors import Outcome, PlatformError, RateLimited
from pipewise.events import OutboundMessage
from pipewise.leads import Lead
from pipewise.platforms.base import MessagingLimits
from pipewise.public_items import item_id
from pipewise.storage import messages
from pipewise.storage import outbox as rows
from pipewise.storage.outbox import OutboxRow
from pipewise.storage.statements import conditions, keys
from pipewise.storage.tables import accounts
from pipewise.storage.tables import outbox as outbox_table

PARK_AFTER = timedelta(seconds=300)
WINDOW_MARGIN = timedelta(minutes=5)
MAX_ATTEMPTS = 8
FIRST_BACKOFF = timedelta(seconds=2)
LONGEST_BACKOFF = timedelta(minutes=10)
LONGEST_WAIT = timedelta(hours=1)
NOT_OPENED = "the lead has not written to this account directly"
CIRCUIT_OPEN = "circuit_open"
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
    if lead.opted_out and (row.proactive or row.author == "human"):
        return "canceled: the lead opted out"
    if row.author == "agent" and lead.agent == "paused":
        return "canceled: a person has the conversation"
    if row.author == "agent" and paused:
        return "wait: sending is paused for this account"
    if row.expires_at and now >= row.expires_at:
        return "expired: it is too late for this message"
    if item_id(row.recipient) or row.payload.get("template") is not None:
        return None
    if limits.items and lead.last_inbound_at is None:
        return f"failed: {NOT_OPENED}"
    by_hand = row.author == "human" and row.payload.get("human_agent") is True
    if not window_open(lead, limits, now, by_hand=by_hand):
        return "failed: the reply window is closed"
    return None


def window_open(lead: Lead, limits: MessagingLimits, now: datetime, *, by_hand: bool = False) -> bool:
    """Whether free text may be sent, with a margin for the clocks of both sides. `by_hand`: by a person who wrote it."""
    window = limits.person_window if by_hand and limits.person_window else limits.window
    if window is None:
        return True
    return lead.last_inbound_at is not None and now < lead.last_inbound_at + window - WINDOW_MARGIN


async def is_paused(connection: AsyncConnection, account_id: str) -> bool:
    return bool((await connection.execute(_PAUSED, keys({"id": account_id}))).scalar())


_PAUSED = select(accounts.c.paused).where(*conditions(accounts, ("id",)))


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


async def give_up(connection: AsyncConnection, row: OutboxRow, status: str, reason: str) -> bool:
    """Bring a waiting row to rest without sending it. `status`: canceled, expired or failed. False if it waits no more."""
    values = {"state": "done", "error": {"code": status, "message": reason}}
    stopped = await rows.update_row(connection, row.account_id, row.message_id, values, only_in=("pending",))
    if stopped:
        await messages.set_status(connection, row.account_id, row.message_id, status)
    return stopped


async def record_failure(connection: AsyncConnection, row: OutboxRow, error: PlatformError, now: datetime) -> str:
    """Returns the row's new state: pending (to be tried again, nothing left this machine), unknown, or done (refused, or
    settled meanwhile by the vendor's own word)."""
    told = {"code": error.vendor_code or error.code, "message": error.message[:_ERROR_TEXT]}
    if error.outcome is Outcome.UNKNOWN:
        values: dict[str, Any] = {"state": "unknown", "claimed_at": now, "error": told}
        changed = await rows.update_row(connection, row.account_id, row.message_id, values, only_in=("sending",))
        return "unknown" if changed else "done"
    wait = _wait_after(error, row.attempts + 1)
    values = {"state": "pending", "error": told, "not_before": now + wait} if wait else {"state": "done", "error": told}
    if error.vendor_code == CIRCUIT_OPEN:
        values["attempts"] = row.attempts
    if not await rows.update_row(connection, row.account_id, row.message_id, values, only_in=("sending",)):
        return "done"
    await messages.set_status(connection, row.account_id, row.message_id, "queued" if wait else "failed")
    return str(values["state"])


def _wait_after(error: PlatformError, attempts: int) -> timedelta | None:
    """How long to wait before the next try; None if there is none. An open circuit let nothing be tried at all."""
    untried = error.vendor_code == CIRCUIT_OPEN
    if not untried and not (error.retryable and attempts < MAX_ATTEMPTS):
        return None
    if error.retry_after is not None:
        return min(timedelta(seconds=max(error.retry_after, 0.1)), LONGEST_WAIT)
    if isinstance(error, RateLimited):
        return timedelta(seconds=4 ** min(attempts - 1, 4))  # Meta's advice for the pair limit: 4^X seconds
    return backoff(attempts)


def backoff(attempts: int) -> timedelta:
    wait: timedelta = min(FIRST_BACKOFF * 2 ** (attempts - 1), LONGEST_BACKOFF)
    return wait


async def park(connection: AsyncConnection, row: OutboxRow) -> bool:
    """The outcome stayed unknown: a person decides whether to send again. False if it became known meanwhile."""
    values = {"state": "parked"}
    parked = await rows.update_row(connection, row.account_id, row.message_id, values, only_in=("sending", "unknown"))
    if parked:
        await messages.set_status(connection, row.account_id, row.message_id, "parked")
    return parked


async def cancel_queued(connection: AsyncConnection, lead: Lead, reason: str, *, notices: bool = False) -> None:
    """What the agent drafted and has not begun to send stays unsent; with `notices`, the system's own as well."""
    mine = (
        outbox_table.c.account_id == lead.account_id,
        outbox_table.c.lead_id == lead.id,
        outbox_table.c.state == "pending",
        outbox_table.c.author.in_(("agent", "system") if notices else ("agent",)),
    )
    values = {"state": "done", "error": {"code": "canceled", "message": reason}}
    statement = update(outbox_table).where(*mine).values(values).returning(outbox_table.c.message_id)
    for message_id in list((await connection.execute(statement)).scalars()):
        await messages.set_status(connection, lead.account_id, message_id, "canceled")
