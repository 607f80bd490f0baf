"""What a turn costs late in a conversation: one lead at turn 10, 100, 200, 1,000, in turn with leads in their first five."""

import asyncio

from bench.bed import Bed
from bench.conversation import Say, plain, shifted, shifted_settings
from bench.load import Load
from bench.samples import percentile
from bench.sides import Side, open_naive, open_product

FIRST_TURNS = 5


async def run(bed: Bed) -> None:
    await bed.vendors.set_model(0)
    folder = bed.folder("growth")
    async with (
        open_product(folder, bed.vendors.port, bed.feed, shifted_settings(folder)) as product,
        open_naive(bed.folder("growth-naive"), bed.vendors.port, bed.feed) as naive,
    ):
        for side in (product, naive):
            await bed.warm(side)
        await _grow(bed, ((product, shifted(product.load, folder)), (naive, plain(naive.load))))


async def _grow(bed: Bed, sides: tuple[tuple[Side, Say], ...]) -> None:
    window = bed.sizes.growth_window
    old = {side.name: side.load.new_lead() for side, _ in sides}
    turn = 0
    for wanted in bed.sizes.growth_turns:
        for _ in range(max(0, wanted - window // 2 - turn)):
            turn += 1
            await asyncio.gather(*(say(old[side.name]) for side, say in sides))
        for side, say in sides:
            late, first = await _compare(say, old[side.name], side.load, window)
            bed.results.add(f"growth_{wanted}_p50", side.name, percentile(late, 50) * 1000)
            bed.results.add(f"growth_{wanted}", side.name, percentile(late, 50) / percentile(first, 50))
        turn += window


async def _compare(say: Say, old: str, load: Load, turns: int) -> tuple[list[float], list[float]]:
    """The old lead's turns and as many of new leads, one after the other, so that noise meets both alike."""
    late: list[float] = []
    first: list[float] = []
    new = load.new_lead()
    for number in range(turns):
        if number % FIRST_TURNS == 0:
            new = load.new_lead()
        late.append(await say(old))
        first.append(await say(new))
    return late, first
