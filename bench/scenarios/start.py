"""From the start of a process to its first 200 of /healthz."""

from bench.bed import Bed
from bench.sides import start_naive, start_product


async def run(bed: Bed) -> None:
    product, naive = bed.folder("start-product"), bed.folder("start-naive")
    for metric in ("start_new", "start"):
        async with start_product(product, bed.vendors.port) as process:
            bed.results.add(metric, "product", process.started_in)
        async with start_naive(naive, bed.vendors.port) as process:
            bed.results.add(metric, "naive", process.started_in)
