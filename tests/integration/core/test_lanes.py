"""One worker a lead at a time: leases, fencing, and due times that nobody's hurry can lose."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import update

from pipewise.storage import lanes
from pipewise.storage.database import Database
from pipewise.storage.lanes import LeaseLost
from pipewise.storage.tables import lanes as table
from tests.fakes import NOON
from tests.integration.core.harness import Core

LATER = NOON + timedelta(seconds=30)


@pytest.fixture
async def lead(core: Core) -> str:
    """A lead with work that is due since noon."""
    return await core.hear("hi")


async def take(database: Database, lead_id: str, holder: str) -> lanes.Lease | None:
    async with database.write() as connection:
        return await lanes.take(connection, lead_id, holder)


async def expire(database: Database, seconds: int) -> None:
    """The lease ends that many seconds from now."""
    async with database.write() as connection:
        await connection.execute(update(table).values(leased_until=lanes.DatabaseSeconds() + seconds))


async def due(core: Core) -> list[str]:
    async with core.database.read() as connection:
        return await lanes.list_due(connection, core.clock.now())


async def test_of_eight_workers_one_gets_the_lane(core: Core, lead: str) -> None:
    taken = await asyncio.gather(*(take(core.database, lead, f"worker {number}") for number in range(8)))
    assert len([lease for lease in taken if lease]) == 1


async def test_the_fence_rises_with_every_lease(core: Core, lead: str) -> None:
    fences = []
    for _ in range(3):
        lease = await take(core.database, lead, "a")
        assert lease
        fences.append(lease.fence)
    assert fences == [1, 2, 3]


async def test_a_worker_that_slept_past_its_lease_may_not_commit(core: Core, lead: str) -> None:
    slept = await take(core.database, lead, "slept")
    assert slept
    assert await take(core.database, lead, "other") is None
    await expire(core.database, -1)
    other = await take(core.database, lead, "other")
    assert other
    with pytest.raises(LeaseLost):
        async with core.database.write() as connection:
            await lanes.check(connection, slept)
    async with core.database.write() as connection:
        assert await lanes.release(connection, slept, LATER) is None
        await lanes.check(connection, other)
    assert (await core.rows(table))[0]["holder"] == "other"


async def test_the_same_holder_with_an_older_fence_is_refused_too(core: Core, lead: str) -> None:
    older = await take(core.database, lead, "a")
    assert older
    await take(core.database, lead, "a")
    with pytest.raises(LeaseLost):
        async with core.database.write() as connection:
            await lanes.check(connection, older)


@pytest.mark.parametrize("seconds", [-1, lanes.LEASE_SECONDS + 3600])
async def test_no_lease_holds_for_ever(core: Core, lead: str, seconds: int) -> None:
    """Nor does one that a database wrote whose clock was ahead."""
    await take(core.database, lead, "vanished")
    assert await due(core) == []
    await expire(core.database, seconds)
    assert await due(core) == [lead]
    assert await take(core.database, lead, "other")


async def test_the_services_clock_moves_no_lease(core: Core, lead: str) -> None:
    await take(core.database, lead, "a")
    for years in (5, -10):
        core.clock.jump(NOON + timedelta(days=365 * years))
        assert await take(core.database, lead, "b") is None
        assert await due(core) == []


async def test_work_that_comes_while_the_lane_is_held_stays_due(core: Core, lead: str) -> None:
    lease = await take(core.database, lead, "a")
    assert lease
    core.clock.advance(1)
    await core.hear("one more")
    async with core.database.write() as connection:
        assert await lanes.release(connection, lease, LATER) == NOON + timedelta(seconds=1)
    assert await due(core) == [lead]


@pytest.mark.parametrize(("marked", "given", "kept"), [(None, None, None), (None, LATER, LATER), (LATER, NOON, NOON)])
async def test_of_two_due_times_the_earlier_is_kept(
    core: Core, lead: str, marked: object, given: object, kept: object
) -> None:
    lease = await take(core.database, lead, "a")
    assert lease
    async with core.database.write() as connection:
        await connection.execute(update(table).values(due_at=marked))
        assert await lanes.release(connection, lease, given) == kept  # type: ignore[arg-type]
        assert await lanes.next_due(connection) == kept


async def test_an_accept_that_commits_during_the_release_is_not_forgotten(core: Core, lead: str) -> None:
    """Fifty rounds of both at once, whichever comes first."""
    for number in range(50):
        lease = await take(core.database, lead, "a")
        assert lease

        async def give_back(held: lanes.Lease = lease) -> None:
            async with core.database.write() as connection:
                await lanes.release(connection, held, None)

        await asyncio.gather(give_back(), core.hear(f"message {number}"))
        assert await due(core) == [lead]


async def test_a_start_takes_every_lease_over_and_looks_at_their_lanes(core: Core, lead: str) -> None:
    await take(core.database, lead, "former process")
    async with core.database.write() as connection:
        assert await lanes.release_all(connection, core.clock.now()) == 1
    assert await due(core) == [lead]
    assert await take(core.database, lead, "new process")


async def test_a_held_lane_is_not_waited_for(core: Core, lead: str) -> None:
    """Its due time lies in the past and would let the engine look again at once, over and over."""
    await take(core.database, lead, "a")
    await core.hear("one more")
    async with core.database.read() as connection:
        assert await lanes.next_due(connection) is None


async def test_marking_keeps_an_earlier_due_time(core: Core, lead: str) -> None:
    async with core.database.write() as connection:
        await lanes.mark_due(connection, core.account_id, lead, LATER)
        assert await lanes.next_due(connection) == NOON
        await lanes.mark_due(connection, core.account_id, lead, NOON - timedelta(seconds=1))
        assert await lanes.next_due(connection) == NOON - timedelta(seconds=1)


async def test_when_the_clock_went_back_every_lane_with_work_is_looked_at(core: Core, lead: str) -> None:
    async with core.database.write() as connection:
        await connection.execute(update(table).values(due_at=NOON + timedelta(days=400)))
    assert await core.worker.scan(NOON) == ([lead], NOON)
    async with core.database.write() as connection:
        await connection.execute(update(table).values(due_at=LATER))
    assert await core.worker.scan(NOON + timedelta(seconds=1)) == ([], LATER)
    core.clock.jump(NOON - timedelta(days=1))
    assert (await core.worker.scan(core.clock.now()))[0] == [lead]
