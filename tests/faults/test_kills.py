"""kill -9 at random moments and at every named point: nothing lost, nothing sent twice, every doubt shown."""

import asyncio
import contextlib
import random
import signal
import time
from pathlib import Path

import pytest

from pipewise.crash import CRASH_POINTS
from tests.faults.checker import violations
from tests.faults.killer import Stream, kill_at_random
from tests.faults.observer import observe
from tests.faults.plans import MOST_PARKED, PLAN, note_result
from tests.faults.site import until
from tests.faults.trial import Trial, open_trial
from tests.faults.vendor import FAILING, SOUND

BOOKING_LEADS = 351_940_000_000
POINT_SECONDS = 60.0
OFFER_SECONDS = 20.0


@pytest.mark.timeout(PLAN.timeout)
async def test_random_kills_with_failing_vendors(tmp_path: Path) -> None:
    seed = PLAN.seed
    async with open_trial(tmp_path, FAILING, seed) as trial:
        with Stream(trial.feed, trial.feed.script(PLAN.events)) as stream:
            await kill_at_random(trial.site, stream, PLAN.kills, random.Random(seed))
            await trial.site.serve()
            await stream.finish()
        seen = await observe(trial.site, trial.vendor, trial.feed)
        note_result("random kills, failing vendor", seed, PLAN.kills, seen)
        assert violations(seen, most_parked=MOST_PARKED, doubts=PLAN.kills * PLAN.doubts) == []
        assert len(seen.acknowledged) == PLAN.events
        assert trial.feed.redelivered


@pytest.mark.timeout(PLAN.timeout)
async def test_every_crash_point_and_then_a_sound_day(tmp_path: Path) -> None:
    """Each life ends where its hook says, whichever lead gets there first; the next life has to pick it up."""
    seed = PLAN.seed + 1
    async with open_trial(tmp_path, SOUND, seed) as trial:
        site = trial.site
        talks = []
        for place, point in enumerate(CRASH_POINTS):
            process = await site.start("serve", "--port", str(site.port), hook=point)
            talks.append(asyncio.create_task(_book(trial, str(BOOKING_LEADS + place))))
            async with asyncio.timeout(POINT_SECONDS):
                await process.wait()
            assert process.returncode == -signal.SIGKILL, point
            site.processes.remove(process)
        await site.serve()
        await asyncio.gather(*talks)
        crashed = await observe(site, trial.vendor, trial.feed)
        assert violations(crashed) == []
        assert len(set(crashed.bookings)) == len(CRASH_POINTS)
        # Claimed and not sent: what `before:send` does once. A sound vendor lets nothing else stay in doubt.
        assert [one["id"] in crashed.taken for one in crashed.parked] == [False]

        with Stream(trial.feed, trial.feed.script(PLAN.sound_events)) as stream:
            await stream.finish()
        seen = await observe(site, trial.vendor, trial.feed)
        note_result("every crash point, then no kill; sound vendor", seed, len(CRASH_POINTS), seen)
        assert violations(seen) == []
        assert len(seen.parked) == len(crashed.parked)


async def _book(trial: Trial, lead: str) -> None:
    """From the first message to a chosen time."""
    feed, now = trial.feed, int(time.time()) - 60

    async def offered() -> bool:
        return any(one.recipient == lead for one in trial.vendor.taken)

    await feed.deliver([feed.write(lead, now, "Schedule a demo")])
    with contextlib.suppress(AssertionError):  # the offer that is claimed and not sent never arrives
        await until(offered, "times were offered", OFFER_SECONDS)
    await feed.deliver([feed.write(lead, now + 1, f"the second one, {lead}@silva.example")])
