"""Calendly's booking budget of one token's owner, counted here so that a request it would refuse is not sent."""

from collections import deque
from typing import Any

from pipewise.clock import Clock

# POST /invitees on paid plans below Enterprise (developer.calendly.com, "Rate limits"): (seconds, bookings).
WINDOWS = ((60.0, 10), (3_600.0, 50), (86_400.0, 100))


class BookingQuota:
    """Counts tries, not successes: whether Calendly counts refused ones is not documented.

    Follows the wall clock; what lies in the future after a jump back is forgotten."""

    def __init__(self, clock: Clock, windows: tuple[tuple[float, int], ...] = WINDOWS) -> None:
        self._clock = clock
        self._windows = windows
        self._taken: deque[float] = deque()
        self._paused: tuple[float, float] | None = None  # since, until

    def take(self) -> float | None:
        """None and one booking counted, or the seconds until one is allowed again."""
        now = self._clock.now().timestamp()
        longest = max(seconds for seconds, _ in self._windows)
        self._taken = deque(moment for moment in self._taken if now - longest < moment <= now)
        waits = [self._wait(now, seconds, limit) for seconds, limit in self._windows]
        if self._paused and self._paused[0] <= now < self._paused[1]:
            waits.append(self._paused[1] - now)
        if wait := max(waits):
            return wait
        self._taken.append(now)
        return None

    def pause(self, seconds: float) -> None:
        """Calendly itself said to wait, for a plan's smaller budget or for bookings made elsewhere."""
        now = self._clock.now().timestamp()
        self._paused = (now, now + seconds)

    def left(self) -> dict[str, Any]:
        """Bookings that are left in each window, the shortest first."""
        now = self._clock.now().timestamp()
        taken = {seconds: sum(now - seconds < moment <= now for moment in self._taken) for seconds, _ in self._windows}
        return {
            "bookings": [
                {"seconds": int(seconds), "limit": limit, "left": max(0, limit - taken[seconds])}
                for seconds, limit in self._windows
            ]
        }

    def _wait(self, now: float, seconds: float, limit: int) -> float:
        inside = [moment for moment in self._taken if moment > now - seconds]
        return inside[-limit] + seconds - now if len(inside) >= limit else 0.0
