"""The journal of one turn: every answer that code cannot work out by itself, in order, so that the turn can be run again exactly.

A step is a question to a model, a vendor or the tables. While a turn runs, steps are recorded; answers that cost something (a
model's, a vendor's to a write) are committed before they are used, with everything read before them. After a crash the same
turn takes what is recorded and goes on from there. In a replay every answer comes from the record and nothing is asked.
"""

import itertools
import time
from collections.abc import Awaitable, Callable, Coroutine
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from pipewise.clock import Clock
from pipewise.errors import PipewiseError, PlatformError
from pipewise.journal_codec import Codec, decode_error, digest, encode_error
from pipewise.leads import Lead
from pipewise.turns import Withdrawal

T = TypeVar("T")
_ORDER = itertools.count()


class Diverged(PipewiseError):
    """A run from the journal asks for something else than the recorded one did."""

    code = "replay_diverged"


@dataclass(frozen=True)
class Step:
    """`kind` such as model.schedule; `request` the digest of what was asked; `answer` JSON, of an error if `failed`."""

    kind: str
    request: str
    answer: Any
    failed: bool = False
    ms: int = 0
    cost_microusd: int = 0

    def as_list(self) -> list[Any]:
        return [self.kind, self.request, self.answer, self.failed, self.ms, self.cost_microusd]

    def summary(self) -> dict[str, Any]:
        """For the *why* of a run: what was asked, not what was answered."""
        return {
            "step": self.kind,
            "request": self.request,
            "success": not self.failed,
            "response_time_ms": self.ms,
            "cost_usd": self.cost_microusd / 1_000_000,
        }


