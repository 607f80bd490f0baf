"""A turn: what the graph is given, what it proposes, and the one transaction that makes it true."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol, TypeVar

from pipewise.errors import PipewiseError
from pipewise.events import OutboundMessage
from pipewise.leads import Lead, Status
from pipewise.storage.events import StoredEvent
from pipewise.storage.journal import JournalRow
from pipewise.storage.lanes import Lease

T = TypeVar("T")


class Superseded(PipewiseError):
    """Newer events or a person's takeover came before the commit; the draft is not sent."""

    code = "superseded"


class Withdrawal:
    """Tells a running turn that its draft will not be sent, so that it need not be finished."""

    def __init__(self) -> None:
        self._reason: Superseded | None = None
        self._asked = asyncio.Event()

    def withdraw(self, reason: Superseded) -> None:
        self._reason = reason
        self._asked.set()

    def check(self) -> None:
        """Raises Superseded once the turn is withdrawn."""
        if self._reason:
            raise self._reason

    async def guard(self, call: Coroutine[Any, Any, T]) -> T:
        """What the call returns, unless the turn is withdrawn first: then the call is cancelled. Only for calls that change
        nothing anywhere."""
        running, asked = asyncio.ensure_future(call), asyncio.ensure_future(self._asked.wait())
        try:
            await asyncio.wait({running, asked}, return_when=asyncio.FIRST_COMPLETED)
            if not running.done():
                self.check()
            return await running
        finally:
            asked.cancel()
            if not running.done():
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)


@dataclass(frozen=True)
class Said:
    """Something that reached the lead outside of the graph. `by`: human (a colleague) or agent (a follow-up). `offered`: the
    slots that it put on offer, as {handle, start, raw_start, event_type}."""

    id: str
    by: str
    text: str
    offered: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True)
class TurnRequest:
    """`events` are the lead's open events, oldest first; `said` is what the conversation's memory has not seen yet. `effects`:
    whether vendors may be written to. `segments` are the sealed rows of this turn's journal that an earlier try left behind.
    `approve`: the graph itself asks a person about the reply, as callers over HTTP expect; a webhook's turn leaves that to its
    commit."""

    run_id: str
    account_id: str
    lead: Lead
    events: tuple[StoredEvent, ...]
    trigger: str = "webhook"
    effects: bool = True
    thread_id: str | None = None  # another conversation's thread; default the lead's own
    said: tuple[Said, ...] = ()
    segments: tuple[JournalRow, ...] = ()
    withdrawal: Withdrawal | None = None
    lease: Lease | None = None  # of the lead's lane: nothing is written to a vendor without it
    approve: bool = False


class TurnJournal(Protocol):
    """The journal of a turn that ended, to be kept with it."""

    @property
    def has_segments(self) -> bool:
        """Whether something of it stands in the table already."""
        ...

    @property
    def summary(self) -> list[dict[str, Any]]:
        """Its steps without their answers, for the *why* of the run."""
        ...

    def row(self, outbound: Mapping[str, Any], now: datetime) -> JournalRow:
        """Sealed, with what the commit made of the turn's proposal."""
        ...


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
    tokens: int = 0


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
    awaits: str | None = None  # offer or question: what of the reply expects an answer
    offered: tuple[
        Mapping[str, str], ...
    ] = ()  # the slots that the reply offers: {handle, start, raw_start, event_type}
    return_on: date | None = None  # the day on which the lead wants to be written to
    owner_reason: str = ""  # why `lead_values` name this owner
    message_cap: int | None = None  # messages of the agent to one lead in a day
    even_if_paused: bool = False  # a confirmation of opting out or of the hand-over itself
    checkpoint_id: str | None = None
    journal: TurnJournal | None = None


RunTurn = Callable[[TurnRequest], Coroutine[Any, Any, TurnResult]]
"""The graph behind one function; the core knows nothing more of it."""
