"""Bursts: a lead who is still writing is waited for, up to a point."""

import asyncio
from dataclasses import dataclass

from pipewise.clock import Clock


@dataclass(frozen=True)
class BurstWindow:
    """Seconds of quiet that end a burst, and the longest wait for that quiet."""

    quiet: float
    longest: float


class Bursts:
    """Who wrote lately, as far as this process has heard of it. After a restart nobody waits."""

    def __init__(self, window: BurstWindow, clock: Clock) -> None:
        self._window = window
        self._clock = clock
        self._arrivals: dict[str, tuple[float, float]] = {}

    def note_arrival(self, lead_id: str) -> None:
        now = self._clock.monotonic()
        first, last = self._arrivals.get(lead_id, (now, now))
        self._arrivals[lead_id] = (first if now - last < self._window.quiet else now, now)

    def forget_old(self) -> None:
        """Arrivals of leads whose events owed no answer; a burst that can still be waited for is younger."""
        oldest = self._clock.monotonic() - self._window.longest
        for lead_id in [lead_id for lead_id, (_, last) in self._arrivals.items() if last < oldest]:
            del self._arrivals[lead_id]

    def may_go_on(self, lead_id: str) -> bool:
        """Whether there may be a quiet to wait for."""
        return self._window.quiet > 0 and lead_id in self._arrivals

    async def settle(self, lead_id: str) -> None:
        """Wait until the lead has been quiet for a while, or has written for too long."""
        while self.may_go_on(lead_id):
            first, last = self._arrivals[lead_id]
            left = min(last + self._window.quiet, first + self._window.longest) - self._clock.monotonic()
            if left <= 0:
                break
            await asyncio.sleep(left)
        self._arrivals.pop(lead_id, None)
