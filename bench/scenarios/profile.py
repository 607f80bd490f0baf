"""Whose processor time an event is, part by part: product and naive, saturated, each in a sampled process."""

import asyncio
import json
import signal
import time
from collections.abc import Iterator
from pathlib import Path

from bench.bed import CLEAR, Bed
from bench.parts import shares
from bench.scenarios.saturation import LEADS
from bench.sides import Side, open_naive, open_product

WRITE_SECONDS = 10.0


async def run(bed: Bed) -> list[str]:
    """Lines to print. Sampling costs some percent itself: read the shares."""
    lines: list[str] = []
    folder = bed.folder("profile")
    product_file, naive_file = folder / "product.json", folder / "naive.json"
    product = ("bench.profiled", str(product_file), "pipewise", "serve")
    naive = ("bench.profiled", str(naive_file), "bench.baseline", "naive")
    async with (
        open_product(bed.folder("profile-product"), bed.vendors.port, bed.feed, program=product) as one,
        open_naive(bed.folder("profile-naive"), bed.vendors.port, bed.feed, program=naive) as other,
    ):
        for side, file in ((one, product_file), (other, naive_file)):
            await bed.warm(side)
            counts, events = await _sample(bed, side, file)
            lines.extend(_describe(side.name, counts, events))
    return lines


async def _sample(bed: Bed, side: Side, file: Path) -> tuple[dict[str, float], int]:
    side.process.ask(signal.SIGUSR1)
    samples = await side.load.converse(LEADS, bed.sizes.seconds, CLEAR)
    await bed.settle("profile")
    side.process.ask(signal.SIGUSR2)
    return await asyncio.to_thread(_read_once_there, file), max(1, len(samples.end_to_end))


def _read_once_there(file: Path) -> dict[str, float]:
    deadline = time.monotonic() + WRITE_SECONDS
    while not file.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    counts: dict[str, float] = json.loads(file.read_text())
    return counts


def _describe(side: str, counts: dict[str, float], events: int) -> Iterator[str]:
    yield f"\n{side}: {counts['all'] / events * 1000:.1f} ms of processor time an event, {events} events"
    for part, milliseconds, share in shares(counts, events):
        if share >= 0.005:
            yield f"  {part:28} {milliseconds:6.1f} ms {share:5.0%}"
