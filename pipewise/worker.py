"""What a lane does: send what is queued, let a burst settle, run one turn over the lead's open events, commit, send."""

import asyncio
import logging
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.channels import choose_channel
from pipewise.clock import Clock
from pipewise.connections import Connections
from pipewise.crash import CrashPoints
from pipewise.errors import PipewiseError
from pipewise.fair_queue import FairQueue
from pipewise.follow_up_firing import FollowUps
from pipewise.lane_look import Look, look_into, open_turn
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


@dataclass(frozen=True)
class BurstWindow:
    """Seconds of quiet that end a burst, and the longest wait for that quiet."""

    quiet: float
    longest: float


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
        self._burst = burst
        self._pool = FairQueue(max_concurrent_runs)
        self._sender = Sender(database, connections, clock, crash)
        self._waiting = WaitingLead(database, connections, clock, self._sender, run_turn, patience or Patience())
        self._lead_events = LeadEvents(connections)
        self.follow_ups = FollowUps(database, connections, clock)
        self._watch = TurnWatch(database)
        self._holder = new_id()
        self._arrivals: dict[str, tuple[float, float]] = {}
        self._troubles: dict[str, int] = {}
        self._last_scan: datetime | None = None

    def note_arrival(self, lead_id: str) -> None:
        """Something of this lead was just accepted: a burst may be going on."""
        now = self._clock.monotonic()
        first, last = self._arrivals.get(lead_id, (now, now))
        self._arrivals[lead_id] = (first if now - last < self._burst.quiet else now, now)
        self._watch.poke(lead_id)

    async def scan(self, now: datetime) -> tuple[list[str], datetime | None]:
        """Leads due now, and the next due time of any lead. At the first look, and when the clock went back, due times that
        lie ahead are not believed."""
        with for_every_account(Purpose.LANES):
            if self._last_scan is None or now < self._last_scan - CLOCK_TOLERANCE:
                async with self._database.write() as connection:
                    await lanes.bring_forward(connection, now)
            self._last_scan = now
            self._forget_arrivals()
            return await self._database.ask(lambda c: _due(c, now))

    def _forget_arrivals(self) -> None:
        """Of leads whose events owed no answer; a burst that can still be waited for is younger."""
        oldest = self._clock.monotonic() - self._burst.longest
        for lead_id in [lead_id for lead_id, (_, last) in self._arrivals.items() if last < oldest]:
            del self._arrivals[lead_id]

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
        due_at: datetime | None = self._clock.now() + FIRST_BACKOFF
        try:
            async with self._leases.keep(lease):
                due_at = await self._work(lease, look)
            self._troubles.pop(lead_id, None)
        except LeaseLost:
            log.warning("lane lost to another worker", extra={"lead_id": lead_id})
        except Exception as error:
            if not is_storage_trouble(error):
                raise
            due_at = self._clock.now() + self._wait_out(lead_id)
            log.warning("the database has trouble", extra={"lead_id": lead_id, "problem": type(error).__name__})
        finally:
            due_at = await asyncio.shield(self._release(lease, due_at))
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
        # Whoever was sending for this lead is gone: the message may have left.
        await outbox_rows.interrupt_sending_to(connection, lease.account_id, lead_id, self._clock.now())
        return lease, await look_into(connection, lease)

    async def _work(self, lease: Lease, look: Look) -> datetime | None:
        """What the lead said comes first: it may be that nothing more shall be sent."""
        while True:
            events = look.events
            held_until, now = events[0].not_before if events else None, self._clock.now()
            is_held = held_until is not None and now < held_until <= now + LONGEST_BACKOFF
            if not events or is_held:
                waits = [
                    await self._sender.send_open(lease, look.outbox),
                    held_until if is_held else None,
                    look.next_due,
                ]
                if not await self.follow_ups.fire_due(lease, look.follow_ups):
                    return min(filter(None, waits), default=None)
            elif waiting := [event for event in events if not event.needs_turn]:
                await self._apply(lease, waiting[0])
            else:
                await self._settle(lease.lead_id)
                await self._take_turn(lease)
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

    async def _settle(self, lead_id: str) -> None:
        """Wait until the lead has been quiet for a while, or has written for too long. After a restart nobody waits."""
        while True:
            arrival = self._arrivals.get(lead_id)
            if arrival is None or self._burst.quiet == 0:
                break
            first, last = arrival
            left = min(last + self._burst.quiet, first + self._burst.longest) - self._clock.monotonic()
            if left <= 0:
                break
            await asyncio.sleep(left)
        self._arrivals.pop(lead_id, None)

    async def _take_turn(self, lease: Lease) -> None:
        async with self._pool.place(lease.account_id):
            request = await self._database.ask(lambda c: open_turn(c, lease))
            if request is None:
                return
            await self._run_and_commit(lease, request)

    async def _run_and_commit(self, lease: Lease, request: TurnRequest) -> None:
        started_at = self._clock.now()
        self._crash.reach("before:turn")
        try:
            channel = await choose_channel(self._connections, request.lead, request.events, started_at)
            async with self._watch.over(request):
                result = await self._waiting.run(lease, request, channel)
            self._crash.reach("before:run_commit")
            now = self._clock.now()
            await self._database.transact(
                lambda c: commit_turn(c, request, result, lease, channel, started_at=started_at, now=now)
            )
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

    async def _release(self, lease: Lease, due_at: datetime | None) -> datetime | None:
        """Where the database is away for longer, the lane waits for its lease to run out, or for this process to take it anew."""
        return await retried(lambda: self._database.transact(lambda c: lanes.release(c, lease, due_at)), RELEASE_PAUSES)


async def _due(connection: AsyncConnection, now: datetime) -> tuple[list[str], datetime | None]:
    return await lanes.list_due(connection, now), await lanes.next_due(connection)


def _spread(wait: timedelta) -> timedelta:
    """With jitter: leads that failed together, because something behind them did, do not come back all at once."""
    return wait * random.uniform(0.5, 1.0)  # noqa: S311  jitter, not a secret


def _internal_error() -> PipewiseError:
    return PipewiseError("Something unexpected went wrong; the log has the details.")
