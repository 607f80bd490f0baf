"""How a vendor's calls for one account go: what circuits and single failures do not show is a share that keeps failing."""

from collections import deque
from dataclasses import dataclass

from pipewise.clock import Clock

SPAN = 60.0  # seconds looked back on
FEWEST = 3
BAD_SHARE = 0.5
GOOD_AGAIN = 2  # good calls in a row
KEPT = 200


@dataclass(frozen=True)
class FailingShare:
    failed: int
    calls: int


class CallOutcomes:
    """Reads and writes apart: health checks are reads, and while they go well every write may be failing."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._calls: dict[bool, deque[tuple[float, bool]]] = {safe: deque(maxlen=KEPT) for safe in (True, False)}

    def record(self, *, safe: bool, ok: bool) -> None:
        self._calls[safe].append((self._clock.now().timestamp(), ok))

    def failing(self) -> FailingShare | None:
        """The worse of the two, where at least half of the last minute's calls failed and the latest did not all go well."""
        now = self._clock.now().timestamp()
        shares = [share for calls in self._calls.values() if (share := _share(calls, now))]
        return max(shares, key=lambda share: share.failed / share.calls, default=None)


def _share(calls: deque[tuple[float, bool]], now: float) -> FailingShare | None:
    """Times that lie ahead are of a clock that went back since, and count no more."""
    recent = [ok for at, ok in calls if 0 <= now - at <= SPAN]
    failed = recent.count(False)
    if len(recent) < FEWEST or failed < BAD_SHARE * len(recent) or all(recent[-GOOD_AGAIN:]):
        return None
    return FailingShare(failed, len(recent))
