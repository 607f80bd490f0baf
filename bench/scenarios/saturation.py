"""As fast as it goes: every lead writes again as soon as its answer has reached the vendor."""

from bench.bed import CLEAR, Bed
from bench.results import Calls
from bench.sides import Side, run_bare

LEADS = 20


async def run(bed: Bed) -> None:
    pair = await bed.pair()
    bed.results.compare_calls("saturation", {side.name: await saturate(bed, side) for side in pair})
    await bed.vendors.set_model(0)
    bare = await run_bare(bed.folder("bare"), bed.vendors.port, seconds=bed.sizes.seconds, leads=LEADS, text=CLEAR)
    bed.results.add("throughput", "bare", bare["events_per_s"])
    bed.results.add("cpu", "bare", bare["cpu_ms"])


async def saturate(bed: Bed, side: Side, prefix: str = "", milliseconds: int = 0) -> Calls:
    """With a model that thinks so long. Returns the vendor calls of one event, by kind."""
    await bed.vendors.set_model(milliseconds)
    await bed.vendors.reset()
    cpu = side.cpu_seconds()
    samples = await side.load.converse(LEADS, bed.sizes.seconds, CLEAR)
    await bed.settle("saturation")
    cpu = side.cpu_seconds() - cpu
    events = max(1, len(samples.end_to_end))
    bed.results.check("saturation", side.name, samples)
    bed.results.add(f"{prefix}throughput", side.name, events / samples.elapsed)
    bed.results.add(f"{prefix}cpu", side.name, cpu / events * 1000)
    bed.results.add_percentiles(f"{prefix}saturated", side.name, samples.end_to_end, (50, 95))
    return await bed.vendors.calls_per_event(events)
