"""Our own code broke on a message: so many tries as a vendor's refusals have, then it ends where a person sees it."""

import random
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise import outbox
from pipewise.errors import PipewiseError
from pipewise.new_tasks import add_task
from pipewise.storage import lanes, leads
from pipewise.storage import outbox as rows
from pipewise.storage.lanes import Lease
from pipewise.storage.outbox import OutboxRow
from pipewise.turns import NewTask

BROKEN = "internal_error"


async def record_breakdown(
    connection: AsyncConnection, row: OutboxRow, lease: Lease, error: Exception, now: datetime
) -> tuple[datetime, bool] | None:
    """`row` is as it was before. A row that had been claimed may have left: it is unknown, and parked if it was that already.
    Any other is tried again, and fails after `outbox.MAX_ATTEMPTS` tries. Returns when to look at it again, and whether
    the lead's later messages wait as well. Raises LeaseLost."""
    await leads.lock_lead(connection, row.account_id, row.lead_id)
    await lanes.check(connection, lease)
    cause = error.message if isinstance(error, PipewiseError) else type(error).__name__
    told = {"code": BROKEN, "message": cause}
    if row.state != "pending":
        if await outbox.park(connection, row):
            await _set(connection, row, {"error": told}, "parked")
            await _tell(connection, row, NewTask("parked", "A message may not have been delivered"), cause, now)
        return None
    if await _set(connection, row, {"state": "unknown", "claimed_at": now, "error": told}, "sending"):
        return now + outbox.PARK_AFTER, False
    attempts = row.attempts + 1
    wait = outbox.backoff(attempts) * random.uniform(0.5, 1.0)  # noqa: S311  jitter, not a secret
    tried = {"attempts": attempts, "not_before": now + wait, "error": told}
    if not await _set(connection, row, tried, "pending"):
        return None
    if attempts < outbox.MAX_ATTEMPTS:
        return now + wait, True
    await outbox.give_up(connection, row, "failed", cause)
    await _tell(connection, row, NewTask("send_failed", "A message could not be sent"), cause, now)
    return None


async def _set(connection: AsyncConnection, row: OutboxRow, values: dict[str, Any], state: str) -> bool:
    return await rows.update_row(connection, row.account_id, row.message_id, values, only_in=(state,))


async def _tell(connection: AsyncConnection, row: OutboxRow, task: NewTask, cause: str, now: datetime) -> None:
    lead = await leads.get_lead(connection, row.account_id, row.lead_id)
    told = NewTask(task.kind, task.title, f"{cause}: {row.payload.get('text')}")
    await add_task(connection, row.account_id, lead, told, now)
