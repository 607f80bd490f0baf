"""The engine of one process: lanes on asyncio; due times are read from the tables, so a restart forgets nothing."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime

from pipewise.clock import Clock
from pipewise.engine.base import RunLane

log = logging.getLogger(__name__)
RETRY_SECONDS = 5.0
Scan = Callable[[datetime], Awaitable[tuple[list[str], datetime | None]]]
"""Leads due now, and the next due time of any lead."""


class EmbeddedEngine:
    def __init__(self, run_lane: RunLane, scan: Scan, clock: Clock) -> None:
        self._run_lane = run_lane
        self._scan = scan
        self._clock = clock
        self._lanes: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._look = asyncio.Event()
        self._timer: asyncio.Task[None] | None = None
        self._stop = asyncio.Event()

    @property
    def _stopping(self) -> bool:
        return self._stop.is_set()

    @property
    def active(self) -> int:
        return len(self._lanes)

    def wake(self, lead_id: str) -> None:
        if self._stopping:
            return
        if lead_id in self._lanes:
            self._again.add(lead_id)
            return
        self._lanes[lead_id] = asyncio.create_task(self._run(lead_id), name=f"lane {lead_id}")

    async def start(self) -> None:
        self._timer = asyncio.create_task(self._watch(), name="due lanes")

    async def stop(self, grace_seconds: float) -> None:
        self._stop.set()
        # Asked to end, not cancelled: a query that is broken off costs its connection.
        self._look.set()
        running = [*self._lanes.values(), *([self._timer] if self._timer else [])]
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
                if self._stopping or not (failed or lead_id in self._again):
                    break
        finally:
            del self._lanes[lead_id]

    async def _run_once(self, lead_id: str) -> bool:
        """False if the lane has to be run again: it may have failed to say itself that work is left."""
        try:
            due = await self._run_lane(lead_id)
        except Exception:
            # The worker loop: whatever a lane raised, its events are still in the inbox and others go on.
            log.exception("lane failed", extra={"lead_id": lead_id})
            await self._pause(RETRY_SECONDS)
            return False
        if due is not None:
            self._look.set()
        return True

    async def _pause(self, seconds: float) -> None:
        """Over as soon as the engine stops."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stop.wait()

    async def _watch(self) -> None:
        while not self._stopping:
            self._look.clear()
            try:
                due, next_due = await self._scan(self._clock.now())
                for lead_id in due:
                    if lead_id not in self._lanes:
                        self.wake(lead_id)
            except Exception:
                log.exception("due lanes could not be read")
                next_due = None
            if not self._stopping:
                await self._rest(next_due)

    async def _rest(self, next_due: datetime | None) -> None:
        wait = self._clock.recheck
        if next_due is not None:
            wait = min(wait, max(0.05, (next_due - self._clock.now()).total_seconds()))
        try:
            async with asyncio.timeout(wait):
                await self._look.wait()
        except TimeoutError:
            return
