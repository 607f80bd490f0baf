"""Fires the follow-ups of a lane that are due: under its lease, each in one transaction, after every look that could stop it."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise import outbox
from pipewise.clock import Clock
from pipewise.connections import Connections
from pipewise.errors import PipewiseError
from pipewise.follow_up_checks import look
from pipewise.follow_up_messages import queue_follow_up
from pipewise.follow_up_outlets import Outlet, find_outlet
from pipewise.follow_up_plan import FollowUpPolicy, Kind, later_than, why_stopped, zone_of
from pipewise.follow_up_policy import load_policy
from pipewise.leads import Lead, Status
from pipewise.new_tasks import add_task
from pipewise.nudge_offers import NudgeOffer, refresh_offer, repeats_offer
from pipewise.storage import follow_ups as rows
from pipewise.storage import lanes, leads
from pipewise.storage import meetings as meeting_rows
from pipewise.storage.database import Database
from pipewise.storage.follow_ups import FollowUp
from pipewise.storage.lanes import Lease
from pipewise.storage.tables import messages, tasks
from pipewise.turns import NewTask

log = logging.getLogger(__name__)
PAUSE_RECHECK = timedelta(minutes=1)
PAUSED = "sending is paused for this account"
SILENT = frozenset({Kind.THANKS})
"""Kinds that are not worth a person's time where the channel forbids them."""


@dataclass(frozen=True)
class _Shot:
    """One follow-up in the transaction that may fire it."""

    lead: Lead
    follow_up: FollowUp
    policy: FollowUpPolicy
    now: datetime


class FollowUps:
    """`alerts` counts hand-offs that were found to be overdue since this process began."""

    def __init__(self, database: Database, connections: Connections, clock: Clock) -> None:
        self._database = database
        self._connections = connections
        self._clock = clock
        self.alerts = 0

    async def fire_due(self, lease: Lease, planned: Sequence[FollowUp]) -> bool:
        """Whether any was due. Each is then fired, moved, held or canceled, and the lane is to be looked at again."""
        due = [follow_up for follow_up in planned if follow_up.due_at <= self._clock.now()]
        for follow_up in due:
            try:
                await self._fire(lease, follow_up)
            except PipewiseError as error:
                if isinstance(error, lanes.LeaseLost):
                    raise
                log.warning("a follow-up could not be fired", extra={"lead_id": lease.lead_id, "code": error.code})
                await self._database.transact(partial(self._give_up, lease=lease, follow_up=follow_up, error=error))
        return bool(due)

    async def _fire(self, lease: Lease, follow_up: FollowUp) -> None:
        if follow_up.kind is Kind.OVERDUE:
            if await self._database.transact(lambda c: self._alert(c, lease, follow_up)):
                self.alerts += 1
                log.warning("a hand-off is overdue", extra={"lead_id": lease.lead_id})
            return
        lead = await self._database.ask(lambda c: leads.get_lead(c, lease.account_id, lease.lead_id))
        outlet = await find_outlet(self._database, self._connections, lead)
        policy = await self._database.ask(lambda c: load_policy(c, lease.account_id))
        offer = None
        if repeats_offer(follow_up, policy):  # the calendar is asked outside of the transaction
            offer = await refresh_offer(self._connections, self._clock, follow_up)
        await self._database.transact(lambda c: self._fire_in(c, lease, follow_up, outlet, offer))

    async def _fire_in(
        self,
        connection: AsyncConnection,
        lease: Lease,
        follow_up: FollowUp,
        outlet: Outlet | None,
        offer: NudgeOffer | None,
    ) -> None:
        # The lead's row is locked first: a reply, a takeover or a booking commits before this look, or waits for it.
        shot = await self._aim(connection, lease, follow_up)
        if shot is None:
            return
        if follow_up.kind is Kind.THANKS:
            shot = await _note_held(connection, shot)
        known = await look(connection, shot.follow_up, shot.lead)
        stopped = why_stopped(follow_up.kind, shot.follow_up.basis, known, shot.now)
        if stopped is None and not shot.policy.enabled:
            stopped = "follow-ups are off"
        if stopped:
            await rows.end(connection, shot.follow_up, rows.CANCELED, stopped, shot.now)
        elif not await _put_off(connection, shot):
            await _send(connection, shot, outlet, offer)

    async def _aim(self, connection: AsyncConnection, lease: Lease, follow_up: FollowUp) -> _Shot | None:
        """None if it was called off, moved or fired meanwhile."""
        lead = await leads.lock_lead(connection, lease.account_id, lease.lead_id, whole=True)
        await lanes.check(connection, lease)
        now = self._clock.now()
        latest = await rows.get_follow_up(connection, lease.account_id, follow_up.id)
        if latest is None or latest.state != rows.PLANNED or latest.due_at > now:
            return None
        return _Shot(lead, latest, await load_policy(connection, lease.account_id), now)

    async def _alert(self, connection: AsyncConnection, lease: Lease, follow_up: FollowUp) -> bool:
        """Whether a hand-off is overdue: its task is open and no person has written since."""
        shot = await self._aim(connection, lease, follow_up)
        if shot is None:
            return False
        why = await _why_settled(connection, shot)
        if why:
            await rows.end(connection, shot.follow_up, rows.CANCELED, why, shot.now)
            return False
        title = "A lead waits for a person and nobody has answered"
        detail = f"It was due at {shot.follow_up.due_at:%Y-%m-%d %H:%M} UTC."
        await add_task(connection, lease.account_id, shot.lead, NewTask("overdue", title, detail), shot.now)
        await rows.end(connection, shot.follow_up, rows.FIRED, "nobody has answered", shot.now)
        return True

    async def _give_up(
        self, connection: AsyncConnection, lease: Lease, follow_up: FollowUp, error: PipewiseError
    ) -> None:
        shot = await self._aim(connection, lease, follow_up)
        if shot:
            await _hold(connection, shot, error.message)


