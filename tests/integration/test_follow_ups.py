"""Follow-ups on the clock: planned by what the agent says, fired when due, stopped by what happens, seen in the timeline."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.integration.clocked import ClockedWorld, open_clocked


@pytest.fixture
async def clocked(tmp_path: Path, database_url: str) -> AsyncIterator[ClockedWorld]:
    async with open_clocked(tmp_path, database_url=database_url) as opened:
        yield opened


async def test_an_offer_without_an_answer_is_followed_by_three_nudges(clocked: ClockedWorld) -> None:
    world = clocked.world
    began = clocked.now
    await world.lead_says("Schedule a demo")
    await world.until_sends(1)
    (first,) = await clocked.until_state("nudge", "planned")
    assert timedelta(hours=4) <= first["due_at"] - began < timedelta(hours=4, minutes=1)
    for count, hours in ((2, 4), (3, 20)):
        clocked.advance(hours=hours, minutes=1)
        await world.until_sends(count)
    fired = await clocked.until_state("nudge", "fired", 2)
    assert [row["step"] for row in fired] == [1, 2]
