"""The one clock: wall time for people and expiries, monotonic time for leases and deadlines."""

import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

SHIFTED_RECHECK_SECONDS = 0.5
# Outside of these years, zones and time differences run out of the calendar.
EARLIEST, LATEST = datetime(1971, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)


class Clock(Protocol):
    """Wall and monotonic time. `recheck` is the longest a timer may sleep before it looks at the wall again."""

    recheck: float

    def now(self) -> datetime:
        """Timezone-aware UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds, unaffected by jumps of the wall clock."""
        ...


class SystemClock:
    """The machine's clock."""

    recheck = 30.0

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()


class ShiftedClock:
    """The machine's clock plus the number of seconds written in a file, read at every look (test environments only)."""

    recheck = SHIFTED_RECHECK_SECONDS

    def __init__(self, path: Path) -> None:
        self._path = path
        self._shift = timedelta()

    def now(self) -> datetime:
        now = datetime.now(UTC)
        # A writer may be replacing the file just now: the last usable value stands until the next look.
        with suppress(OSError, ValueError, OverflowError):
            shift = timedelta(seconds=float(self._path.read_text().strip() or 0))
            if EARLIEST <= now + shift <= LATEST:
                self._shift = shift
        return now + self._shift

    def monotonic(self) -> float:
        return time.monotonic()
