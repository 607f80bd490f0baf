"""Sends a lead's queued messages: re-checked and claimed in one transaction, sent once, its outcome recorded."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise import outbox, reply_limits
from pipewise.clock import Clock
from pipewise.connections import Connections, MessagingConnection
from pipewise.crash import CrashPoints
from pipewise.delivery_reports import record_sent
from pipewise.errors import Outcome, PlatformError, Unavailable
from pipewise.events import OutboundMessage, SendReceipt
from pipewise.follow_up_checks import why_withdrawn
from pipewise.integration_status import note_platform_error
from pipewise.lane_end import LaneEnd
from pipewise.new_tasks import add_task
from pipewise.pacer import PairPacer
from pipewise.platforms.base import MessagingLimits
from pipewise.public_items import item_id
from pipewise.send_breakdowns import record_breakdown
from pipewise.storage import lanes, leads, usage
from pipewise.storage import outbox as rows
from pipewise.storage.database import Database
from pipewise.storage.integrations import Integration, note_success
from pipewise.storage.lanes import Lease, LeaseLost
from pipewise.storage.outbox import OutboxRow
from pipewise.storage.trouble import is_storage_trouble, retried
from pipewise.turns import NewTask, UsageRecord

log = logging.getLogger(__name__)
STOPPED = "the vendor has stopped this account; look at it, then test the integration to go on"
PAUSE_RECHECK = timedelta(seconds=2)
NOTE_SECONDS = 15.0
CIRCUIT_OPEN = "circuit_open"
RECORD_PAUSES = (0.1, 1.0)


@dataclass(frozen=True)
class _Wait:
    """When to look at a row again, and whether the lead's later messages wait as well."""

    until: datetime
    holds_later: bool = True


@dataclass(frozen=True)
class _Sent:
    receipt: SendReceipt
    took: UsageRecord


