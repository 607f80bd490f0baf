"""The next time at which a lane has work: whoever plans something later than that need not wake the one who waits for it."""

import asyncio
from datetime import datetime


class Planned:
    def __init__(self) -> None:
        self.next: datetime | None = None
        self._sooner = asyncio.Event()

    def note(self, due: datetime) -> None:
        """A lane, or a cron, has work from then on."""
        if self.next is None or due < self.next:
            self.next = due
            self._sooner.set()

    def wake(self) -> None:
        self._sooner.set()

    def forget(self) -> None:
        """All is about to be looked up; what is noted from now on stands beside what is found."""
        self.next = None

    async def wait(self, seconds: float) -> bool:
        """False once the time is over, True when something sooner was noted or the waiter is woken."""
        try:
            async with asyncio.timeout(seconds):
                await self._sooner.wait()
        except TimeoutError:
            return False
        self._sooner.clear()
        return True
