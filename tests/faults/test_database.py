"""On PostgreSQL: two workers of which one is killed and one paused past its lease; a server that is stopped and started."""

import asyncio
import random
from pathlib import Path

import psycopg
import pytest

from pipewise.storage.database import postgres_dsn
from pipewise.storage.lanes import LEASE_SECONDS
from tests.faults.checker import violations
from tests.faults.killer import LATEST, Stream, pause
from tests.faults.observer import observe
from tests.faults.plans import DOUBTS_OF_A_FAULT, MOST_PARKED, PLAN, note_result
from tests.faults.site import until
from tests.faults.trial import open_trial
from tests.faults.vendor import FAILING
from tests.postgres import find_binaries, start_server

PAST_THE_LEASE = LEASE_SECONDS + 2
AWAY, BACK = (0.2, 1.0), (0.5, 1.5)


async def youngest_worker(database_url: str) -> int:
    """The number of the process that began last to take wake-ups, dead or alive."""
    async with await psycopg.AsyncConnection.connect(postgres_dsn(database_url)) as connection:
        found = await (await connection.execute("SELECT coalesce(max(id), 0) FROM procrastinate_workers")).fetchone()
    assert found
    return int(found[0])


@pytest.mark.timeout(PLAN.timeout)
async def test_two_workers_of_which_one_is_killed_and_one_is_paused_past_its_lease(tmp_path: Path) -> None:
    seed, rounds = PLAN.seed + 2, PLAN.worker_rounds
    rng = random.Random(seed)
    with start_server(find_binaries()) as server:
        database = {"PIPEWISE_DATABASE_URL": server.create_database()}
        async with open_trial(tmp_path, FAILING, seed, **database) as trial:
            site = trial.site
            await site.serve("--no-worker")
            doomed, paused = await site.start("worker"), await site.start("worker")
            with Stream(trial.feed, trial.feed.script(PLAN.worker_events)) as stream:
                for _ in range(rounds):
                    stream.allow(stream.deliveries // (rounds + 1))
                    await asyncio.sleep(rng.uniform(1.0, 1.0 + LATEST))
                    pausing = asyncio.create_task(pause(paused, PAST_THE_LEASE))
                    stream.allow(stream.deliveries // (2 * rounds + 2))
                    await asyncio.sleep(rng.uniform(0.1, LATEST))
                    await site.kill(doomed)
                    doomed = await site.start("worker")
                    await pausing
                await stream.finish()
            seen = await observe(site, trial.vendor, trial.feed)
            note_result("two workers, one killed, one paused", seed, rounds, seen)
            assert violations(seen, most_parked=MOST_PARKED, doubts=2 * rounds * PLAN.doubts) == []
            assert [process.returncode for process in site.processes] == [None] * 3


@pytest.mark.timeout(PLAN.timeout)
async def test_a_server_that_is_stopped_and_started(tmp_path: Path) -> None:
    seed, stops = PLAN.seed + 3, PLAN.database_stops
    rng = random.Random(seed)
    with start_server(find_binaries()) as server:
        url = server.create_database()
        async with open_trial(tmp_path, FAILING, seed, PIPEWISE_DATABASE_URL=url) as trial:
            site = trial.site
            await site.serve("--no-worker")
            former = await youngest_worker(url)
            await site.start("worker")

            async def is_working() -> bool:
                return await youngest_worker(url) > former

            # One that is still starting ends when its database goes away.
            await until(is_working, "the worker takes wake-ups")
            with Stream(trial.feed, trial.feed.script(PLAN.database_events)) as stream:
                for _ in range(stops):
                    stream.allow(stream.deliveries // (stops + 1))
                    await asyncio.sleep(rng.uniform(*BACK))
                    await asyncio.to_thread(server.stop)
                    await asyncio.sleep(rng.uniform(*AWAY))
                    await asyncio.to_thread(server.start)
                await stream.finish()
            seen = await observe(site, trial.vendor, trial.feed)
            note_result("PostgreSQL stopped and started", seed, stops, seen)
            assert violations(seen, most_parked=MOST_PARKED, doubts=stops * DOUBTS_OF_A_FAULT) == []
            assert [process.returncode for process in site.processes] == [None] * 2
