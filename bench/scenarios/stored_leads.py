"""What a turn costs with 100, 100,000 and 1,000,000 leads in the tables: servers that differ in nothing else take turns."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path

from bench.bed import Bed
from bench.conversation import plain
from bench.load import MESSAGES_PER_LEAD, Load
from bench.postgres import Postgres, open_postgres
from bench.samples import percentile
from bench.sides import EMPTY, open_product, start_product
from bench.stored import fill_postgres, fill_sqlite


async def run(bed: Bed) -> None:
    await bed.vendors.set_model(0)
    await _compare(bed, "stored", {leads: await _prepare_sqlite(bed, leads) for leads in bed.sizes.stored_leads})
    fewest, most = min(bed.sizes.stored_leads), max(bed.sizes.stored_leads)
    with open_postgres() as postgres:
        prepared = {leads: await _prepare_postgres(bed, postgres, leads) for leads in (fewest, most)}
        await _compare(bed, "stored_pg", prepared)


Prepared = tuple[Path, str, Mapping[str, str]]
"""Folder, path of the webhook, settings."""


async def _prepare_sqlite(bed: Bed, leads: int) -> Prepared:
    folder = bed.folder("stored")
    path = await _answer_one(bed, folder, EMPTY)
    fill_sqlite(folder / "pipewise.db", leads)
    return folder, path, EMPTY


async def _prepare_postgres(bed: Bed, postgres: Postgres, leads: int) -> Prepared:
    folder, url = bed.folder("stored"), postgres.create_database()
    settings = {"PIPEWISE_DATABASE_URL": url}
    path = await _answer_one(bed, folder, settings)
    fill_postgres(url, leads)
    return folder, path, settings


async def _answer_one(bed: Bed, folder: Path, settings: Mapping[str, str]) -> str:
    """The lead that the others are copies of."""
    async with open_product(folder, bed.vendors.port, bed.feed, settings) as side:
        await plain(side.load)(side.load.new_lead())
        await bed.settle("filling")
        return side.load.path


async def _compare(bed: Bed, metric: str, prepared: Mapping[int, Prepared]) -> None:
    async with AsyncExitStack() as stack:
        loads: dict[int, Load] = {}
        for leads, (folder, path, settings) in prepared.items():
            process = await stack.enter_async_context(start_product(folder, bed.vendors.port, settings))
            # Every server has answered the first number before it was filled.
            loads[leads] = Load(process.port, path, bed.feed)
            loads[leads].new_lead()
            stack.callback(loads[leads].close)
        taken = await _take_turns(loads, bed.sizes.stored_turns)
    fewest = percentile(taken[min(taken)], 50)
    for leads, seconds in taken.items():
        bed.results.add(f"{metric}_{leads}_p50", "product", percentile(seconds, 50) * 1000)
        bed.results.add(f"{metric}_{leads}", "product", percentile(seconds, 50) / fewest)


async def _take_turns(loads: Mapping[int, Load], turns: int) -> dict[int, list[float]]:
    taken: dict[int, list[float]] = {leads: [] for leads in loads}
    for _ in range(-(-turns // MESSAGES_PER_LEAD)):
        new = {leads: load.new_lead() for leads, load in loads.items()}
        for _ in range(MESSAGES_PER_LEAD):
            for leads, load in loads.items():
                taken[leads].append(await plain(load)(new[leads]))
    return taken
