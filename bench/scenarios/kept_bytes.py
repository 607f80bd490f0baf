"""Bytes kept per turn, by table, on SQLite and on PostgreSQL: two equal parts must add the same."""

import asyncio
from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path

from bench.bed import Bed
from bench.conversation import plain, set_on, shifted_settings
from bench.file_sizes import Sizes, per_turn, sizes_of_folder, sizes_of_postgres
from bench.postgres import open_postgres
from bench.sides import EMPTY, open_product


async def run(bed: Bed) -> None:
    await bed.vendors.set_model(0)
    folder = bed.folder("kept")
    await _measure(bed, "kept", folder, EMPTY, lambda: sizes_of_folder(folder))
    with open_postgres() as postgres:
        url, folder = postgres.create_database(), bed.folder("kept-pg")
        settings = {"PIPEWISE_DATABASE_URL": url}
        await _measure(bed, "kept_pg", folder, settings, lambda: sizes_of_postgres(url) + sizes_of_folder(folder))


async def _measure(
    bed: Bed, metric: str, folder: Path, settings: Mapping[str, str], sizes: Callable[[], Sizes]
) -> None:
    """The first part is not measured: by its end the leads are known and a conversation's state has its full size."""
    settings = {**settings, **shifted_settings(folder)}
    async with open_product(folder, bed.vendors.port, bed.feed, settings) as side:
        leads = [side.load.new_lead() for _ in range(bed.sizes.kept_leads)]
        found: list[Sizes] = []
        for _ in range(3):
            for _ in range(bed.sizes.kept_turns):
                set_on(side.load, folder)
                await asyncio.gather(*(plain(side.load)(lead) for lead in leads))
            await bed.settle("kept bytes")
            found.append(sizes())
    turns = bed.sizes.kept_leads * bed.sizes.kept_turns
    parts = [per_turn(before, after, turns) for before, after in pairwise(found)]
    first, second = (sum(part.values()) for part in parts)
    bed.results.add(metric, "product", (first + second) / 2 / 1000)
    bed.results.add(f"{metric}_constant", "product", second / first)
    bed.results.tables[metric] = per_turn(found[0], found[-1], 2 * turns)
