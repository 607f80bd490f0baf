"""kill -9 at random moments and at every named point: nothing lost, nothing sent twice, every doubt shown."""

import asyncio
import contextlib
import random
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from pipewise.crash import CRASH_POINTS
from tests.faults.checker import Observed, violations
from tests.faults.feed import Feed
from tests.faults.killer import Stream, kill_at_random
from tests.faults.observer import observe
from tests.faults.plans import PLAN, note_result
from tests.faults.site import Site, open_site, until
from tests.faults.vendor import FAILING, SOUND, FaultRates, FaultyVendor, open_vendor

MOST_PARKED = 0.03
BOOKING_LEADS = 351_940_000_000
POINT_SECONDS = 60.0
OFFER_SECONDS = 6.0


@asynccontextmanager
async def bench(
    folder: Path, rates: FaultRates, seed: int, **settings: str
) -> AsyncIterator[tuple[Site, FaultyVendor, Feed]]:
    """A connected installation that does not run, its vendors, and leads."""
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
            yield site, vendor, feed
        finally:
            feed.close()


async def run_killed(site: Site, vendor: FaultyVendor, feed: Feed, *, events: int, kills: int, seed: int) -> Observed:
    stream = Stream(feed, feed.script(events))
    stream.start()
    try:
        await kill_at_random(site, stream, kills, random.Random(seed))
        await site.serve()
        await stream.finish()
    finally:
        stream.stop()
    return await observe(site, vendor, feed)


@pytest.mark.timeout(PLAN.timeout)
async def test_random_kills_with_failing_vendors(tmp_path: Path) -> None:
    seed = PLAN.seed
    async with bench(tmp_path, FAILING, seed) as (site, vendor, feed):
        seen = await run_killed(site, vendor, feed, events=PLAN.events, kills=PLAN.kills, seed=seed)
        note_result("random kills, failing vendor", seed, PLAN.kills, seen)
        assert violations(seen, most_parked=MOST_PARKED) == []
        assert len(seen.acknowledged) == PLAN.events
        assert feed.redelivered


@pytest.mark.timeout(PLAN.timeout)
async def test_every_crash_point_and_then_a_sound_day(tmp_path: Path) -> None:
    """Each life ends where its hook says, whichever lead gets there first; the next life has to pick it up."""
    seed = PLAN.seed + 1
    async with bench(tmp_path, SOUND, seed) as (site, vendor, feed):
        talks = []
        for place, point in enumerate(CRASH_POINTS):
            process = await site.start("serve", "--port", str(site.port), hook=point)
            talks.append(asyncio.create_task(book(feed, vendor, str(BOOKING_LEADS + place))))
            await asyncio.wait_for(process.wait(), POINT_SECONDS)
            assert process.returncode == -signal.SIGKILL, point
            site.processes.remove(process)
        await site.serve()
        await asyncio.gather(*talks)
        crashed = await observe(site, vendor, feed)
        assert violations(crashed) == []
        assert len(set(crashed.bookings)) == len(CRASH_POINTS)
        # Claimed and not sent: what `before:send` does once. A sound vendor lets nothing else stay in doubt.
        assert [one["id"] in crashed.taken for one in crashed.parked] == [False]

        stream = Stream(feed, feed.script(PLAN.sound_events))
        stream.start()
        await stream.finish()
        seen = await observe(site, vendor, feed)
        note_result("every crash point, then no kill; sound vendor", seed, len(CRASH_POINTS), seen)
        assert violations(seen) == []
        assert len(seen.parked) == len(crashed.parked)


async def book(feed: Feed, vendor: FaultyVendor, lead: str) -> None:
    """From the first message to a chosen time."""
    now = int(time.time()) - 60
    await feed.deliver([feed.write(lead, now, "Schedule a demo")])

    async def offered() -> bool:
        return any(one.recipient == lead for one in vendor.taken)

    with contextlib.suppress(AssertionError):  # the offer that is claimed and not sent never arrives
        await until(offered, "times were offered", OFFER_SECONDS)
    await feed.deliver([feed.write(lead, now + 1, f"the second one, {lead}@silva.example")])
