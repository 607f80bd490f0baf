"""How fast messages may follow each other: to one person, and on one account, as the platform's limits ask."""

from collections import defaultdict, deque

from pipewise.clock import Clock
from pipewise.platforms.base import MessagingLimits

MOST_PAIRS = 10_000


class PairPacer:
    """Counts what this process sent."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._pairs: dict[tuple[str, str], deque[float]] = defaultdict(deque)
        self._accounts: dict[str, deque[float]] = defaultdict(deque)
        self._windows: dict[tuple[str, bool, float], deque[float]] = defaultdict(deque)

    def wait(self, integration_id: str, recipient: str, limits: MessagingLimits, *, public: bool = False) -> float:
        """Seconds until a message may leave; 0 takes the place. `public`: it answers a comment or post."""
        now = self._clock.now().timestamp()
        if len(self._pairs) > MOST_PAIRS:
            self._forget_quiet_pairs(now, limits)
        pair, account = self._pairs[integration_id, recipient], self._accounts[integration_id]
        windows = limits.items.account_windows if public and limits.items else limits.account_windows
        longer = [(self._windows[integration_id, public, span], most, span) for most, span in windows]
        wait = max(
            _wait(pair, now, limits.pair_burst, limits.pair_interval * limits.pair_burst),
            _wait(account, now, limits.account_per_second, 1.0),
            *(_wait(times, now, most, span) for times, most, span in longer),
        )
        if wait == 0.0:
            for times in (pair, account, *(times for times, _, _ in longer)):
                times.append(now)
        return wait

    def _forget_quiet_pairs(self, now: float, limits: MessagingLimits) -> None:
        span = limits.pair_interval * limits.pair_burst
        for key in [key for key, times in self._pairs.items() if not times or not 0 <= now - times[-1] < span]:
            del self._pairs[key]


def _wait(times: deque[float], now: float, most: float, span: float) -> float:
    """Times that lie ahead are of a clock that went back since, and count no more."""
    while times and not 0 <= now - times[0] < span:
        times.popleft()
    return span - (now - times[0]) if len(times) >= most else 0.0
