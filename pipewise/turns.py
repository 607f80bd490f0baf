"""A turn: what the graph is given, what it proposes, and the one transaction that makes it true."""

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pipewise.events import OutboundMessage
from pipewise.leads import Lead, Status
from pipewise.storage.events import StoredEvent
from pipewise.storage.lanes import Lease


@dataclass(frozen=True)
class TurnRequest:
    """`events` are the lead's open events, oldest first. `effects`: whether vendors may be written to."""

    run_id: str
    account_id: str
    lead: Lead
    events: tuple[StoredEvent, ...]
    trigger: str = "webhook"
    effects: bool = True
    thread_id: str | None = None  # another conversation's thread; default the lead's own
    lease: Lease | None = None  # of the lead's lane: nothing is written to a vendor without it


@dataclass(frozen=True)
class NewTask:
    """Something for a person."""

    kind: str
    title: str
    detail: str = ""
    due_at: datetime | None = None


@dataclass(frozen=True)
class UsageRecord:
    platform: str
    action: str
    success: bool
    response_time_ms: int
    cost_microusd: int = 0


@dataclass(frozen=True)
class TurnResult:
    """What a turn proposes. Nothing of it has happened yet, except bookings, which stand outside the turn's fate.

    `lead_values` are columns of the lead; `status` a step that the status machine still has to allow. `record` is the
    *why* shown by the runs route.
    """

    reply: OutboundMessage | None
    record: Mapping[str, Any]
    lead_values: Mapping[str, Any] = field(default_factory=dict)
    status: Status | None = None
    status_reason: str = ""
    pause_agent: bool = False
    opt_out: bool | None = None
    tasks: tuple[NewTask, ...] = ()
    usage: tuple[UsageRecord, ...] = ()
    counters: Mapping[str, int] = field(default_factory=dict)  # statistics of the scheduling integration
    scheduling_integration: str | None = None
    even_if_paused: bool = False  # a confirmation of opting out or of the hand-over itself
    checkpoint_id: str | None = None


RunTurn = Callable[[TurnRequest], Coroutine[Any, Any, TurnResult]]
"""The graph behind one function; the core knows nothing more of it."""
