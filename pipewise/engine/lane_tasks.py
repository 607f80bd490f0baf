"""Lanes at work in this process: each once at a time, a wake-up during a run leads to another run."""

import asyncio
import logging
from contextlib import suppress

from pipewise.clock import Clock
from pipewise.engine.base import RunLane
from pipewise.engine.planned import Planned

log = logging.getLogger(__name__)
RETRY_SECONDS = 5.0
# A lane at work also waits for quiet and sends: only its turn needs a place in the agent pool.
LANES_PER_RUN = 2


class LaneTasks:
    """`planned` is told when a lane ended that has work again later. `most` bounds what `room` lets in."""

    def __init__(self, run_lane: RunLane, clock: Clock, most: int | None = None) -> None:
        self._run_lane = run_lane
        self._clock = clock
        self._most = most
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._ended = asyncio.Event()
        self.planned = Planned()
        self._stop = asyncio.Event()

    @property
    def stopping(self) -> bool:
        return self._stop.is_set()

    def __contains__(self, lead_id: str) -> bool:
        return lead_id in self._tasks

    def __len__(self) -> int:
        return len(self._tasks)

    def wake(self, lead_id: str) -> None:
        if self.stopping:
            return
        if lead_id in self._tasks:
            self._again.add(lead_id)
            return
        self._tasks[lead_id] = asyncio.create_task(self._run(lead_id), name=f"lane {lead_id}")

    async def room(self) -> None:
        """Waits while as many lanes are at work as this process takes; not once it is stopping."""
        while self._most is not None and len(self._tasks) >= self._most and not self.stopping:
            self._ended.clear()
            await self._ended.wait()

    def stop_taking(self) -> None:
        self._stop.set()
        self._ended.set()
        self.planned.wake()

    async def stop(self, grace_seconds: float) -> None:
        """Nothing new is taken; what runs may end within the grace and is cancelled after it."""
        self.stop_taking()
        running = list(self._tasks.values())
        if not running:
            return
        _, late = await asyncio.wait(running, timeout=grace_seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _run(self, lead_id: str) -> None:
        try:
            while True:
                self._again.discard(lead_id)
                failed = not await self._run_once(lead_id)
                if self.stopping or not (failed or lead_id in self._again):
                    break
        finally:
            del self._tasks[lead_id]
            self._ended.set()

    async def _run_once(self, lead_id: str) -> bool:
        """False if the lane has to be run again: it may have failed to say itself that work is left."""
        try:
            due = await self._run_lane(lead_id)
        except Exception:
            # The worker loop: whatever a lane raised, its events are still in the inbox and others go on.
            log.exception("lane failed", extra={"lead_id": lead_id})
            with suppress(TimeoutError):
                async with asyncio.timeout(RETRY_SECONDS):
                    await self._stop.wait()
            return False
        if due is None:
            return True
        if due <= self._clock.now():
            # Work came while the lane was held, perhaps with a wake-up that went to another process and found it held.
            self._again.add(lead_id)
        else:
            self.planned.note(due)
        return True
