"""Events that come whether or not the last ones are answered: one message each of many leads, at a fixed rate.

Latency counts from when a message was due. What is more than a side can answer queues up, and shows in its end to end.
"""

from bench.bed import CLEAR, Bed
from bench.results import Calls
from bench.sides import Side

RATES = (10, 50, 150)
MODEL_MS = (0, 300)


async def run(bed: Bed) -> None:
    pair = await bed.pair()
    for milliseconds in MODEL_MS:
        for rate in RATES:
            calls = {
                side.name: await arrive(bed, side, f"open_{rate}_{milliseconds}", rate, milliseconds) for side in pair
            }
            bed.results.compare_calls(f"open loop {rate}/s", calls)


async def arrive(bed: Bed, side: Side, where: str, rate: int, milliseconds: int) -> Calls:
    """Returns the vendor calls of one event, by kind."""
    count = min(bed.sizes.arrivals, int(rate * bed.sizes.seconds))
    await bed.vendors.set_model(milliseconds)
    await bed.vendors.reset()
    cpu = side.cpu_seconds()
    samples = await side.load.arrive_at(rate, count, CLEAR)
    await bed.settle(where)
    events = max(1, len(samples.end_to_end))
    bed.results.check(where, side.name, samples)
    bed.results.add_percentiles(f"{where}_ack", side.name, samples.ack, (50, 99))
    bed.results.add_percentiles(f"{where}_e2e", side.name, samples.end_to_end, (50, 95, 99))
    bed.results.add(f"{where}_rate", side.name, events / samples.elapsed)
    bed.results.add(f"{where}_cpu", side.name, (side.cpu_seconds() - cpu) / events * 1000)
    return await bed.vendors.calls_per_event(events)