class Sender:
    def __init__(self, database: Database, connections: Connections, clock: Clock, crash: CrashPoints) -> None:
        self._database = database
        self._connections = connections
        self._clock = clock
        self._crash = crash
        self._pacer = PairPacer(clock)
        self._noted: dict[str, float] = {}
        self._unrecorded: dict[str, _Sent] = {}

    async def send_open(
        self, lease: Lease, open_rows: list[OutboxRow] | None = None, end: LaneEnd | None = None
    ) -> datetime | None:
        """Send what may go now, in order. Returns when to look again, None if nothing is open.

        A row that waits for its time holds the later ones. One whose outcome is unknown does not: if it left at all, it
        left before them. `open_rows` are what the caller has just read. `end` is reached with the record of the last one, if
        nothing is left then."""
        if open_rows is None:
            open_rows = await self._database.ask(lambda c: rows.list_unfinished(c, lease.account_id, lease.lead_id))
        waits: list[_Wait] = []
        for row in open_rows:
            is_last = row is open_rows[-1] and not waits
            wait = await self._take_step(row, lease, end if is_last else None)
            if wait is not None:
                waits.append(wait)
                if wait.holds_later:
                    break
        return min((wait.until for wait in waits), default=None)

    async def _take_step(self, row: OutboxRow, lease: Lease, end: LaneEnd | None) -> _Wait | None:
        """A message that breaks the code that sends it has so many tries as any other, and ends where a person sees it."""
        try:
            return await self._step(row, lease, end)
        except LeaseLost:
            raise
        except Exception as error:
            # The worker loop: the failure is counted on its message.
            if is_storage_trouble(error):
                raise
            log.exception("a message could not be worked on", extra={"message_id": row.message_id})
            self._unrecorded.pop(row.message_id, None)
            broken = partial(record_breakdown, row=row, lease=lease, error=error, now=self._clock.now())
            look_at = await self._database.transact(broken)
            return _Wait(*look_at) if look_at else None

    async def _step(self, row: OutboxRow, lease: Lease, end: LaneEnd | None) -> _Wait | None:
        """None when the row is at rest."""
        now = self._clock.now()
        sent = self._unrecorded.get(row.message_id)
        if sent is not None:
            await self._record_sent(row, sent)
            return None
        if row.state in {"sending", "unknown"}:
            return await self._await_outcome(row, now)
        if row.not_before and now < row.not_before <= now + outbox.LONGEST_WAIT:
            return _Wait(row.not_before)
        connection = await self._connections.messaging(row.account_id, row.integration_id)
        if connection is None:
            await self._give_up(row, "failed", "the integration is not connected any more")
            return None
        if (connection.integration.last_error or {}).get("stops_account") and row.author != "human":
            await self._give_up(row, "failed", STOPPED)
            return None
        return await self._claim_and_send(row, lease, connection, end)

    async def _await_outcome(self, row: OutboxRow, now: datetime) -> _Wait | None:
        claimed_at = row.claimed_at or row.created_at
        if claimed_at <= now < claimed_at + outbox.PARK_AFTER:
            return _Wait(claimed_at + outbox.PARK_AFTER, holds_later=False)
        async with self._database.write() as connection:
            if now < claimed_at:  # the clock went back: the time is counted from here on
                await rows.update_row(connection, row.account_id, row.message_id, {"claimed_at": now})
                return _Wait(now + outbox.PARK_AFTER, holds_later=False)
            if await outbox.park(connection, row):
                lead = await leads.get_lead(connection, row.account_id, row.lead_id)
                title = "A message may not have been delivered"
                await add_task(connection, row.account_id, lead, NewTask("parked", title, row.payload["text"]), now)
        return None

    async def _claim_and_send(
        self, row: OutboxRow, lease: Lease, channel: MessagingConnection, end: LaneEnd | None
    ) -> _Wait | None:
        claimed = await self._database.transact(lambda c: self._claim(c, row, lease, channel))
        return await self._send(row, channel, end) if claimed is True else claimed or None

    async def _claim(
        self, connection: AsyncConnection, row: OutboxRow, lease: Lease, channel: MessagingConnection
    ) -> _Wait | bool:
        """True once the row is claimed; when to look again; False if it is not to be sent."""
        now, limits = self._clock.now(), channel.messenger.limits
        # Locked, so that a takeover commits before this look or finds the row claimed.
        lead = await leads.lock_lead(connection, row.account_id, row.lead_id)
        await lanes.check(connection, lease)
        paused = await outbox.is_paused(connection, row.account_id)
        there = await reply_limits.as_written_on(connection, lead, channel)
        refusal = outbox.refuse_reason(row, there, limits, paused=paused, now=now)
        refusal = refusal or await why_withdrawn(connection, row, lead, now)
        refusal = refusal or await self._refuse_item(connection, row, limits, now)
        if refusal:
            verdict, _, reason = refusal.partition(": ")
            if verdict == "wait":
                return _Wait(now + PAUSE_RECHECK)
            if await outbox.give_up(connection, row, verdict, reason) and verdict == "failed":
                task = NewTask("window_closed", "A message could not be sent", f"{reason}: {row.payload['text']}")
                await add_task(connection, row.account_id, lead, task, now)
            return False
        wait = self._pacer.wait(row.integration_id, row.recipient, limits, public=item_id(row.recipient) is not None)
        if wait > 0:
            return _Wait(now + timedelta(seconds=wait))
        return await outbox.claim(connection, row, now)

    async def _refuse_item(
        self, connection: AsyncConnection, row: OutboxRow, limits: MessagingLimits, now: datetime
    ) -> str | None:
        if item_id(row.recipient) is None:
            return None
        where, to = row.integration_id, row.recipient
        reason = await reply_limits.refuse_item(
            connection, row.account_id, where, to, limits, now, message_id=row.message_id
        )
        return f"failed: {reason}" if reason else None

    async def _send(self, row: OutboxRow, channel: MessagingConnection, end: LaneEnd | None) -> _Wait | None:
        message, started = OutboundMessage.from_dict(row.payload), self._clock.monotonic()
        self._crash.reach("before:send")
        try:
            receipt = await channel.messenger.send(row.recipient, message, callback=row.message_id)
        except PlatformError as error:
            return await self._record_failure(row, channel, error, self._took(row, started, ok=False))
        except asyncio.CancelledError:
            # The process is stopping and the answer will never be read: the message may have left.
            lost = Unavailable("The process stopped.", platform=row.platform, outcome=Outcome.UNKNOWN)
            await asyncio.shield(self._record_failure(row, channel, lost, self._took(row, started, ok=False)))
            raise
        self._crash.reach("after:send")
        await self._record_sent(row, _Sent(receipt, self._took(row, started, ok=True)), end)
        await self._note_success(channel.integration, self._clock.now())
        return None

    def _took(self, row: OutboxRow, started: float, *, ok: bool) -> UsageRecord:
        return UsageRecord(row.platform, "send_message", ok, round((self._clock.monotonic() - started) * 1000))

    async def _record_sent(self, row: OutboxRow, sent: _Sent, end: LaneEnd | None = None) -> None:
        """Tried again where the database has a bad moment. Where that lasts, the receipt is kept until the lane is run anew:
        the message is out, and nobody else knows."""
        self._unrecorded[row.message_id] = sent
        # A try whose commit was not heard of may have given the lane back: the next one leaves that to the lane's worker.
        ends = iter((end,))
        await retried(lambda: self._write_sent(row, sent, next(ends, None)), RECORD_PAUSES)

    async def _write_sent(self, row: OutboxRow, sent: _Sent, end: LaneEnd | None) -> None:
        now = self._clock.now()

        async def record(connection: AsyncConnection) -> datetime | None:
            await record_sent(connection, row, sent.receipt, now)
            await usage.add_usage(connection, row.account_id, sent.took, now)
            return await end.reach(connection) if end else None

        due_at = await self._database.transact(record)
        del self._unrecorded[row.message_id]
        if end:
            end.note_committed(due_at)

    async def _note_success(self, integration: Integration, now: datetime) -> None:
        """Now and then, and apart: all leads share the integration's row, and nobody waits for it with a lead's in hand."""
        moment = self._clock.monotonic()
        if moment - self._noted.get(integration.id, -NOTE_SECONDS) < NOTE_SECONDS:
            return
        async with self._database.write() as connection:
            await note_success(connection, integration, now)
        self._noted[integration.id] = moment

    async def _record_failure(
        self, row: OutboxRow, channel: MessagingConnection, error: PlatformError, took: UsageRecord
    ) -> _Wait | None:
        now, integration = self._clock.now(), channel.integration
        stops = channel.messenger.stops_account(error.vendor_code)
        async with self._database.write() as connection:
            state = await outbox.record_failure(connection, row, error, now)
            if error.vendor_code != CIRCUIT_OPEN:  # else nothing was asked
                await usage.add_usage(connection, row.account_id, took, now)
            latest = await rows.get_row(connection, row.account_id, row.message_id)
            if state == "done" and latest.error:
                lead = await leads.get_lead(connection, row.account_id, row.lead_id)
                task = NewTask("send_failed", "A message could not be sent", f"{error.message} {row.payload['text']}")
                await add_task(connection, row.account_id, lead, task, now)
        self._noted.pop(integration.id, None)
        async with self._database.write() as connection:
            await note_platform_error(connection, integration, error, now, stops=stops)
        if stops:
            self._connections.drop(integration.id)
        if state == "unknown":
            return _Wait(now + outbox.PARK_AFTER, holds_later=False)
        return _Wait(latest.not_before or now) if state == "pending" else None

    async def _give_up(self, row: OutboxRow, status: str, reason: str) -> None:
        async with self._database.write() as connection:
            if await outbox.give_up(connection, row, status, reason):
                lead = await leads.get_lead(connection, row.account_id, row.lead_id)
                task = NewTask("send_failed", "A message could not be sent", f"{reason}: {row.payload['text']}")
                await add_task(connection, row.account_id, lead, task, self._clock.now())
