"""Runs over HTTP: the same graph and the same lane as a lead's webhook turns; nothing is sent unless asked for."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from graph.protocol_json import describe_interrupt
from graph.run_options import RunOptions
from graph.run_spec import check_input
from graph.turns import GraphTurns, Ran
from pipewise.channels import choose_channel
from pipewise.errors import Conflict, InvalidInput
from pipewise.events import EventKind
from pipewise.keyed_locks import KeyedLocks
from pipewise.lead_desk import LeadDesk
from pipewise.lead_view import lead_as_dict
from pipewise.lease_keeper import LeaseKeeper
from pipewise.resources import Resources
from pipewise.storage import lanes, leads, wake_ups
from pipewise.storage.events import StoredEvent
from pipewise.storage.lanes import Lease
from pipewise.storage.threads import Thread
from pipewise.storage.types import derived_id, new_id
from pipewise.turn_commit import commit_turn
from pipewise.turns import TurnRequest, TurnResult, Withdrawal

LANE_WAIT_SECONDS = 60.0
LANE_LOOK_SECONDS = 0.05

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

    async def answer(self, run: EventRun, lead_id: str, ending: Ending = _nothing_more) -> dict[str, Any]:
        async with self.lane(run.account_id, lead_id) as lease:
            request, ran = await self._run_in_lane(run, lead_id, lease, ending)
        lead = await self._leads.load(run.account_id, lead_id)
        if ran.result is None:
            return _stopped(ran, lead_as_dict(lead))
        return _answer(request, ran.result, lead_as_dict(lead)) | _questions(ran)

    async def _run_in_lane(self, run: EventRun, lead_id: str, lease: Lease, ending: Ending) -> tuple[TurnRequest, Ran]:
        clock, database = self._resources.clock, self._resources.database
        started_at = clock.now()
        lead = await self._leads.load(run.account_id, lead_id)
        event = run.given["event"]
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
            lease=lease,
            withdrawal=run.withdrawal,
            approve=await self._leads.needs_approval(run.account_id, stored.platform),
        )
        try:
            ran = await self.turns.run_with(request, run.options)
        finally:
            if run.thread is None:
                await self.turns.forget_thread(str(place))
        events = (stored,)
        channel = await choose_channel(self._resources.connections, lead, events, clock.now()) if run.delivers else None
        async with database.write() as connection:
            now = clock.now()
            if ran.result:
                await commit_turn(connection, request, ran.result, None, channel, started_at=started_at, now=now)
            elif own:
                await leads.update_lead(
                    connection, run.account_id, lead_id, {"checkpoint_id": ran.checkpoint["id"]}, now
                )
            await ending(connection, ran)
            await lanes.check(connection, lease)
        return request, ran

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
    async def lane(self, account_id: str, lead_id: str) -> AsyncIterator[Lease]:
        """The lead's lane: webhook turns and HTTP runs of one lead never overlap. Runs of this process wait in a line, so that
        one of them alone keeps looking."""
        async with self._in_line.hold(lead_id):
            lease = await self._take_lane(account_id, lead_id)
            try:
                async with self._leases.keep(lease):
                    yield lease
            finally:
                await asyncio.shield(self._release(lease))
                self._wake(lead_id)

    async def _take_lane(self, account_id: str, lead_id: str) -> Lease:
        holder, clock, database = new_id(), self._resources.clock, self._resources.database
        async with database.write() as connection:
            await leads.get_lead(connection, account_id, lead_id)
            await lanes.ensure(connection, account_id, lead_id)
            lease = await lanes.take(connection, lead_id, holder)
        deadline = clock.monotonic() + LANE_WAIT_SECONDS
        while lease is None and clock.monotonic() < deadline:
            await asyncio.sleep(LANE_LOOK_SECONDS)
            async with database.write() as connection:
                lease = await lanes.take(connection, lead_id, holder)
        if lease:
            return lease
        raise Conflict("This lead is busy; try again in a moment.", code="lead_busy", retry_after=5)

    async def _release(self, lease: Lease) -> None:
        async with self._resources.database.write() as connection:
            await lanes.release(connection, lease, None)
            # What the lane had planned is worked out anew, by whichever process works.
            await wake_ups.enqueue(connection, lease.lead_id)


def _answer(request: TurnRequest, result: TurnResult, lead: dict[str, Any]) -> dict[str, Any]:
    record = result.record
    return {
        "intent": record["intent"]["label"],
        "reply": record["reply"],
        "lead_id": request.lead.id,
        "lead": lead,
        "actions": record["actions"],
        "route": record["route"],
        "run_id": request.run_id,
        "outcome": record["result"] or None,
        "success": record["success"],
        "delivered": request.effects,
    }


def _questions(ran: Ran) -> dict[str, Any]:
    return {"__interrupt__": [describe_interrupt(one) for one in ran.interrupts]} if ran.interrupts else {}


OUTPUT = ("intent", "reply", "lead_id", "actions", "route", "outcome", "success")


def output_of(values: Mapping[str, Any], lead: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Of a state, as far as it has come."""
    found = {name: values[name] for name in OUTPUT if name in values}
    return {**found, "lead": lead or values.get("lead")} if found else {}


def _stopped(ran: Ran, lead: dict[str, Any]) -> dict[str, Any]:
    return {**output_of(ran.checkpoint["channel_values"], lead), **_questions(ran)}
