"""What was queued is looked at once more when its turn comes: it may not be wanted, or not be allowed any more."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import update

from pipewise import outbox
from pipewise.handover import take_over
from pipewise.storage import accounts, lanes
from pipewise.storage.lanes import LeaseLost
from pipewise.storage.tables import lanes as lane_table
from pipewise.storage.tables import leads, tasks
from tests.fakes import NOON
from tests.integration.core.harness import Core, soon
from tests.integration.core.queueing import queue, queue_more, shown


async def opt_out(core: Core, lead_id: str) -> None:
    async with core.database.write() as connection:
        await connection.execute(update(leads).where(leads.c.id == lead_id).values(opted_out=True))


@pytest.mark.parametrize(
    ("author", "proactive", "status"),
    [("agent", True, "canceled"), ("human", False, "canceled"), ("system", False, "sent"), ("agent", False, "sent")],
)
async def test_opting_out_is_looked_at_when_sending(core: Core, author: str, proactive: bool, status: str) -> None:
    lead_id, message_id = await queue(core, author=author, proactive=proactive)
    await opt_out(core, lead_id)
    await core.worker.run_lane(lead_id)
    assert (await shown(core, message_id))[0] == status


async def test_the_reply_window_is_looked_at_when_sending(core: Core) -> None:
    lead_id, message_id = await queue(core)
    core.clock.advance(hours=23, minutes=56)
    await core.worker.run_lane(lead_id)
    assert await shown(core, message_id) == ("failed", "done")
    assert core.messenger.tries == []
    assert [row["kind"] for row in await core.rows(tasks)] == ["window_closed"]


async def test_a_message_expires(core: Core) -> None:
    lead_id, message_id = await queue(core, expires_at=NOON + timedelta(minutes=5))
    core.clock.advance(minutes=5)
    await core.worker.run_lane(lead_id)
    assert await shown(core, message_id) == ("expired", "done")


async def test_a_pause_of_the_account_holds_agents_back_and_loses_nothing(core: Core) -> None:
    lead_id, message_id = await queue(core)
    async with core.database.write() as connection:
        await accounts.set_paused(connection, core.account_id, paused=True)
    assert await core.worker.run_lane(lead_id) == NOON + timedelta(seconds=2)
    assert await shown(core, message_id) == ("queued", "pending")
    async with core.database.write() as connection:
        await accounts.set_paused(connection, core.account_id, paused=False)
    await core.worker.run_lane(lead_id)
    assert core.messenger.texts == ["Hello!"]


async def test_a_takeover_cancels_what_the_agent_queued_and_not_what_people_wrote(core: Core) -> None:
    lead_id, drafted = await queue(core, "from the agent")
    written = await queue_more(core, lead_id, "from Rita", author="human")
    async with core.database.write() as connection:
        lead = await core.lead(lead_id)
        await take_over(connection, lead, by="rita@shop.example", reason="test", now=NOON)
    assert await shown(core, drafted) == ("canceled", "done")
    await core.worker.run_lane(lead_id)
    assert core.messenger.texts == ["from Rita"]
    assert await shown(core, written) == ("sent", "done")


async def test_what_was_cancelled_while_an_earlier_one_was_on_its_way_stays_unsent(core: Core) -> None:
    lead_id, _ = await queue(core, "first")
    second = await queue_more(core, lead_id, "second")
    core.messenger.door.clear()
    lane = asyncio.create_task(core.worker.run_lane(lead_id))
    await soon(lambda: bool(core.messenger.tries))
    async with core.database.write() as connection:
        await outbox.cancel_queued(connection, await core.lead(lead_id), "the lead opted out")
    core.messenger.door.set()
    await lane
    assert core.messenger.texts == ["first"]
    assert await shown(core, second) == ("canceled", "done")


async def test_a_disconnected_integration_ends_its_queue(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    lead_id, message_id = await queue(core)

    async def gone(*_: str) -> None:
        return None

    monkeypatch.setattr(core.connections, "messaging", gone)
    assert await core.worker.run_lane(lead_id) is None
    assert await shown(core, message_id) == ("failed", "done")


async def test_who_lost_the_lane_claims_nothing(core: Core) -> None:
    lead_id, message_id = await queue(core)
    mine = await core.database.transact(lambda c: lanes.take(c, lead_id, "a"))
    assert mine
    async with core.database.write() as connection:
        await connection.execute(update(lane_table).values(leased_until=lanes.DatabaseSeconds() - 1))
        assert await lanes.take(connection, lead_id, "b")
    with pytest.raises(LeaseLost):
        await core.worker._sender.send_open(mine)
    assert await shown(core, message_id) == ("queued", "pending")
    assert core.messenger.tries == []
