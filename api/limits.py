"""Token buckets: how often one caller may ask."""

from collections import OrderedDict
from datetime import datetime

from pipewise.clock import Clock
from pipewise.errors import PipewiseError

MOST_CALLERS = 10_000


class TooManyRequests(PipewiseError):
    status = 429
    code = "too_many_requests"


class RateLimit:
    """`rate` requests a second for each key in the long run, `burst` at once. By the wall clock: set back, it stands still."""

    def __init__(self, clock: Clock, *, rate: float, burst: int) -> None:
        self._clock = clock
        self._rate = rate
        self._burst = burst
        self._buckets: OrderedDict[str, tuple[float, datetime]] = OrderedDict()

    def take(self, key: str) -> None:
        """Raises TooManyRequests, with the seconds to wait."""
        now = self._clock.now()
        left = self._left(key, now)
        if left < 1:
            wait = max(1.0, round((1 - left) / self._rate, 2))
            self._put(key, left, now)
            raise TooManyRequests(f"Too many requests; wait {wait:g} s.", retry_after=wait)
        self._put(key, left - 1, now)

    def give_back(self, key: str) -> None:
        """What was taken last did not count."""
        now = self._clock.now()
        self._put(key, min(float(self._burst), self._left(key, now) + 1), now)

    def _left(self, key: str, now: datetime) -> float:
        left, at = self._buckets.get(key, (float(self._burst), now))
        return min(float(self._burst), left + max(0.0, (now - at).total_seconds()) * self._rate)

    def _put(self, key: str, left: float, now: datetime) -> None:
        """Whoever was not heard of for longest gives way: their bucket is the likeliest to be full again."""
        self._buckets[key] = (left, now)
        self._buckets.move_to_end(key)
        if len(self._buckets) > MOST_CALLERS:
            self._buckets.popitem(last=False)
