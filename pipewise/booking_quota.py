"""How many bookings an account's calendar takes in a minute, an hour and a day, and how long the next has to wait."""

from collections.abc import Sequence
from typing import Any

# POST /invitees on Calendly's paid plans below Enterprise (developer.calendly.com, "Rate limits"): (seconds, bookings).
WINDOWS = ((60.0, 10), (3_600.0, 50), (86_400.0, 100))


def recent(tries: Sequence[float], now: float) -> list[float]:
    """The tries that any window still counts. What lies in the future after a jump back of the clock is forgotten."""
    longest = max(seconds for seconds, _ in WINDOWS)
    return [moment for moment in tries if now - longest < moment <= now]


def wait_for(tries: Sequence[float], now: float) -> float:
    """Seconds until one more booking may be tried; 0 for now. Tries count, not successes: whether Calendly counts those it
    refuses is not documented. `tries` in order."""
    return max(_wait(tries, now, seconds, limit) for seconds, limit in WINDOWS)


def bookings_left(tries: Sequence[float], now: float) -> dict[str, Any]:
    """What is left in each window, the shortest first."""
    return {
        "bookings": [
            {"seconds": int(seconds), "limit": limit, "left": max(0, limit - len(_inside(tries, now, seconds)))}
            for seconds, limit in WINDOWS
        ]
    }


def _inside(tries: Sequence[float], now: float, seconds: float) -> list[float]:
    return [moment for moment in tries if now - seconds < moment <= now]


def _wait(tries: Sequence[float], now: float, seconds: float, limit: int) -> float:
    inside = _inside(tries, now, seconds)
    return inside[-limit] + seconds - now if len(inside) >= limit else 0.0
