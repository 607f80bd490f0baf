"""How long Calendly said to wait with bookings, for a plan's smaller budget or for bookings made elsewhere."""

from pipewise.clock import Clock


class BookingPause:
    """Follows the wall clock; one that lies in the future after a jump back is forgotten."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._since = self._until = 0.0

    def begin(self, seconds: float) -> None:
        self._since = self._clock.now().timestamp()
        self._until = self._since + seconds

    def left(self) -> float:
        """Seconds; 0 where nothing is to be waited for."""
        now = self._clock.now().timestamp()
        return self._until - now if self._since <= now < self._until else 0.0
