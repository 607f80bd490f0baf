"""Runs over HTTP: the same graph and the same lane as a lead's webhook turns; nothing is sent unless asked for."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from graph.run_options import RunOptions
from graph.run_output import answer_of, questions_of, stopped_output
from graph.run_spec import check_input
from graph.turns import GraphTurns, Ran
from pipewise.channels import choose_channel
from pipewise.errors import Conflict, InvalidInput
from pipewise.events import EventKind
from pipewise.keyed_locks import KeyedLocks
from pipewise.lead_desk import LeadDesk
from pipewise.lead_view import lead_as_dict
from pipewise.leads import Lead
from pipewise.lease_keeper import LeaseKeeper
from pipewise.resources import Resources
from pipewise.storage import lanes, leads, wake_ups
from pipewise.storage.events import StoredEvent
from pipewise.storage.lanes import Lease
from pipewise.storage.threads import Thread
from pipewise.storage.types import derived_id, new_id
from pipewise.turn_commit import commit_turn
from pipewise.turns import TurnRequest, Withdrawal

LANE_WAIT_SECONDS = 60.0
LANE_LOOK_SECONDS = 0.05

Beginning = Callable[[AsyncConnection], Awaitable[None]]
"""Carried out in the transaction that takes the lead's lane, or first tries to; what it raises ends the run before it begins."""
Ending = Callable[[AsyncConnection, Ran], Awaitable[None]]
"""Carried out in the transaction that ends a run; what it raises undoes all of it."""


@dataclass(frozen=True)
class EventRun:
    """One event to be answered. Without a thread the run's conversation is forgotten afterwards."""

    run_id: str
    account_id: str
    given: Mapping[str, Any]
    thread: Thread | None = None
    options: RunOptions = field(default_factory=RunOptions)
    withdrawal: Withdrawal | None = None

    @property
    def delivers(self) -> bool:
        return self.given.get("deliver") is True


@dataclass
class HeldLane:
    lease: Lease
    is_given_back: bool = False


async def _nothing_before(_connection: AsyncConnection) -> None:
    return


async def _nothing_more(_connection: AsyncConnection, _ran: Ran) -> None:
    return