async def _put_off(connection: AsyncConnection, shot: _Shot) -> bool:
    """Whether it has to wait for another moment, or for none at all."""
    if await outbox.is_paused(connection, shot.lead.account_id):
        await rows.move(connection, shot.follow_up, shot.now + PAUSE_RECHECK, PAUSED, shot.now)
        return True
    spent = await rows.read_spent(connection, shot.lead.account_id, shot.lead.id, shot.now)
    later = later_than(shot.follow_up.kind, shot.policy, zone_of(shot.lead, shot.policy), spent, shot.now)
    if later is None:
        return False
    moment, reason = later
    if moment is None:
        await rows.end(connection, shot.follow_up, rows.CANCELED, reason, shot.now)
    else:
        await rows.move(connection, shot.follow_up, moment, reason, shot.now)
    return True


async def _send(connection: AsyncConnection, shot: _Shot, outlet: Outlet | None, offer: NudgeOffer | None) -> None:
    kind = shot.follow_up.kind
    channel = outlet.channel(kind, shot.now) if outlet else "no connected platform reaches the lead"
    if isinstance(channel, str):
        await _hold(connection, shot, channel)
        return
    refused = channel.template and await rows.refuses_offers(connection, shot.lead.account_id, shot.lead.id)
    if refused and kind is not Kind.REMINDER:
        await _hold(connection, shot, "the lead allows the company to open no conversation")
        return
    await queue_follow_up(connection, shot.lead, shot.follow_up, shot.policy, channel, shot.now, offer)


async def _hold(connection: AsyncConnection, shot: _Shot, reason: str) -> None:
    """A person may do what the machine may not."""
    state = rows.CANCELED if shot.follow_up.kind in SILENT else rows.HELD
    if not await rows.end(connection, shot.follow_up, state, reason, shot.now) or state == rows.CANCELED:
        return
    title = "A lead should be written to, and a person has to do it"
    detail = f"{shot.follow_up.reason}. Not sent by itself: {reason}."
    task = NewTask("follow_up_held", title, detail, shot.now)
    await add_task(connection, shot.lead.account_id, shot.lead, task, shot.now)


async def _note_held(connection: AsyncConnection, shot: _Shot) -> _Shot:
    """The meeting's time is over, and nobody told that it was missed."""
    lead, meeting_id = shot.lead, shot.follow_up.basis["meeting_id"]
    only_in = ("scheduled",)
    found = await meeting_rows.list_meetings(connection, lead.account_id, limit=20, lead_id=lead.id, status="scheduled")
    if not any(one.id == meeting_id and one.version == shot.follow_up.basis["meeting_version"] for one in found):
        return shot
    await meeting_rows.update_meeting(
        connection, lead.account_id, meeting_id, {"status": "held"}, shot.now, only_in=only_in
    )
    if not any(one.id != meeting_id and one.start_time > shot.now for one in found):
        reason = "its time is over, and no no-show was reported"
        await leads.move_status(connection, lead, Status.MEETING_HELD, actor="system", reason=reason, now=shot.now)
    latest = await leads.lock_lead(connection, lead.account_id, lead.id, whole=True)
    return _Shot(latest, shot.follow_up, shot.policy, shot.now)


async def _why_settled(connection: AsyncConnection, shot: _Shot) -> str | None:
    task_id = shot.follow_up.basis["task_id"]
    statement = select(tasks.c.status).where(tasks.c.account_id == shot.lead.account_id, tasks.c.id == task_id)
    if (await connection.execute(statement)).scalar() != "open":
        return "the task is done"
    wrote = select(messages.c.seq).where(
        messages.c.account_id == shot.lead.account_id,
        messages.c.lead_id == shot.lead.id,
        messages.c.author == "human",
        messages.c.created_at >= shot.follow_up.created_at,
    )
    return "a person has answered" if (await connection.execute(wrote.limit(1))).first() else None
