"""What went wrong with a provider's model, in four classes, and how long it is left alone for it."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from nodes.models import FailureKind

CONSECUTIVE = 3  # failures of the network in a row
OPEN_SECONDS = {"quota": 30.0, "auth": 60.0, "network": 30.0}
"""An account without money or with a wrong key stays so for a while, whoever asks: one failure opens. Whether an answer can
be used is a matter of the one question, which says nothing of the next."""
UNKNOWN_KEY = frozenset({401, 403})
NO_MONEY = frozenset({402, 429})
NOT_THERE = frozenset({404, 408, 409, 425})


def classify_failure(error: BaseException) -> FailureKind:
    """By the status that the provider answered with; without one, nobody was reached or what came could not be read."""
    status = next(filter(None, (_status(one) for one in _chain(error))), None)
    if status in UNKNOWN_KEY:
        return "auth"
    if status in NO_MONEY:
        return "quota"
    if status is not None:
        return "network" if status in NOT_THERE or status >= 500 else "content"
    reached = isinstance(error, (ValueError, TypeError, LookupError, AttributeError))  # an answer, but no readable one
    return "content" if reached else "network"


def _chain(error: BaseException) -> Iterator[BaseException]:
    one: BaseException | None = error
    while one is not None:
        yield one
        one = one.__cause__


def _status(error: BaseException) -> int | None:
    status = getattr(error, "status_code", None)
    return status if isinstance(status, int) else None


@dataclass
class _Health:
    failures: int = 0
    open_until: float = 0.0
    probing: bool = False


@dataclass
class ModelCircuits:
    """One for each model of the chain. Closed it lets everybody ask; open nobody; after its time one at a time, until one
    answer closes it. `monotonic` counts seconds."""

    monotonic: Callable[[], float] = time.monotonic
    _known: dict[str, _Health] = field(default_factory=dict)

    def admit(self, spec: str) -> bool:
        """Whether the model may be asked now; what came of it must be recorded."""
        health = self._known.setdefault(spec, _Health())
        if not health.open_until:
            return True
        if health.probing or self.monotonic() < health.open_until:
            return False
        health.probing = True
        return True

    def record(self, spec: str, kind: FailureKind | None) -> None:
        """None: an answer came. An answer that cannot be used shows that the provider is there."""
        if kind is None or kind == "content":
            self._known[spec] = _Health()
            return
        health = self._known.setdefault(spec, _Health())
        health.failures, was_open, health.probing = health.failures + 1, bool(health.open_until), False
        if kind != "network" or was_open or health.failures >= CONSECUTIVE:
            health.open_until = self.monotonic() + OPEN_SECONDS[kind]

    def abandon(self, spec: str) -> None:
        """The question was withdrawn before anything came."""
        self._known.setdefault(spec, _Health()).probing = False