class HttpRuns:
    def __init__(
        self,
        resources: Resources,
        turns: GraphTurns,
        leads_desk: LeadDesk,
        leases: LeaseKeeper,
        wake: Callable[[str], None],
    ) -> None:
        self._resources = resources
        self.turns = turns
        self._leads = leads_desk
        self._leases = leases
        self._wake = wake
        self._in_line = KeyedLocks()

    async def run(self, account_id: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """`given` is {"event": {…}, "deliver"?: bool}. A run of its own, whose conversation is forgotten."""
        check_input(given)
        lead_id = await self.find_lead(account_id, given)
        return await self.answer(EventRun(new_id(), account_id, given), lead_id)

    async def find_lead(self, account_id: str, given: Mapping[str, Any], thread: Thread | None = None) -> str:
        """The lead that the event names. Raises InvalidInput on the thread of another lead's conversation."""
        lead_id = await self._leads.find_or_create(account_id, given["event"])
        if thread and thread.lead_id and thread.lead_id != lead_id:
            problem = {
                "field": "input.event.sender",
                "problem": "is another lead than the one whose conversation this is",
            }
            raise InvalidInput("The thread is another lead's conversation.", details=(problem,))
        return lead_id

    async def answer(
        self, run: EventRun, lead_id: str, beginning: Beginning = _nothing_before, ending: Ending = _nothing_more
    ) -> dict[str, Any]:
        async with self.lane(run.account_id, lead_id, beginning) as held:
            return await self._run_in_lane(run, lead_id, held, ending)

    async def _run_in_lane(self, run: EventRun, lead_id: str, held: HeldLane, ending: Ending) -> dict[str, Any]:
        clock, started_at = self._resources.clock, self._resources.clock.now()
        event = run.given["event"]
        lead, approve = await self._leads.load_for_reply(run.account_id, lead_id, str(event["platform"]))
        stored = self._as_stored(run, lead_id, event)
        own = run.thread is not None and run.thread.lead_id is not None
        place = None if own else run.thread.place if run.thread else str(uuid.uuid4())
        request = TurnRequest(
            run.run_id,
            run.account_id,
            lead,
            (stored,),
            "http",
            effects=run.delivers,
            thread_id=place,
            lease=held.lease,
            withdrawal=run.withdrawal,
            approve=approve,
        )
        try:
            ran = await self.turns.run_with(request, run.options)
        finally:
            if run.thread is None:
                await self.turns.forget_thread(str(place))
        events = (stored,)
        channel = await choose_channel(self._resources.connections, lead, events, clock.now()) if run.delivers else None

        async def commit(connection: AsyncConnection) -> Lead:
            now = clock.now()
            if ran.result:
                await commit_turn(connection, request, ran.result, None, channel, started_at=started_at, now=now)
            elif own:
                await leads.update_lead(
                    connection, run.account_id, lead_id, {"checkpoint_id": ran.checkpoint["id"]}, now
                )
            await ending(connection, ran)
            await lanes.check(connection, held.lease)
            await _give_back(connection, held.lease)
            return await leads.get_lead(connection, run.account_id, lead_id)

        self._leases.let_go(held.lease)
        after = lead_as_dict(await self._resources.database.transact(commit))
        held.is_given_back = True
        return answer_of(request, ran.result, after) | questions_of(ran) if ran.result else stopped_output(ran, after)

    def _as_stored(self, run: EventRun, lead_id: str, event: Mapping[str, Any]) -> StoredEvent:
        """The event in the shape of an inbox row; it is not stored, since nobody would deliver it again."""
        now = self._resources.clock.now()
        # The same when the run is taken up again: what it said to the conversation before is not said twice.
        event_id = derived_id("http", event.get("external_id") or run.run_id)
        content = {name: event[name] for name in ("text", "choice_id", "type") if event.get(name)}
        return StoredEvent(
            id=event_id,
            seq=0,
            account_id=run.account_id,
            integration_id=None,
            lead_id=lead_id,
            platform=str(event["platform"]),
            kind=EventKind.MESSAGE,
            dedupe_key=event_id,
            status="accepted",
            reason=None,
            needs_turn=True,
            content={"type": "text", **content},
            sender={"identities": [{"platform": event["platform"], "external_id": event["sender"]}]},
            attempts=0,
            occurred_at=now,
            received_at=now,
        )

    @asynccontextmanager
    async def lane(
        self, account_id: str, lead_id: str, beginning: Beginning = _nothing_before
    ) -> AsyncIterator[HeldLane]:
        """The lead's lane: webhook turns and HTTP runs of one lead never overlap. Runs of this process wait in a line, so that
        one of them alone keeps looking."""
        async with self._in_line.hold(lead_id):
            held = HeldLane(await self._take_lane(account_id, lead_id, beginning))
            try:
                async with self._leases.keep(held.lease):
                    yield held
            finally:
                if not held.is_given_back:
                    await asyncio.shield(self._release(held.lease))
                self._wake(lead_id)

    async def _take_lane(self, account_id: str, lead_id: str, beginning: Beginning) -> Lease:
        holder, clock, database = new_id(), self._resources.clock, self._resources.database

        async def take(connection: AsyncConnection) -> Lease | None:
            await leads.get_lead(connection, account_id, lead_id)
            await beginning(connection)
            await lanes.ensure(connection, account_id, lead_id)
            return await lanes.take(connection, lead_id, holder)

        lease = await database.transact(take)
        deadline = clock.monotonic() + LANE_WAIT_SECONDS
        while lease is None and clock.monotonic() < deadline:
            await asyncio.sleep(LANE_LOOK_SECONDS)
            lease = await database.transact(lambda c: lanes.take(c, lead_id, holder))
        if lease:
            return lease
        raise Conflict("This lead is busy; try again in a moment.", code="lead_busy", retry_after=5)

    async def _release(self, lease: Lease) -> None:
        await self._resources.database.transact(lambda c: _give_back(c, lease))


async def _give_back(connection: AsyncConnection, lease: Lease) -> None:
    await lanes.release(connection, lease, None)
    # What the lane had planned is worked out anew, by whichever process works.
    await wake_ups.enqueue(connection, lease.lead_id)
