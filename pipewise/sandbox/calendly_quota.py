"""Calendly's rate limits, per user ("Rate limits" page): any call, and the much smaller booking budget."""

import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pipewise.clock import Clock


@dataclass(frozen=True)
class Window:
    limit: int
    seconds: int


ANY_CALL = {
    "free": Window(50, 60),
    "trial": Window(500, 60),
    "paid": Window(500, 60),
    "enterprise": Window(500, 60),
}
# The Free figure is not published; the sandbox gives Free accounts the paid budget.
PAID_BOOKINGS = (Window(10, 60), Window(50, 3600), Window(100, 86_400))
BOOKINGS = {
    "free": PAID_BOOKINGS,
    "trial": (Window(5, 86_400),),
    "paid": PAID_BOOKINGS,
    "enterprise": (Window(500, 60),),
}
TOKEN_CALLS = Window(8, 60)


@dataclass(frozen=True)
class Verdict:
    allowed: bool
    limit: int
    remaining: int
    reset: int

    def headers(self) -> dict[str, str]:
        """The reset is a number of seconds to wait, not a point in time."""
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Reset": str(self.reset),
        }


class Quota:
    """Sliding windows over the wall clock, so that a shifted clock moves them too."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._spent: dict[str, list[datetime]] = {}

    def spend(self, budget: str, windows: tuple[Window, ...]) -> Verdict:
        """Count one call unless a window is full; answer for the window with the least room."""
        now = self._clock.now()
        # A clock that was set back leaves entries from the future: they no longer count.
        past = [at for at in self._spent.get(budget, []) if at <= now]
        self._spent[budget] = past
        before = [self._look(window, past, now) for window in windows]
        full = [verdict for verdict in before if not verdict.allowed]
        if full:
            return max(full, key=lambda verdict: verdict.reset)
        past.append(now)
        tightest = min((self._look(window, past, now) for window in windows), key=lambda verdict: verdict.remaining)
        return replace(tightest, allowed=True)

    @staticmethod
    def _look(window: Window, spent: list[datetime], now: datetime) -> Verdict:
        span = timedelta(seconds=window.seconds)
        inside = [at for at in spent if at > now - span]
        reset = math.ceil((inside[0] + span - now).total_seconds()) if inside else window.seconds
        remaining = max(window.limit - len(inside), 0)
        return Verdict(allowed=remaining > 0, limit=window.limit, remaining=remaining, reset=reset)
