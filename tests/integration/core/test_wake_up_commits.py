"""Wake-ups on PostgreSQL: in the transaction of the work that they are for, once per lead that waits."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import text

from pipewise.storage import lanes
from pipewise.storage.database import open_database
from pipewise.storage.wake_ups import QUEUE
from tests.integration.core.harness import Core, open_core


@pytest.fixture
async def core(postgres_ready: str) -> AsyncIterator[Core]:
    database = open_database(postgres_ready)
    async with open_core(database) as opened:
        yield opened
    await database.close()


async def waiting(core: Core) -> list[Any]:
    """Leads that wait in the queue, as another connection sees it."""
    statement = text("SELECT args->>'lead_id' FROM procrastinate_jobs WHERE queue_name = :queue ORDER BY id")
    async with core.database.read() as connection:
        return list((await connection.execute(statement, {"queue": QUEUE})).scalars())


async def mark(core: Core, lead_id: str, at: datetime, *, fails: bool = False) -> None:
    async with core.database.write() as connection:
        await lanes.mark_due(connection, core.account_id, lead_id, at)
        if fails:
            raise RuntimeError("after the wake-up")


async def test_a_wake_up_is_committed_with_its_event(core: Core) -> None:
    first = await core.hear("hi")
    second = await core.hear("hello", sender="351911000002")
    assert await waiting(core) == [first, second]


async def test_a_transaction_that_fails_wakes_nobody(core: Core) -> None:
    lead_id = await core.hear("hi")
    async with core.database.write() as connection:
        await connection.execute(text("DELETE FROM procrastinate_jobs"))
    with pytest.raises(RuntimeError, match="after the wake-up"):
        await mark(core, lead_id, core.clock.now(), fails=True)
    assert await waiting(core) == []
    async with core.database.write() as connection:
        await lanes.mark_due(connection, core.account_id, lead_id, core.clock.now())
        assert await waiting(core) == [], "nobody may take it before the work is there"
    assert await waiting(core) == [lead_id]


async def test_a_lead_that_waits_already_is_not_queued_again(core: Core) -> None:
    lead_id = await core.hear("hi")
    await core.hear("hi again")
    await mark(core, lead_id, core.clock.now())
    assert await waiting(core) == [lead_id]
