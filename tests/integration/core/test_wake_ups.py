"""On PostgreSQL the wake-up is part of the transaction that brings the work; the embedded engine needs none."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.storage import lanes, wake_ups
from pipewise.storage.database import Database, open_database
from tests.fakes import NOON
from tests.integration.core.harness import Core, open_core


@pytest.fixture
async def shared(postgres_ready: str) -> AsyncIterator[Core]:
    database = open_database(postgres_ready)
    async with open_core(database) as opened:
        yield opened
    await database.close()


async def jobs(database: Database) -> list[Any]:
    async with database.read() as connection:
        return await in_queue(connection)


async def in_queue(connection: AsyncConnection) -> list[Any]:
    statement = "SELECT task_name, queue_name, args, status FROM procrastinate_jobs ORDER BY id"
    return [tuple(row) for row in await connection.execute(text(statement))]


async def empty_queue(core: Core) -> None:
    async with core.database.write() as connection:
        await connection.execute(text("DELETE FROM procrastinate_jobs"))


async def test_a_message_and_its_wake_up_are_one_transaction(shared: Core) -> None:
    lead_id = await shared.hear("hi")
    assert await jobs(shared.database) == [("wake", "lanes", {"lead_id": lead_id}, "todo")]


async def test_what_is_rolled_back_leaves_no_wake_up(shared: Core) -> None:
    lead_id = await shared.hear("hi")
    await empty_queue(shared)

    async def marked_in_vain() -> None:
        async with shared.database.write() as connection:
            await lanes.mark_due(connection, shared.account_id, lead_id, NOON)
            assert len(await in_queue(connection)) == 1
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        await marked_in_vain()
    assert await jobs(shared.database) == []


async def test_a_lead_waits_in_the_queue_once_and_the_second_transaction_is_as_good(shared: Core) -> None:
    await shared.hear("hi")
    await shared.hear("are you there?")
    assert len(await jobs(shared.database)) == 1
    assert await shared.event_states() == ["accepted", "accepted"]


async def test_a_job_that_was_taken_already_makes_no_second_wake_up_needless(shared: Core) -> None:
    await shared.hear("hi")
    async with shared.database.write() as connection:
        await connection.execute(text("UPDATE procrastinate_jobs SET status = 'doing'"))
    await shared.hear("are you there?")
    assert [status for *_, status in await jobs(shared.database)] == ["doing", "todo"]


async def test_the_look_at_due_lanes_waits_for_no_accept(shared: Core) -> None:
    """Both would enqueue the same two leads, in opposite order."""
    first, second = await shared.hear("hi"), await shared.hear("hi", key="2", sender="351911000002")
    await empty_queue(shared)
    async with shared.database.write() as accepting:
        await lanes.mark_due(accepting, shared.account_id, second, NOON)
        async with asyncio.timeout(10), shared.database.write() as looking:
            await wake_ups.enqueue_all(looking, [first, second])
        await lanes.mark_due(accepting, shared.account_id, first, NOON)
    assert sorted(args["lead_id"] for _, _, args, _ in await jobs(shared.database)) == sorted([first, second])
