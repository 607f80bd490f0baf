"""Stand-ins with the same interface as what they replace, shared by the suites."""

from datetime import UTC, datetime, timedelta

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)  # a Monday, four weeks before Europe's clocks change


class FixedClock:
    """A `pipewise.clock.Clock` that stands still until told to move."""

    recheck = 0.01

    def __init__(self, start: datetime = NOON) -> None:
        self._now = start
        self._monotonic = 1000.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    def advance(self, seconds: float = 0, **more: float) -> None:
        """Both clocks go forward: `advance(30)`, `advance(hours=24, minutes=1)`."""
        step = timedelta(seconds=seconds, **more)
        self._now += step
        self._monotonic += step.total_seconds()

    def jump(self, to: datetime) -> None:
        """The wall clock alone is set, as people and time servers do, also back."""
        self._now = to
