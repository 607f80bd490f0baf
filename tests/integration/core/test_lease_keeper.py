"""Leases are renewed while their lanes are worked, and work on a lane that was lost is ended."""

import asyncio
from contextlib import suppress

import pytest
from sqlalchemy import update

from pipewise.lease_keeper import LeaseKeeper
from pipewise.storage import lanes
from pipewise.storage.lanes import Lease, LeaseLost
from pipewise.storage.tables import lanes as table
from tests.integration.core.harness import ANA, RENEW_SECONDS, Core

LOOKS = 200
LOOK_SECONDS = 20.0


async def take(core: Core, holder: str = "a", sender: str = ANA) -> Lease:
    lead_id = await core.hear(f"hi from {holder}", sender=sender)
    lease = await core.database.transact(lambda c: lanes.take(c, lead_id, holder))
    assert lease
    return lease


async def end_at(core: Core, seconds: int) -> None:
    """Every lease ends that many seconds from now."""
    async with core.database.write() as connection:
        await connection.execute(update(table).values(leased_until=lanes.DatabaseSeconds() + seconds))


async def left(core: Core) -> int:
    """Seconds of the first lane's lease."""
    (lane, *_) = await core.rows(table, table.c.holder.is_not(None))
    async with core.database.read() as connection:
        now = (await connection.execute(lanes.DatabaseSeconds().select())).scalar_one()
    return int(lane["leased_until"] - now)


async def test_a_lease_is_renewed_while_its_lane_is_worked(core: Core) -> None:
    lease = await take(core)
    keeper = LeaseKeeper(core.database, every=RENEW_SECONDS)
    async with keeper.keep(lease):
        await end_at(core, 1)
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_SECONDS):
                for _ in range(LOOKS):
                    if await left(core) > 1:
                        break
                    await asyncio.sleep(RENEW_SECONDS)
        assert await left(core) > 1


async def test_work_on_a_lane_that_was_lost_is_ended(core: Core) -> None:
    lost, kept = await take(core), await take(core, "b", "351911000002")
    keeper = LeaseKeeper(core.database, every=RENEW_SECONDS)
    seen: list[str] = []

    async def work(lease: Lease) -> None:
        async with keeper.keep(lease):
            for _ in range(LOOKS if lease is lost else 4):
                await asyncio.sleep(RENEW_SECONDS)
            seen.append(lease.lead_id)

    async def take_away() -> None:
        async with core.database.write() as connection:
            mine = update(table).where(table.c.lead_id == lost.lead_id)
            await connection.execute(mine.values(holder="another", fence=table.c.fence + 1))

    async with asyncio.timeout(30):
        working = asyncio.create_task(work(lost)), asyncio.create_task(work(kept))
        await take_away()
        ended = await asyncio.gather(*working, return_exceptions=True)
    assert [type(one) for one in ended] == [LeaseLost, type(None)]
    assert seen == [kept.lead_id]


async def test_an_error_of_the_work_itself_is_kept(core: Core) -> None:
    keeper = LeaseKeeper(core.database, every=RENEW_SECONDS)
    lease = await take(core)
    with pytest.raises(TimeoutError, match="its own"):
        async with keeper.keep(lease):
            raise TimeoutError("its own")
