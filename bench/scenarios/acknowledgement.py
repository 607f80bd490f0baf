"""From the moment a webhook was due to its 200, at a fixed rate, while many leads' turns run."""

from bench.bed import CLEAR, Bed
from bench.load import Feed, Load
from bench.sides import ROW_PATH, open_product

MODEL_MS = 300
# Webhooks a second, leads whose turns run meanwhile.
LOADS = ((20, 50), (50, 50), (20, 100))
PLAIN_RATE, PLAIN_LEADS = LOADS[0]


async def run(bed: Bed) -> None:
    """The product; beside it, on the idle naive server, a route that commits one row."""
    await _measure_plain(bed)
    product, naive = await bed.pair()
    row = Load(naive.process.port, ROW_PATH, Feed())
    await bed.vendors.set_model(MODEL_MS)
    for rate, leads in LOADS:
        for name, load in (("row", row), ("product", product.load)):
            await _write(bed, f"ack_{rate}_{leads}", name, load, rate, leads)
    row.close()


async def _measure_plain(bed: Bed) -> None:
    """As it is installed, with its offline model, and vendors that answer at once."""
    settings = {"PIPEWISE_MODEL": "offline"}
    async with open_product(bed.folder("plain"), bed.vendors.port, bed.feed, settings) as plain:
        await bed.warm(plain)
        await _write(bed, "ack_plain", "product", plain.load, PLAIN_RATE, PLAIN_LEADS)


async def _write(bed: Bed, metric: str, side: str, load: Load, rate: int, leads: int) -> None:
    samples = await load.write_at(rate, bed.sizes.seconds, leads, CLEAR)
    bed.results.check(metric, side, samples)
    bed.results.add_percentiles(metric, side, samples.ack, (50, 99))
    await bed.settle(metric)
