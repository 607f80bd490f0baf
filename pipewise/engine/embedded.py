"""The engine of one process: lanes on asyncio; due times are read from the tables, so a restart forgets nothing."""

import asyncio

from pipewise.clock import Clock
from pipewise.engine.base import RunLane
from pipewise.engine.due_watch import DueWatch, Scan
from pipewise.engine.lane_tasks import LaneTasks


class EmbeddedEngine:
    """`most` bounds the lanes that a look at the tables starts; what arrives meanwhile starts at once."""

    def __init__(self, run_lane: RunLane, scan: Scan, clock: Clock, most: int | None = None) -> None:
        self._lanes = LaneTasks(run_lane, clock, most)
        self._watch = DueWatch(scan, self._wake_due, clock, self._lanes.planned, longest=clock.recheck)

    @property
    def active(self) -> int:
        return len(self._lanes)

    def wake(self, lead_id: str) -> None:
        self._lanes.wake(lead_id)

    async def start(self) -> None:
        self._watch.start()

    async def stop(self, grace_seconds: float) -> None:
        await asyncio.gather(self._watch.stop(grace_seconds), self._lanes.stop(grace_seconds))

    async def _wake_due(self, lead_ids: list[str]) -> None:
        for lead_id in lead_ids:
            if lead_id not in self._lanes:
                await self._lanes.room()
                self._lanes.wake(lead_id)
