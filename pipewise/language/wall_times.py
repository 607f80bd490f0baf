"""What a clock on the wall cannot tell: which of two, where an hour comes twice."""

from datetime import datetime
from zoneinfo import ZoneInfo


def comes_twice(start: datetime, timezone: str) -> bool:
    """The wall clock of that zone shows this time twice on that day, as when summer time ends."""
    local = start.astimezone(ZoneInfo(timezone))
    first, second = local.replace(fold=0).utcoffset(), local.replace(fold=1).utcoffset()
    return first is not None and second is not None and first > second
