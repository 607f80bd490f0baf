"""Looks for what is due: at start, and at the next due time that the tables or this process know of."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

from pipewise.clock import Clock
from pipewise.engine.planned import Planned

log = logging.getLogger(__name__)
SHORTEST_REST = 0.05  # seconds
Scan = Callable[[datetime], Awaitable[tuple[list[str], datetime | None]]]
"""Ids due now, of leads or crons, and the next due time of any."""


class DueWatch:
    """`found` is given the ids that are due. `longest` is the longest rest between two looks in seconds, `after_finding` the
    rest that follows in any case when some were found: until they are taken, they are found again."""

    def __init__(
        self,
        scan: Scan,
        found: Callable[[list[str]], Awaitable[None]],
        clock: Clock,
        planned: Planned,
        *,
        longest: float,
        after_finding: float = 0.0,
        name: str = "due lanes",
    ) -> None:
        self._scan = scan
        self._found = found
        self._clock = clock
        self._planned = planned
        self._longest = longest
        self._after_finding = after_finding
        self._name = name
        self._task: asyncio.Task[None] | None = None
        self._stopping = False

    def start(self) -> None:
        self._task = asyncio.create_task(self._watch(), name=self._name)

    async def stop(self, grace_seconds: float) -> None:
        # Asked to end, not cancelled: a query that is broken off costs its connection.
        self._stopping = True
        self._planned.wake()
        if self._task is None:
            return
        _, late = await asyncio.wait({self._task}, timeout=grace_seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _watch(self) -> None:
        while not self._stopping:
            self._planned.forget()
            due: list[str] = []
            try:
                due, next_due = await self._scan(self._clock.now())
                if next_due:
                    self._planned.note(next_due)
                if due:
                    await self._found(due)
            except Exception:
                # The worker loop: a database that is away comes back, and what is due is in it.
                log.exception("%s could not be read", self._name)
            if due and self._after_finding and not self._stopping:
                await asyncio.sleep(self._after_finding)
            if not self._stopping:
                await self._rest()

    async def _rest(self) -> None:
        until = self._clock.monotonic() + self._longest
        while not self._stopping:
            wait = until - self._clock.monotonic()
            if self._planned.next is not None:
                wait = min(wait, max(SHORTEST_REST, (self._planned.next - self._clock.now()).total_seconds()))
            if not await self._planned.wait(max(0.0, wait)):
                return
