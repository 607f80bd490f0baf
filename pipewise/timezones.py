"""IANA time zones that this machine knows."""

from functools import cache
from zoneinfo import available_timezones


@cache
def _known() -> frozenset[str]:
    return frozenset(available_timezones())


def require_zone(name: str) -> str:
    """Raises ValueError for a name that is none."""
    if name not in _known():
        raise ValueError("must be an IANA time zone, like Europe/Lisbon")
    return name
