"""The tables are looked at when something is due, not whenever something was planned."""

import asyncio
from datetime import datetime, timedelta

from pipewise.engine.due_watch import DueWatch
from pipewise.engine.planned import Planned
from tests.fakes import NOON, FixedClock

HOUR = timedelta(hours=1)


class Tables:
    def __init__(self) -> None:
        self.looks = 0
        self.looked = asyncio.Event()

    async def scan(self, _now: datetime) -> tuple[list[str], datetime | None]:
        self.looks += 1
        self.looked.set()
        return [], NOON + HOUR

    async def find(self, lead_ids: list[str]) -> None:
        raise AssertionError(lead_ids)


async def turns_of_the_loop() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_what_is_planned_for_later_than_the_next_due_time_costs_no_look() -> None:
    tables, planned = Tables(), Planned()
    watch = DueWatch(tables.scan, tables.find, FixedClock(), planned, longest=3600)
    watch.start()
    await tables.looked.wait()
    await turns_of_the_loop()
    planned.note(NOON + 2 * HOUR)
    planned.note(NOON + HOUR)
    await turns_of_the_loop()
    assert tables.looks == 1
    await watch.stop(5)


async def test_what_is_planned_sooner_is_looked_for_in_its_time() -> None:
    tables, planned = Tables(), Planned()
    watch = DueWatch(tables.scan, tables.find, FixedClock(), planned, longest=3600)
    watch.start()
    await tables.looked.wait()
    tables.looked.clear()
    await turns_of_the_loop()
    planned.note(NOON - timedelta(seconds=1))
    async with asyncio.timeout(10):
        await tables.looked.wait()
    assert tables.looks == 2
    await watch.stop(5)


async def test_what_is_planned_during_a_look_is_not_forgotten() -> None:
    planned = Planned()
    planned.note(NOON + HOUR)
    planned.forget()
    planned.note(NOON + 2 * HOUR)
    assert planned.next == NOON + 2 * HOUR
