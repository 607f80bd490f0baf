"""What a lane does: send what is queued, let a burst settle, run one turn over the lead's open events, commit, send."""

import asyncio
import logging
import random
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.bursts import Bursts, BurstWindow
from pipewise.channels import choose_channel
from pipewise.clock import Clock
from pipewise.connections import Connections
from pipewise.crash import CrashPoints
from pipewise.errors import PipewiseError
from pipewise.fair_queue import FairQueue
from pipewise.follow_up_firing import FollowUps
from pipewise.lane_end import LaneEnd
from pipewise.lane_look import Look, awaits_a_turn, look_into, open_turn
from pipewise.lead_events import LeadEvents
from pipewise.lease_keeper import LeaseKeeper
from pipewise.new_tasks import add_task
from pipewise.sender import Sender
from pipewise.storage import events as event_rows
from pipewise.storage import lanes, leads
from pipewise.storage import outbox as outbox_rows
from pipewise.storage.database import Database
from pipewise.storage.events import StoredEvent
from pipewise.storage.lanes import Lease, LeaseLost
from pipewise.storage.tenancy import Key, Purpose, acting_for, acting_for_owner, for_every_account
from pipewise.storage.trouble import is_storage_trouble, retried
from pipewise.storage.types import new_id
from pipewise.turn_commit import commit_turn, record_outcome
from pipewise.turn_watch import TurnWatch
from pipewise.turns import NewTask, RunTurn, Superseded, TurnRequest
from pipewise.waiting import Patience, WaitingLead

log = logging.getLogger(__name__)
TRIES = 5
FIRST_BACKOFF = timedelta(seconds=2)
LONGEST_BACKOFF = timedelta(minutes=15)
RELEASE_PAUSES = (0.1, 0.5, 2.0)  # shorter than the lease that is waited out otherwise
LONGEST_TROUBLE = timedelta(seconds=30)
CLOCK_TOLERANCE = timedelta(seconds=1)


