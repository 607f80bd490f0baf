"""Dead letters that are replayed together: each once, however many ask, and none of another account."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.errors import Conflict
from pipewise.event_replay import Replayed, replay_all, replay_event
from pipewise.storage.tables import events
from pipewise.storage.types import new_id
from tests.integration.core.harness import Core


async def make_dead(core: Core, count: int) -> None:
    for number in range(count):
        await core.hear(f"hi {number}", key=f"k{number}", sender=f"35191100{number:04d}")
    async with core.database.write() as connection:
        await connection.execute(update(events).values(status="dead_letter", reason="five tries failed"))


async def replay(core: Core, account_id: str, **more: Any) -> Replayed:
    async def work(connection: AsyncConnection) -> Replayed:
        return await replay_all(connection, account_id, core.clock.now(), **more)

    async with core.database.write() as connection:
        return await work(connection)


async def test_each_is_accepted_once_however_many_replay_at_once(core: Core) -> None:
    await make_dead(core, 6)
    done = await asyncio.gather(*(replay(core, core.account_id) for _ in range(4)))
    assert sorted(len(one.events) for one in done) == [0, 0, 0, 6]
    assert {row["status"] for row in await core.rows(events)} == {"accepted"}


async def test_the_same_event_replayed_twice_at_once_is_refused_once(core: Core) -> None:
    await make_dead(core, 1)
    (row,) = await core.rows(events)

    async def one() -> str:
        async with core.database.write() as connection:
            return (await replay_event(connection, core.account_id, row["id"], core.clock.now())).status

    results = await asyncio.gather(one(), one(), return_exceptions=True)
    assert [type(result) for result in sorted(results, key=str)].count(Conflict) == 1
    assert "accepted" in results


async def test_another_account_and_another_platform_are_left_alone(core: Core) -> None:
    await make_dead(core, 2)
    assert (await replay(core, new_id())).events == ()
    assert (await replay(core, core.account_id, platform="instagram")).events == ()
    done = await replay(core, core.account_id, platform="whatsapp")
    assert (len(done.events), len(done.leads), done.more) == (2, 2, False)


async def test_more_than_fit_into_one_go_are_told_of(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipewise.event_replay.MOST", 2)
    await make_dead(core, 3)
    first = await replay(core, core.account_id)
    assert (len(first.events), first.more) == (2, True)
    assert (await replay(core, core.account_id)).more is False
