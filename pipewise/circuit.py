"""A circuit breaker per account and vendor: stops calling a vendor that fails, probes it, and closes when it is well."""

import random
from collections import deque

from pipewise.clock import Clock

FAILURES_TO_OPEN = 10
FAILURE_SPAN = 30.0
OPEN_SECONDS = 30.0
MOST_JITTER = 1.1
LONGEST_OPEN = OPEN_SECONDS * MOST_JITTER + 1.0  # a second for rounding
SUCCESSES_TO_CLOSE = 2


class Circuit:
    """closed → open after 10 failures in 30 s → half-open after 30 s (one probe at a time) → closed after 2 successes.

    Times follow the wall clock, so that an injected clock moves them."""

    def __init__(self, clock: Clock, rng: random.Random | None = None) -> None:
        self._clock = clock
        self._rng = rng or random.Random()  # noqa: S311  jitter, not a secret
        self._failures: deque[float] = deque(maxlen=FAILURES_TO_OPEN)
        self._open_until: float | None = None
        self._probing = False
        self._successes = 0

    @property
    def state(self) -> str:
        if self._open_until is None:
            return "closed"
        return "open" if self.retry_after() > 0 else "half_open"

    def retry_after(self) -> float:
        """Seconds until the vendor may be asked again; 0 when it may be asked now."""
        left = self._open_until - self._now() if self._open_until is not None else 0.0
        # More than it was ever opened for: the clock went back since.
        return left if 0 < left <= LONGEST_OPEN else 0.0

    def admit(self) -> bool:
        """True if a call may go out now. A half-open circuit admits one probe; its result must be recorded."""
        state = self.state
        if state == "closed":
            return True
        if state == "open" or self._probing:
            return False
        self._probing = True
        return True

    def record_success(self) -> None:
        self._probing = False
        if self._open_until is None:
            self._failures.clear()
            return
        self._successes += 1
        if self._successes >= SUCCESSES_TO_CLOSE:
            self._open_until, self._successes = None, 0
            self._failures.clear()

    def record_failure(self) -> None:
        self._probing = False
        self._successes = 0
        now = self._now()
        if self._open_until is not None:
            self._open(now)
            return
        self._failures.append(now)
        if len(self._failures) == FAILURES_TO_OPEN and 0 <= now - self._failures[0] <= FAILURE_SPAN:
            self._open(now)

    def abandon(self) -> None:
        """The admitted call ended without telling anything about the vendor's health."""
        self._probing = False

    def _open(self, now: float) -> None:
        self._open_until = now + OPEN_SECONDS * self._rng.uniform(1.0, MOST_JITTER)

    def _now(self) -> float:
        return self._clock.now().timestamp()
