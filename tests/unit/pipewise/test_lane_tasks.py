"""Lanes at work in one process: when one of them runs again."""

import asyncio
from datetime import datetime, timedelta

from pipewise.engine.lane_tasks import LaneTasks
from tests.fakes import NOON, FixedClock


class ScriptedLane:
    """Tells at the end of each run when there is work again."""

    def __init__(self, *dues: datetime | None) -> None:
        self.dues = list(dues)
        self.runs = 0

    async def run(self, lead_id: str) -> datetime | None:
        self.runs += 1
        return self.dues.pop(0)


async def _run(lane: ScriptedLane) -> LaneTasks:
    tasks = LaneTasks(lane.run, FixedClock(), most=1)
    tasks.wake("lead")
    async with asyncio.timeout(5):
        await tasks.room()
    return tasks


async def test_work_that_came_with_a_wake_up_for_somebody_else_is_done_at_once() -> None:
    lane = ScriptedLane(NOON, NOON - timedelta(seconds=1), None)
    tasks = await _run(lane)
    assert lane.runs == 3
    assert tasks.planned.next is None


async def test_work_of_later_is_planned() -> None:
    lane = ScriptedLane(NOON + timedelta(seconds=1))
    tasks = await _run(lane)
    assert lane.runs == 1
    assert tasks.planned.next == NOON + timedelta(seconds=1)
