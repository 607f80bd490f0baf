"""Runs over HTTP: the same graph and the same lane as a lead's webhook turns; nothing is sent unless asked for."""

import asyncio
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from graph.turns import GraphTurns
from pipewise.channels import choose_channel
from pipewise.errors import Conflict, InvalidInput
from pipewise.events import EventKind
from pipewise.lead_desk import LeadDesk, read_sender
from pipewise.lead_view import lead_as_dict
from pipewise.lease_keeper import LeaseKeeper
from pipewise.resources import Resources
from pipewise.storage import lanes, leads, wake_ups
from pipewise.storage.events import StoredEvent
from pipewise.storage.lanes import Lease
from pipewise.storage.types import derived_id, new_id
from pipewise.turn_commit import commit_turn
from pipewise.turns import TurnRequest, TurnResult

LANE_WAIT_SECONDS = 60.0
LANE_LOOK_SECONDS = 0.05


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
        self._turns = turns
        self._leads = leads_desk
        self._leases = leases
        self._wake = wake

    async def run(self, account_id: str, given: Mapping[str, Any], *, thread_id: str | None) -> dict[str, Any]:
        """`given` is {"event": {…}, "deliver"?: bool}. Without a thread the run's conversation is forgotten afterwards."""
        event = given.get("event")
        if not isinstance(event, Mapping):
            problem = {"field": "input.event", "problem": "must be an object with platform, sender and text"}
            raise InvalidInput("The run needs an event.", details=(problem,))
        read_sender(event)
        deliver = given.get("deliver") is True
        lead_id = await self._leads.find_or_create(account_id, event)
        lease = await self._take_lane(account_id, lead_id)
        try:
            async with self._leases.keep(lease):
                request, result = await self._run_in_lane(account_id, lead_id, event, lease, thread_id, deliver=deliver)
        finally:
            await asyncio.shield(self._release(lease))
            self._wake(lead_id)
        lead = await self._leads.load(account_id, lead_id)
        return _answer(request, result, lead_as_dict(lead))

    async def _run_in_lane(
        self,
        account_id: str,
        lead_id: str,
        event: Mapping[str, Any],
        lease: Lease,
        thread_id: str | None,
        *,
        deliver: bool,
    ) -> tuple[TurnRequest, TurnResult]:
        clock, database = self._resources.clock, self._resources.database
        started_at = clock.now()
        lead = await self._leads.load(account_id, lead_id)
        stored = self._as_stored(account_id, lead_id, event)
        thread = thread_id or str(uuid.uuid4())
        request = TurnRequest(
            new_id(), account_id, lead, (stored,), "http", effects=deliver, thread_id=thread, lease=lease
        )
        result = await self._turns.run(request)
        channel = await choose_channel(self._resources.connections, lead, (stored,), clock.now()) if deliver else None
        async with database.write() as connection:
            now = clock.now()
            await commit_turn(connection, request, result, None, channel, started_at=started_at, now=now)
            await lanes.check(connection, lease)
        if thread_id is None:
            await self._turns.forget_thread(thread)
        return request, result

    def _as_stored(self, account_id: str, lead_id: str, event: Mapping[str, Any]) -> StoredEvent:
        """The event in the shape of an inbox row; it is not stored, since nobody would deliver it again."""
        now = self._resources.clock.now()
        event_id = derived_id("http", event["external_id"]) if event.get("external_id") else new_id()
        content = {name: event[name] for name in ("text", "choice_id", "type") if event.get(name)}
        return StoredEvent(
            id=event_id,
            seq=0,
            account_id=account_id,
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

    async def _take_lane(self, account_id: str, lead_id: str) -> Lease:
        """Wait for the lead's lane: webhook turns and HTTP runs of one lead never overlap."""
        holder, clock, database = new_id(), self._resources.clock, self._resources.database
        async with database.write() as connection:
            await leads.get_lead(connection, account_id, lead_id)
            await lanes.ensure(connection, account_id, lead_id)
        deadline = clock.monotonic() + LANE_WAIT_SECONDS
        while clock.monotonic() < deadline:
            async with database.write() as connection:
                lease = await lanes.take(connection, lead_id, holder)
            if lease:
                return lease
            await asyncio.sleep(LANE_LOOK_SECONDS)
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