@dataclass(frozen=True)
class Recording:
    """What is known of a turn's steps and clock readings, in the order in which they were made."""

    steps: tuple[Step, ...] = ()
    times: tuple[str, ...] = ()
    ticks: tuple[float, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return {
            "steps": [step.as_list() for step in self.steps],
            "times": list(self.times),
            "ticks": list(self.ticks),
        }

    def joined(self, later: "Recording") -> "Recording":
        return Recording(self.steps + later.steps, self.times + later.times, self.ticks + later.ticks)


def read_recording(document: Any) -> Recording:
    steps = tuple(Step(*step) for step in document["steps"])
    return Recording(steps, tuple(document["times"]), tuple(document["ticks"]))


Commit = Callable[[int, Recording], Coroutine[Any, Any, Recording]]
"""Commits the segment of this number and returns the one that stands there: an earlier try's, if it asked the same."""


class Journal:
    """`recorded` is taken first, as far as the turn asks the same. `replaying`: nothing else may be asked, and a difference
    raises Diverged. `lead` is the turn's lead as it was when the turn began; `order` rises from turn to turn."""

    def __init__(
        self,
        *,
        lead: Lead | None = None,
        recorded: Recording | None = None,
        commit: Commit | None = None,
        withdrawal: Withdrawal | None = None,
        replaying: bool = False,
    ) -> None:
        self.lead = lead
        self.order = next(_ORDER)
        self._known = recorded or Recording()
        self._commit = commit
        self._withdrawal = withdrawal
        self._replaying = replaying
        self._steps: list[Step] = []
        self._times: list[str] = []
        self._ticks: list[float] = []
        self._saved = Recording()
        self._segments = 0

    @property
    def account_id(self) -> str:
        return self.lead.account_id if self.lead else ""

    @property
    def recording(self) -> Recording:
        return Recording(tuple(self._steps), tuple(self._times), tuple(self._ticks))

    @property
    def left(self) -> tuple[Step, ...]:
        """Recorded steps that were not asked for."""
        return self._known.steps[len(self._steps) :]

    @property
    def clock_left(self) -> str | None:
        """The first recorded reading of a clock that was not asked for."""
        if len(self._times) < len(self._known.times):
            return f"clock reading {len(self._times) + 1}: it was recorded and is not asked for"
        if len(self._ticks) < len(self._known.ticks):
            return f"time measurement {len(self._ticks) + 1}: it was recorded and is not asked for"
        return None

    @property
    def replaying(self) -> bool:
        return self._replaying

    @property
    def has_segments(self) -> bool:
        """Whether something of it was committed before its end."""
        return self._segments > 0

    def skip_segments(self, count: int) -> None:
        """So many segments of an earlier try stand already."""
        self._segments = count
        self._saved = self._known

    async def step(
        self,
        kind: str,
        asked: Any,
        call: Callable[[], Coroutine[Any, Any, T]],
        codec: Codec[T],
        *,
        lasting: bool = False,
        breakable: bool = False,
        cost: Callable[[T], int] | None = None,
    ) -> T:
        """The answer to `asked`: the recorded one, else that of `call`. `lasting`: committed before it is used. `breakable`: the
        call is given up when the turn is withdrawn. Raises what `call` raises."""
        if self._withdrawal:
            self._withdrawal.check()
        request = digest(asked)
        known = self._take(kind, request)
        if known is None:
            known = await self._ask(kind, request, call, codec, breakable=breakable, cost=cost)
            self._steps.append(known)
            if lasting and self._commit:
                known = self._steps[-1] = await self._keep(known)
        else:
            self._steps.append(known)
        if known.failed:
            raise decode_error(known.answer)
        return codec.decode(known.answer)

    def _take(self, kind: str, request: str) -> Step | None:
        place = len(self._steps)
        if place >= len(self._known.steps):
            if self._replaying:
                raise Diverged(f"step {place + 1} ({kind}): nothing was recorded for it")
            return None
        step = self._known.steps[place]
        if (step.kind, step.request) == (kind, request):
            return step
        if self._replaying:
            what = "the request differs" if step.kind == kind else f"recorded was {step.kind}"
            raise Diverged(f"step {place + 1} ({kind}): {what}")
        self._forget_ahead()
        return None

    def _forget_ahead(self) -> None:
        """The turn goes another way than its earlier try: what that one learned after this point is of no use."""
        self._known = self.recording
        self._saved, self._segments = Recording(), 0

    async def _ask(
        self,
        kind: str,
        request: str,
        call: Callable[[], Coroutine[Any, Any, T]],
        codec: Codec[T],
        *,
        breakable: bool,
        cost: Callable[[T], int] | None,
    ) -> Step:
        started = time.perf_counter()
        try:
            value = await (self._unless_withdrawn(call()) if breakable else call())
        except PlatformError as error:
            return Step(kind, request, encode_error(error), failed=True, ms=_since(started))
        return Step(kind, request, codec.encode(value), ms=_since(started), cost_microusd=cost(value) if cost else 0)

    async def _unless_withdrawn(self, call: Coroutine[Any, Any, T]) -> T:
        return await (self._withdrawal.guard(call) if self._withdrawal else call)

    async def _keep(self, step: Step) -> Step:
        assert self._commit is not None  # noqa: S101  the caller checked; tells the type checker
        now, saved = self.recording, self._saved
        segment = Recording(now.steps[len(saved.steps) :], now.times[len(saved.times) :], now.ticks[len(saved.ticks) :])
        stands = await self._commit(self._segments, segment)
        self._segments += 1
        self._saved = now
        return stands.steps[-1] if stands.steps and stands.steps[-1].request == step.request else step

    def now(self, clock: Clock) -> datetime:
        """A reading of the wall clock, or the recorded one."""
        place = len(self._times)
        if place < len(self._known.times):
            text = self._known.times[place]
        elif self._replaying:
            raise Diverged(f"clock reading {place + 1}: nothing was recorded for it")
        else:
            text = clock.now().isoformat()
        self._times.append(text)
        return datetime.fromisoformat(text)

    def monotonic(self, clock: Clock) -> float:
        """A reading of the monotonic clock in milliseconds' precision, or the recorded one."""
        place = len(self._ticks)
        if place < len(self._known.ticks):
            value = self._known.ticks[place]
        elif self._replaying:
            raise Diverged(f"time measurement {place + 1}: nothing was recorded for it")
        else:
            value = round(clock.monotonic(), 3)
        self._ticks.append(value)
        return value


# LangGraph runs every step in a task of its own that inherits the context; the steps' signatures stay free of bookkeeping.
_current: ContextVar[Journal | None] = ContextVar("journal", default=None)


def current_journal() -> Journal | None:
    """The journal of the turn that this task belongs to; None for a run by hand."""
    return _current.get()


async def run_in(journal: Journal, call: Callable[[], Awaitable[T]]) -> T:
    """Run the turn with this journal."""
    token = _current.set(journal)
    try:
        return await call()
    finally:
        _current.reset(token)


async def ask(
    kind: str,
    asked: Any,
    call: Callable[[], Coroutine[Any, Any, T]],
    codec: Codec[T],
    *,
    lasting: bool = False,
    breakable: bool = False,
    cost: Callable[[T], int] | None = None,
) -> T:
    """A step of the present turn, or simply the call where there is none."""
    journal = _current.get()
    if journal is None:
        return await call()
    return await journal.step(kind, asked, call, codec, lasting=lasting, breakable=breakable, cost=cost)


class TurnClock:
    """The clock of a turn's steps: each reading is recorded."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.recheck = clock.recheck

    def now(self) -> datetime:
        journal = _current.get()
        return journal.now(self._clock) if journal else self._clock.now()

    def monotonic(self) -> float:
        journal = _current.get()
        return journal.monotonic(self._clock) if journal else self._clock.monotonic()


def _since(started: float) -> int:
    return round((time.perf_counter() - started) * 1000)
