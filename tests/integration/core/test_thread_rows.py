"""Runs of threads in the tables: in order, refused where asked, and taken over from a process that is gone."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import update

from pipewise.errors import Conflict, NotFound
from pipewise.storage import thread_runs as runs
from pipewise.storage import threads
from pipewise.storage.lanes import DatabaseSeconds
from pipewise.storage.tables_threads import thread_runs
from pipewise.storage.thread_runs import ThreadRun
from pipewise.storage.threads import Thread
from pipewise.storage.types import new_id, thread_id_of
from tests.integration.core.harness import Core


async def make_thread(core: Core, **metadata: Any) -> Thread:
    now, thread_id = core.clock.now(), new_id()
    async with core.database.write() as connection:
        assert await threads.create(connection, core.account_id, thread_id, metadata, now)
        assert not await threads.create(connection, core.account_id, thread_id, metadata, now)
        return await threads.get(connection, core.account_id, thread_id)


async def add(core: Core, thread: Thread, holder: str = "a", strategy: str = "enqueue") -> ThreadRun:
    async with core.database.write() as connection:
        return await runs.add(
            connection,
            thread,
            new_id(),
            {"input": {"event": {}}},
            strategy=strategy,
            metadata={},
            asked_by="ada@example.com",
            holder=holder,
            now=core.clock.now(),
        )


async def finish(core: Core, run: ThreadRun, holder: str = "a") -> bool:
    async with core.database.write() as connection:
        return await runs.finish(connection, run, holder, "success", core.clock.now())


async def waits(core: Core, run: ThreadRun) -> bool:
    async with core.database.read() as connection:
        return await runs.must_wait(connection, run)


async def test_runs_made_at_once_have_an_order(core: Core) -> None:
    thread = await make_thread(core)
    made = await asyncio.gather(*(add(core, thread) for _ in range(10)))
    assert sorted(run.number for run in made) == list(range(1, 11))
    first, second, *_ = sorted(made, key=lambda run: run.number)
    assert (await waits(core, first), await waits(core, second)) == (False, True)
    assert await finish(core, first)
    assert not await finish(core, first), "once"
    assert not await waits(core, second)


async def test_who_will_not_wait_is_refused_and_leaves_nothing(core: Core) -> None:
    thread = await make_thread(core)
    first = await add(core, thread, strategy="reject")
    with pytest.raises(Conflict):
        await add(core, thread, strategy="reject")
    await finish(core, first)
    async with core.database.read() as connection:
        assert len(await runs.list_runs(connection, thread, limit=10, offset=0, status=None)) == 1
        assert (await threads.get(connection, core.account_id, thread.thread_id)).status == "idle"
    await add(core, thread, strategy="reject")


async def test_only_what_is_not_held_any_more_is_taken_over(core: Core) -> None:
    thread = await make_thread(core)
    gone, alive = await add(core, thread, "gone"), await add(core, thread, "alive")
    async with core.database.write() as connection:
        assert await runs.adopt(connection, "new", whole=False) == []
        expired = update(thread_runs).values(held_until=DatabaseSeconds() - 1)
        await connection.execute(expired)
        await runs.hold(connection, "alive")
        (adopted,) = await runs.adopt(connection, "new", whole=False)
    assert (adopted.run_id, adopted.asked) == (gone.run_id, {"input": {"event": {}}})
    assert not await finish(core, gone, "gone"), "who lost it cannot end it"
    assert await finish(core, gone, "new")
    async with core.database.write() as connection:
        assert [run.run_id for run in await runs.adopt(connection, "another", whole=True)] == [alive.run_id]


async def test_a_run_that_is_pushed_aside_is_held_until_its_process_has_let_go(core: Core) -> None:
    thread, other = await make_thread(core), await make_thread(core)
    first, second, elsewhere = await add(core, thread, "a"), await add(core, thread, "b"), await add(core, other, "a")
    newest = await add(core, thread, "b", strategy="interrupt")
    async with core.database.write() as connection:
        aside = await runs.push_aside(connection, newest, core.clock.now())
        assert [(run.run_id, run.status, run.holder) for run in aside] == [
            (first.run_id, "pending", "a"),
            (second.run_id, "pending", "b"),
        ]
    assert not await finish(core, first, "a"), "what it comes to is not kept"
    assert await finish(core, elsewhere, "a"), "another thread's runs go on"
    assert not await waits(core, newest)
    async with core.database.write() as connection:
        assert await runs.list_stopped(connection, "a") == [first.run_id]
        assert await runs.is_held(connection, first, "b")
        assert not await runs.is_held(connection, second, "b"), "its own"
        await runs.let_go(connection, first, "b")
        assert await runs.is_held(connection, first, "b"), "nobody else lets go of it"
        await runs.let_go(connection, first, "a")
        assert not await runs.is_held(connection, first, "b")
        assert await runs.list_stopped(connection, "a") == []
        await connection.execute(update(thread_runs).values(holder="gone", held_until=DatabaseSeconds() - 1))
        assert not await runs.is_held(connection, second, "b"), "a process that is gone holds nothing"


async def test_a_cancelled_run_does_not_begin(core: Core) -> None:
    thread = await make_thread(core)
    run = await add(core, thread)
    async with core.database.write() as connection:
        assert await runs.cancel(connection, run, core.clock.now())
        assert not await runs.cancel(connection, run, core.clock.now())
        assert not await runs.begin(connection, run, "a", "nobody", core.clock.now())


async def test_a_leads_conversation_needs_no_making(core: Core) -> None:
    lead_id = await core.hear("hi")
    async with core.database.read() as connection:
        found = await threads.get(connection, core.account_id, thread_id_of(core.account_id, lead_id))
        assert (found.lead_id, found.place) == (lead_id, found.thread_id)
        with pytest.raises(NotFound):
            await threads.get(connection, new_id(), found.thread_id)


async def test_a_busy_thread_is_found_as_busy(core: Core) -> None:
    thread = await make_thread(core, kind="a", size=3, done=True)
    await add(core, thread)
    async with core.database.read() as connection:
        for metadata, status, count in (
            ({"kind": "a", "size": 3, "done": True}, "busy", 1),
            ({"kind": "a"}, "idle", 0),
            ({"kind": "b"}, None, 0),
            ({"size": 4}, None, 0),
            ({"done": False}, None, 0),
            ({"kind": ["a"]}, None, 0),
        ):
            wanted = threads.Search(metadata, status=status)
            assert await threads.count(connection, core.account_id, wanted) == count, metadata
            assert len(await threads.search(connection, core.account_id, wanted)) == count