class Worker:
    """One per process. `run_turn` is the graph; the worker knows nothing more of it."""

    def __init__(
        self,
        database: Database,
        connections: Connections,
        clock: Clock,
        crash: CrashPoints,
        run_turn: RunTurn,
        *,
        burst: BurstWindow,
        max_concurrent_runs: int,
        leases: LeaseKeeper,
        patience: Patience | None = None,
    ) -> None:
        self._database = database
        self._leases = leases
        self._connections = connections
        self._clock = clock
        self._crash = crash
        self._bursts = Bursts(burst, clock)
        self._pool = FairQueue(max_concurrent_runs)
        self._sender = Sender(database, connections, clock, crash)
        self._waiting = WaitingLead(database, connections, clock, self._sender, run_turn, patience or Patience())
        self._lead_events = LeadEvents(connections)
        self.follow_ups = FollowUps(database, connections, clock)
        self._watch = TurnWatch(database)
        self._holder = new_id()
        self._troubles: dict[str, int] = {}
        self._last_scan: datetime | None = None

    def note_arrival(self, lead_id: str) -> None:
        """Something of this lead was just accepted: a burst may be going on."""
        self._bursts.note_arrival(lead_id)
        self._watch.poke(lead_id)

    async def scan(self, now: datetime) -> tuple[list[str], datetime | None]:
        """Leads due now, and the next due time of any lead. At the first look, and when the clock went back, due times that
        lie ahead are not believed."""
        with for_every_account(Purpose.LANES):
            if self._last_scan is None or now < self._last_scan - CLOCK_TOLERANCE:
                async with self._database.write() as connection:
                    await lanes.bring_forward(connection, now)
            self._last_scan = now
            self._bursts.forget_old()
            return await self._database.ask(lambda c: _due(c, now))

    async def run_lane(self, lead_id: str) -> datetime | None:
        """All due work of one lead. Returns when there is work again."""
        with acting_for_owner(Key.LANE, lead_id):
            entered = await self._database.transact(lambda c: self._enter(c, lead_id))
        if entered is None:
            return None
        with acting_for(entered[0].account_id):
            return await self._run_entered(*entered)

    async def _run_entered(self, lease: Lease, look: Look) -> datetime | None:
        lead_id = lease.lead_id
        end = LaneEnd(lease, self._leases, self._clock.now() + FIRST_BACKOFF)
        try:
            async with self._leases.keep(lease):
                end = await self._work(lease, look)
            self._troubles.pop(lead_id, None)
        except LeaseLost:
            log.warning("lane lost to another worker", extra={"lead_id": lead_id})
        except Exception as error:
            if not is_storage_trouble(error):
                raise
            end = LaneEnd(lease, self._leases, self._clock.now() + self._wait_out(lead_id))
            log.warning("the database has trouble", extra={"lead_id": lead_id, "problem": type(error).__name__})
        finally:
            due_at = end.due_at if end.reached else await asyncio.shield(self._release(end))
        return due_at

    def _wait_out(self, lead_id: str) -> timedelta:
        """Back-off of a lane whose database has trouble: no try of any event, and not noted where nothing can be noted."""
        times = self._troubles[lead_id] = self._troubles.get(lead_id, 0) + 1
        return _spread(min(FIRST_BACKOFF * 2 ** min(times - 1, 10), LONGEST_TROUBLE))

    async def _enter(self, connection: AsyncConnection, lead_id: str) -> tuple[Lease, Look] | None:
        """Take the lane, and look at once what is to be done in it."""
        lease = await lanes.take(connection, lead_id, self._holder)
        if lease is None:
            return None
        look = await look_into(connection, lease)
        if any(row.state == "sending" for row in look.outbox):
            # Whoever was sending for this lead is gone: the message may have left.
            await outbox_rows.interrupt_sending_to(connection, lease.account_id, lead_id, self._clock.now())
            look = await look_into(connection, lease)
        if awaits_a_turn(look) and not self._bursts.may_go_on(lead_id):
            look = replace(look, turn=await open_turn(connection, lease, look.events))
        return lease, look

    async def _work(self, lease: Lease, look: Look) -> LaneEnd:
        """What the lead said comes first: it may be that nothing more shall be sent. Returns the lane's end, perhaps reached
        with the last send."""
        while True:
            events = look.events
            held_until, now = events[0].not_before if events else None, self._clock.now()
            is_held = held_until is not None and now < held_until <= now + LONGEST_BACKOFF
            if not events or is_held:
                later = [held_until if is_held else None, look.next_due]
                end = LaneEnd(lease, self._leases, min(filter(None, later), default=None))
                is_due = look.next_due is not None and look.next_due <= now
                later.append(await self._sender.send_open(lease, look.outbox, None if is_due else end))
                if end.reached:
                    return end
                if not await self.follow_ups.fire_due(lease, look.follow_ups):
                    return LaneEnd(lease, self._leases, min(filter(None, later), default=None))
            elif waiting := [event for event in events if not event.needs_turn]:
                await self._apply(lease, waiting[0])
            else:
                await self._bursts.settle(lease.lead_id)
                if after := await self._take_turn(lease, look.turn):
                    look = after
                    continue
            look = await self._database.ask(lambda c: look_into(c, lease))

    async def _apply(self, lease: Lease, event: StoredEvent) -> None:
        """An event that owes no answer: one transaction, done or postponed."""
        try:
            async with self._database.write() as connection:
                await leads.lock_lead(connection, lease.account_id, lease.lead_id)
                await lanes.check(connection, lease)
                await self._lead_events.apply(connection, event, self._clock.now())
        except LeaseLost:
            raise
        except Exception as error:
            if is_storage_trouble(error):
                raise
            log.exception("event could not be applied", extra={"event_id": event.id})
            await self._postpone(lease, [event], error)

    async def _take_turn(self, lease: Lease, request: TurnRequest | None) -> Look | None:
        """What is to be done after the commit. `request` is good if nothing is waited for before it begins."""
        waits = not self._pool.free
        async with self._pool.place(lease.account_id):
            if request is None or waits:
                request = await self._database.ask(lambda c: open_turn(c, lease))
            return await self._run_and_commit(lease, request) if request else None

    async def _run_and_commit(self, lease: Lease, request: TurnRequest) -> Look | None:
        started_at = self._clock.now()
        self._crash.reach("before:turn")
        try:
            channel = await choose_channel(self._connections, request.lead, request.events, started_at)
            async with self._watch.over(request):
                result = await self._waiting.run(lease, request, channel)
            self._crash.reach("before:run_commit")
            now = self._clock.now()

            async def commit(connection: AsyncConnection) -> Look:
                await commit_turn(connection, request, result, lease, channel, started_at=started_at, now=now)
                return await look_into(connection, lease)

            after = await self._database.transact(commit)
        except LeaseLost:
            raise
        except Superseded as reason:
            await self._record(request, "superseded", {"reason": reason.message}, started_at)
        except Exception as error:
            # The worker loop: the events stay in the inbox, others go on, and the failure is seen.
            if is_storage_trouble(error):
                raise
            log.exception("turn failed", extra={"run_id": request.run_id, "lead_id": request.lead.id})
            body = error.body().as_dict() if isinstance(error, PipewiseError) else _internal_error().body().as_dict()
            await self._record(request, "failed", {"error": body}, started_at)
            await self._postpone(lease, list(request.events), error)
        else:
            self._crash.reach("after:run_commit")
            return after
        return None

    async def _record(self, request: TurnRequest, outcome: str, record: dict[str, Any], started_at: datetime) -> None:
        async with self._database.write() as connection:
            await record_outcome(connection, request, outcome, record, started_at=started_at, now=self._clock.now())

    async def _postpone(self, lease: Lease, events: list[StoredEvent], error: Exception) -> None:
        """Back off at the head of the lane; after too many tries the events become dead letters and a person is told."""
        now = self._clock.now()
        reason = error.message if isinstance(error, PipewiseError) else f"{type(error).__name__}"
        attempts = max(event.attempts for event in events) + 1
        ids = [event.id for event in events]
        async with self._database.write() as connection:
            lead = await leads.lock_lead(connection, lease.account_id, lease.lead_id)
            await lanes.check(connection, lease)
            if tried := attempts % TRIES:  # a dead letter that was replayed has as many tries again
                wait = _spread(min(FIRST_BACKOFF * 2 ** (tried - 1), LONGEST_BACKOFF))
                await event_rows.postpone(connection, lease.account_id, ids, not_before=now + wait, reason=reason)
                return
            await event_rows.mark_events(connection, lease.account_id, ids, "dead_letter", now=now, reason=reason)
            task = NewTask(
                "dead_letter", "An event could not be processed", f"{reason}; replay it from the events list."
            )
            await add_task(connection, lease.account_id, lead, task, now)

    async def _release(self, end: LaneEnd) -> datetime | None:
        """Where the database is away for longer, the lane waits for its lease to run out, or for this process to take it anew."""
        return await retried(lambda: self._database.transact(end.reach), RELEASE_PAUSES)


async def _due(connection: AsyncConnection, now: datetime) -> tuple[list[str], datetime | None]:
    return await lanes.list_due(connection, now), await lanes.next_due(connection)


def _spread(wait: timedelta) -> timedelta:
    """With jitter: leads that failed together, because something behind them did, do not come back all at once."""
    return wait * random.uniform(0.5, 1.0)  # noqa: S311  jitter, not a secret


def _internal_error() -> PipewiseError:
    return PipewiseError("Something unexpected went wrong; the log has the details.")
