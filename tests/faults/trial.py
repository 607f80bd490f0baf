"""What every plan starts from: a connected installation, its vendors, and leads who are about to write."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.faults.feed import Feed
from tests.faults.site import Site, open_site
from tests.faults.vendor import FaultRates, FaultyVendor, open_vendor


@dataclass(frozen=True)
class Trial:
    site: Site
    vendor: FaultyVendor
    feed: Feed


@asynccontextmanager
async def open_trial(folder: Path, rates: FaultRates, seed: int, **settings: str) -> AsyncIterator[Trial]:
    """Nothing runs yet; what runs at the end is killed."""
    print(f"seed {seed}")  # noqa: T201  pytest shows it with a failure
    async with (
        open_vendor(folder / "ledger.jsonl", seed, rates) as vendor,
        open_site(folder, vendor, **settings) as site,
    ):
        process = await site.serve()
        await site.connect()
        await site.kill(process)
        feed = Feed(folder / "history.jsonl", seed)
        feed.aim(site.port, site.webhook)
        try:
            yield Trial(site, vendor, feed)
        finally:
            feed.close()
