"""kill -9 in the middle of turns, then a restart, again and again, while leads write and a vendor delivers what was not taken.

Answers are counted at the vendor, for both sides. The vendor is sound: it reports every message that it took.
"""

import asyncio
import random
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, closing
from dataclasses import dataclass, field
from pathlib import Path

from bench.bed import Bed
from bench.load import Load, statuses
from bench.marks import MARKS
from bench.processes import Process
from bench.scenarios.misbehaviour import marked, record
from bench.sides import NAIVE_PATH, connect_vendors, start_naive, start_product
from bench.tally import count_answers

MODEL_MS = 300
EVENTS_PER_SECOND = 8.0
REDELIVER_SECONDS = 0.5
REPORT_SECONDS = 0.25
# A turn takes longer than a model's two answers: within this time of a delivery something is always half done.
LATEST_KILL = 0.9
FINISH_SECONDS = 120.0
SEED = 20

Start = Callable[[], AbstractAsyncContextManager[Process]]


@dataclass
class Site:
    """Where the server is just now, and what it has taken."""

    load: Load | None = None
    path: str = ""
    taken: int = 0
    written: dict[str, tuple[str, ...]] = field(default_factory=dict)


async def run(bed: Bed) -> None:
    folder, naive_folder = bed.folder("kill"), bed.folder("kill-naive")
    port = bed.vendors.port
    await _play(bed, "product", lambda: start_product(folder, port), connect_vendors, folder / "pipewise.db")
    await _play(bed, "naive", lambda: start_naive(naive_folder, port), _connected, None)


async def _connected(_port: int) -> str:
    return NAIVE_PATH


async def _play(
    bed: Bed, side: str, start: Start, connect: Callable[[int], Awaitable[str]], tables: Path | None
) -> None:
    await bed.vendors.set_model(MODEL_MS)
    await bed.vendors.reset()
    site = Site()
    async with start() as process:
        site.path = await connect(process.port)
    writing = asyncio.create_task(_write(bed, site))
    reporting = asyncio.create_task(_report(bed, site)) if tables else None
    try:
        await _kill_and_restart(bed, site, start, writing)
    finally:
        for task in filter(None, (writing, reporting)):
            task.cancel()
        await asyncio.gather(*filter(None, (writing, reporting)), return_exceptions=True)
    sends = [(send["recipient"], send["marks"]) for send in await bed.vendors.sends()]
    record(bed, "kill", side, count_answers(site.written, sends, _parked(tables) if tables else ()))
    bed.results.add("kill_count", side, bed.sizes.kills)


async def _kill_and_restart(bed: Bed, site: Site, start: Start, writing: asyncio.Task[None]) -> None:
    chosen = random.Random(SEED)  # noqa: S311  the same moments for both sides
    for number in range(bed.sizes.kills):
        async with start() as process:
            site.load = Load(process.port, site.path, bed.feed)
            await _until_taken(site, bed.sizes.kill_events * (number + 1) // (bed.sizes.kills + 1), writing)
            await asyncio.sleep(chosen.random() * LATEST_KILL)
            site.load = None
            await process.kill()
    async with start() as process:
        site.load = Load(process.port, site.path, bed.feed)
        async with asyncio.timeout(FINISH_SECONDS):
            await asyncio.shield(writing)
        await bed.settle("kill")
        await asyncio.sleep(2 * REPORT_SECONDS)  # the last report
        await bed.settle("kill")


async def _until_taken(site: Site, events: int, writing: asyncio.Task[None]) -> None:
    async with asyncio.timeout(FINISH_SECONDS):
        while site.taken < events and not writing.done():  # noqa: ASYNC110  two conditions, one wait
            await asyncio.sleep(0.01)


async def _write(bed: Bed, site: Site) -> None:
    """One message a lead, each delivered until it is taken."""
    numbers = Load(0, "", bed.feed)
    async with asyncio.TaskGroup() as tasks:
        for _ in range(bed.sizes.kill_events):
            lead = numbers.new_lead()
            site.written[lead] = MARKS[:1]
            tasks.create_task(_deliver(site, numbers.write(lead, marked(MARKS[0]))))
            await asyncio.sleep(1 / EVENTS_PER_SECOND)


async def _deliver(site: Site, body: bytes) -> None:
    while site.load is None or not await site.load.deliver(body):  # noqa: ASYNC110  a vendor tries again
        await asyncio.sleep(REDELIVER_SECONDS)
    site.taken += 1


async def _report(bed: Bed, site: Site) -> None:
    """Status webhooks, as WhatsApp sends them for every message, until they are taken."""
    reported = 0
    while True:
        sends = await bed.vendors.sends(reported)
        if sends and site.load is not None and await site.load.deliver(statuses(sends)):
            reported += len(sends)
        await asyncio.sleep(REPORT_SECONDS)


def _parked(tables: Path) -> set[str]:
    """Leads whose answer waits for a person."""
    with closing(sqlite3.connect(f"file:{tables}?mode=ro", uri=True)) as connection:
        rows = connection.execute("SELECT recipient FROM outbox WHERE state IN ('unknown', 'parked')")
        return {str(recipient).removeprefix("+") for (recipient,) in rows}
