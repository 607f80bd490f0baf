"""The one clock: wall time for people and expiries, monotonic time for leases and deadlines."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

SHIFTED_RECHECK_SECONDS = 0.5


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
        self._last = 0.0

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self._offset())

    def monotonic(self) -> float:
        return time.monotonic()

    def _offset(self) -> float:
        # A writer may be replacing the file just now: the last readable value stands until the next look.
        try:
            self._last = float(self._path.read_text().strip() or 0)
        except (OSError, ValueError):
            return self._last
        return self._last
