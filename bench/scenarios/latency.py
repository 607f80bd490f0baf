"""From the webhook's first byte to the answer's arrival at the vendor; every lead waits for its answer."""

from bench.bed import CLEAR, Bed
from bench.sides import Side

PAUSE_SECONDS = 0.1
# Leads at a time, messages of each before another takes its place, seconds between them; by what the model takes.
ALWAYS = ((1, 3, PAUSE_SECONDS), (20, 3, 0.0))
SHAPES = {0: ALWAYS, 300: (*ALWAYS, (20, 1, 0.0), (100, 1, 0.0))}


async def run(bed: Bed) -> None:
    pair = await bed.pair()
    for milliseconds, shapes in SHAPES.items():
        await bed.vendors.set_model(milliseconds)
        for leads, messages, pause in shapes:
            for side in pair:
                await _measure(bed, side, milliseconds, leads, messages, pause)
    for side in pair:
        bed.results.add("memory_load", side.name, side.process.memory_mb())


async def _measure(bed: Bed, side: Side, milliseconds: int, leads: int, messages: int, pause: float) -> None:
    where = f"{leads}x{messages}_{milliseconds}"
    samples = await side.load.converse(leads, bed.sizes.seconds, CLEAR, pause=pause, messages=messages)
    bed.results.check(f"latency {where}", side.name, samples)
    bed.results.add_percentiles(f"e2e_{where}", side.name, samples.end_to_end, (50, 95))
    bed.results.add(f"rate_{where}", side.name, len(samples.end_to_end) / samples.elapsed)
    await bed.settle(f"latency {where}")
