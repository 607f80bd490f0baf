"""What is to be done in a lane, read in one look: open events, messages that wait, follow-ups; and the turn that answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.leads import Lead
from pipewise.storage import events as event_rows
from pipewise.storage import follow_ups as follow_up_rows
from pipewise.storage import journal as journal_rows
from pipewise.storage import leads
from pipewise.storage import outbox as outbox_rows
from pipewise.storage.events import StoredEvent
from pipewise.storage.follow_ups import FollowUp
from pipewise.storage.lanes import Lease
from pipewise.storage.outbox import OutboxRow
from pipewise.storage.said import list_said
from pipewise.storage.types import derived_id
from pipewise.turns import TurnRequest, Withdrawal


@dataclass(frozen=True)
class Look:
    """What is open in a lane: events oldest first, messages in the order they must leave, follow-ups by their time. `turn` is
    the turn that answers, where it was read at once."""

    events: list[StoredEvent]
    outbox: list[OutboxRow]
    follow_ups: list[FollowUp]
    turn: TurnRequest | None = None

    @property
    def next_due(self) -> datetime | None:
        return self.follow_ups[0].due_at if self.follow_ups else None


async def look_into(connection: AsyncConnection, lease: Lease) -> Look:
    events = await event_rows.list_open(connection, lease.account_id, lease.lead_id)
    waiting = await outbox_rows.list_unfinished(connection, lease.account_id, lease.lead_id)
    return Look(events, waiting, await follow_up_rows.list_planned(connection, lease.account_id, lease.lead_id))


def awaits_a_turn(look: Look) -> bool:
    """Whether nothing but an answer is due: no event that owes none, and none that failed before."""
    return bool(look.events) and all(event.needs_turn and event.not_before is None for event in look.events)


async def open_turn(
    connection: AsyncConnection, lease: Lease, open_events: Sequence[StoredEvent] | None = None
) -> TurnRequest | None:
    """Everything that the lead is owed an answer to; None if that was settled meanwhile. `open_events` are what the caller has
    read in this transaction."""
    if open_events is None:
        open_events = await event_rows.list_open(connection, lease.account_id, lease.lead_id)
    events = tuple(event for event in open_events if event.needs_turn)
    if not events:
        return None
    lead = await leads.get_lead(connection, lease.account_id, lease.lead_id)
    run_id = _run_id(lead, events)
    segments = await journal_rows.list_segments(connection, lease.account_id, run_id)
    said = await list_said(connection, lease.account_id, lease.lead_id)
    withdrawal = Withdrawal()
    return TurnRequest(
        run_id, lease.account_id, lead, events, said=said, segments=tuple(segments), withdrawal=withdrawal, lease=lease
    )


def _run_id(lead: Lead, events: tuple[StoredEvent, ...]) -> str:
    """The same for the same work: a turn that a crash broke off finds what its earlier try has recorded. One that failed, or
    whose lead was handed to a person meanwhile, is another turn."""
    tries = max(event.attempts for event in events)
    return derived_id("run", lead.id, lead.ownership_version, tries, *(event.id for event in events))
