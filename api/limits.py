"""Token buckets: how often one caller may ask."""

from collections import OrderedDict

from pipewise.clock import Clock
from pipewise.errors import PipewiseError

MOST_CALLERS = 10_000


class TooManyRequests(PipewiseError):
    status = 429
    code = "too_many_requests"


class RateLimit:
    """`rate` requests a second for each key in the long run, `burst` at once."""

    def __init__(self, clock: Clock, *, rate: float, burst: int) -> None:
        self._clock = clock
        self._rate = rate
        self._burst = burst
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> None:
        """Raises TooManyRequests, with the seconds to wait."""
        now = self._clock.monotonic()
        left, at = self._buckets.get(key, (float(self._burst), now))
        left = min(float(self._burst), left + (now - at) * self._rate)
        if left < 1:
            wait = max(1.0, round((1 - left) / self._rate, 2))
            raise TooManyRequests(f"Too many requests; wait {wait:g} s.", retry_after=wait)
        self._buckets[key] = (left - 1, now)
        self._buckets.move_to_end(key)
        if len(self._buckets) > MOST_CALLERS:
            self._buckets.popitem(last=False)
