"""What every plan starts from: a connected installation, its vendors, and leads who are about to write."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.faults.feed import Feed
from tests.faults.site import Site, open_site
from tests.faults.vendor import FaultRates, FaultyVendor, open_vendor
from tests.integration.command_line import ROOT


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
            await replay_every_turn(site)
        finally:
            feed.close()


async def replay_every_turn(site: Site) -> None:
    """Whatever was killed, and whenever: each committed turn comes out of its journal as it was."""
    ended = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "pipewise", "replay", "--all", "--verify"),
        env={**os.environ, "PYTHONPATH": str(ROOT), **site.settings},
        cwd=site.folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await ended.communicate()
    different = [line for line in out.decode().splitlines() if " holds: " not in line]
    assert (ended.returncode, different) == (0, []), err.decode()
