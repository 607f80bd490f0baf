"""Deliveries as they really come: repeated, in bursts, out of order. Answers are counted at the vendor, for both sides.

The product has the burst window that it is installed with. Each lead marks its messages, and an answer names the marks
that it answers: one answer is owed to what a lead wrote within a few hundred milliseconds.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict

from bench.bed import CLEAR, Bed
from bench.load import Load
from bench.marks import MARKS
from bench.sides import Side, open_naive, open_product
from bench.tally import Tally, count_answers

MODEL_MS = 300
REDELIVERIES, REPEAT_SECONDS, LATER_SECONDS = 3, 0.05, 2.0
BURST_SECONDS = 0.3
AS_INSTALLED = {"PIPEWISE_BURST_MS": "1200"}

Act = Callable[[Load, str], Awaitable[Sequence[str]]]
"""What one lead writes and how it is delivered; returns its marks, by the time of writing."""


async def redeliver(bed: Bed) -> None:
    await _play(bed, "redelivery", _repeat)


async def burst(bed: Bed) -> None:
    await _play(bed, "burst", _write_quickly)


async def reorder(bed: Bed) -> None:
    await _play(bed, "out_of_order", _swap)


async def _repeat(load: Load, lead: str) -> Sequence[str]:
    """At once, before the first can be answered, and again after it was."""
    body = load.write(lead, marked(MARKS[0]))
    pauses = (0.0, REPEAT_SECONDS, LATER_SECONDS)
    await asyncio.gather(*(_deliver_after(load, body, pause) for pause in pauses[:REDELIVERIES]))
    return MARKS[:1]


async def _write_quickly(load: Load, lead: str) -> Sequence[str]:
    bodies = [load.write(lead, marked(mark)) for mark in MARKS]
    pause = BURST_SECONDS / len(bodies)
    await asyncio.gather(*(_deliver_after(load, body, number * pause) for number, body in enumerate(bodies)))
    return MARKS


async def _swap(load: Load, lead: str) -> Sequence[str]:
    earlier = load.write(lead, marked(MARKS[0]), seconds_ago=2.0)
    later = load.write(lead, marked(MARKS[1]))
    await asyncio.gather(_deliver_after(load, later, 0.0), _deliver_after(load, earlier, BURST_SECONDS))
    return MARKS[:2]


def marked(mark: str) -> str:
    return f"{CLEAR}, {mark}"


async def _deliver_after(load: Load, body: bytes, seconds: float) -> None:
    await asyncio.sleep(seconds)
    await load.deliver(body)


async def _play(bed: Bed, plan: str, act: Act) -> None:
    async with (
        open_product(bed.folder(plan), bed.vendors.port, bed.feed, AS_INSTALLED) as product,
        open_naive(bed.folder(plan), bed.vendors.port, bed.feed) as naive,
    ):
        for side in (product, naive):
            await bed.warm(side)
            await bed.vendors.set_model(MODEL_MS)
            record(bed, plan, side.name, await _count(bed, side, act))


async def _count(bed: Bed, side: Side, act: Act) -> Tally:
    await bed.vendors.reset()
    leads = [side.load.new_lead() for _ in range(bed.sizes.plan_leads)]
    written = dict(zip(leads, await asyncio.gather(*(act(side.load, lead) for lead in leads)), strict=True))
    # The burst window is longer than the quiet that tells a drained vendor.
    await asyncio.sleep(LATER_SECONDS)
    await bed.settle("misbehaviour")
    return count_answers(written, [(send["recipient"], send["marks"]) for send in await bed.vendors.sends()])


def record(bed: Bed, plan: str, side: str, tally: Tally) -> None:
    for name, number in asdict(tally).items():
        bed.results.add(f"{plan}_{name}", side, number)
