"""Short leases: kept while their lane is worked, and what a worker that lost its lane is refused."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from pipewise.lease_keeper import LeaseKeeper
from pipewise.storage import lanes
from pipewise.storage.database import Database
from pipewise.storage.lanes import Lease, LeaseLost
from pipewise.storage.tables import events, meetings, outbox, runs
from pipewise.storage.tables import lanes as lane_table
from pipewise.turns import TurnRequest, TurnResult
from pipewise.waiting import Patience
from tests.fakes import NOON
from tests.integration.core.harness import Core, open_core, reply
from tests.integration.core.queueing import queue, shown
from tests.integration.core.test_bookings import connection_of, intent_of

OFTEN = 0.02
SELDOM = 600.0


async def take(core: Core, lead_id: str, holder: str) -> Lease:
    async with core.database.write() as connection:
        lease = await lanes.take(connection, lead_id, holder)
    assert lease
    return lease


async def expire(core: Core) -> None:
    async with core.database.write() as connection:
        await connection.execute(update(lane_table).values(leased_until=lanes.DatabaseSeconds() - 1))


async def take_over(core: Core, lead_id: str) -> Lease:
    async with core.database.write() as connection:
        await connection.execute(update(lane_table).values(leased_until=lanes.DatabaseSeconds() - 1))
        lease = await lanes.take(connection, lead_id, "successor")
    assert lease
    return lease


async def test_a_lease_is_kept_while_its_lane_is_worked(core: Core) -> None:
    lead_id = await core.hear("hi")
    lease = await take(core, lead_id, "a")
    async with LeaseKeeper(core.database, every=OFTEN).keep(lease):
        for _ in range(3):
            await expire(core)
            await soon_held(core)
    await asyncio.sleep(5 * OFTEN)  # a renewal may have been under way
    await expire(core)
    await asyncio.sleep(5 * OFTEN)
    assert await take(core, lead_id, "b")


async def soon_held(core: Core) -> None:
    async with asyncio.timeout(5):
        while (await core.rows(lane_table))[0]["leased_until"] < await database_seconds(core):  # noqa: ASYNC110  in a database
            await asyncio.sleep(OFTEN)


async def database_seconds(core: Core) -> int:
    async with core.database.read() as connection:
        return int((await connection.execute(select(lanes.DatabaseSeconds()))).scalar_one())


async def test_a_turn_ends_when_its_lane_is_anothers(core: Core) -> None:
    ended = asyncio.Event()

    async def answer(request: TurnRequest) -> TurnResult:
        try:
            await take_over(core, request.lead.id)
            await asyncio.sleep(60)
        finally:
            ended.set()
        return reply("never")

    core.turns.answer = answer
    lead_id = await core.hear("hi")
    async with asyncio.timeout(20):
        assert await core.new_worker(renew_every=OFTEN).run_lane(lead_id) is None
    assert ended.is_set()
    assert await core.rows(runs) == []
    (lane,) = await core.rows(lane_table)
    assert lane["holder"] == "successor"


async def test_a_database_that_does_not_answer_ends_no_turn(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    lead_id = await core.hear("hi")
    lease = await take(core, lead_id, "a")
    renewed = asyncio.Event()
    renew = lanes.renew

    async def away_at_first(*given: object) -> set[Lease]:
        monkeypatch.setattr(lanes, "renew", renew)
        renewed.set()
        async with core.database.read() as connection:
            await connection.exec_driver_sql("SELECT * FROM no_such_table")
        return set()

    monkeypatch.setattr(lanes, "renew", away_at_first)
    async with LeaseKeeper(core.database, every=OFTEN).keep(lease):
        await asyncio.wait_for(renewed.wait(), 5)
        await expire(core)
        await soon_held(core)


async def test_renewing_waits_for_nobody(core: Core) -> None:
    """An accept has one lane in hand and comes for another, while both are renewed in one go."""
    leads = [await core.hear("hi", key=number, sender=number) for number in ("351911000001", "351911000002")]
    leases = {await take(core, lead_id, "a") for lead_id in leads}
    if core.database.dialect == "sqlite":
        async with core.database.write() as connection:
            assert await lanes.renew(connection, leases) == leases
        return
    async with core.database.write() as accepting:
        await lanes.mark_due(accepting, core.account_id, leads[0], NOON)
        async with core.database.write() as connection:
            assert await lanes.renew(connection, leases) == leases


async def late_booking(core: Core, lead_id: str, lease: Lease) -> None:
    intent = replace(await intent_of(core, lead_id), lease=lease)
    await core.bookings.book(connection_of(core), intent)


async def late_claim(core: Core, _lead_id: str, lease: Lease) -> None:
    await core.worker._sender.send_open(lease)


@pytest.mark.parametrize("late", [late_booking, late_claim])
async def test_what_comes_after_the_lane_was_lost_is_refused(
    core: Core, late: Callable[[Core, str, Lease], Awaitable[None]]
) -> None:
    lead_id, message_id = await queue(core)
    slept = await take(core, lead_id, "slept")
    await take_over(core, lead_id)
    with pytest.raises(LeaseLost):
        await late(core, lead_id, slept)
    assert await core.rows(meetings) == []
    assert core.calendar
    assert (core.calendar.calls, core.messenger.tries) == ([], [])
    assert await shown(core, message_id) == ("queued", "pending")


async def test_a_holder_that_slept_leaves_no_holding_message_and_postpones_nothing(database: Database) -> None:
    async with open_core(database, patience=Patience(typing=5, holding=0.1, longest=5)) as core:

        async def answer(request: TurnRequest) -> TurnResult:
            await take_over(core, request.lead.id)
            await asyncio.sleep(0.3)
            raise RuntimeError("boom")

        core.turns.answer = answer
        lead_id = await core.hear("hi")
        assert await core.new_worker(renew_every=SELDOM).run_lane(lead_id) is None
        assert await core.outbox_states() == []
        assert [(row["status"], row["attempts"]) for row in await core.rows(events)] == [("accepted", 0)]


async def test_what_a_dead_worker_was_sending_is_unknown_to_its_successor(core: Core) -> None:
    lead_id, message_id = await queue(core)
    await take(core, lead_id, "dead")
    async with core.database.write() as connection:
        await connection.execute(update(outbox).values(state="sending", claimed_at=core.clock.now()))
    await expire(core)
    assert await core.new_worker().run_lane(lead_id) == NOON + timedelta(seconds=300)
    assert (await shown(core, message_id))[1] == "unknown"
    assert core.messenger.tries == []
