"""Pieces of work that share a transaction share its success, and nothing else."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, TypeVar

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.storage.database import Database
from pipewise.storage.group_commit import MAX_GROUP, GroupCommit
from pipewise.storage.plain_work import TransactionLostError
from pipewise.storage.tables import accounts
from pipewise.storage.trouble import is_storage_trouble
from tests.fakes import NOON

T = TypeVar("T")
Work = Callable[[AsyncConnection], Awaitable[Any]]


class CountingDatabase(Database):
    """Counts the transactions of a group commit, and refuses to commit them if told so."""

    def __init__(self, database: Database) -> None:
        super().__init__(database.url, database._pools)
        self.commits = 0
        self.broken: Exception | None = None
        self.open = asyncio.Event()
        self.open.set()

    async def transact(self, work: Callable[[AsyncConnection], Awaitable[T]], *, first: bool = False) -> T:
        async def checked(connection: AsyncConnection) -> T:
            result = await work(connection)
            if self.broken:
                raise self.broken
            return result

        await self.open.wait()
        done = await super().transact(checked, first=first)
        self.commits += 1
        return done


@pytest.fixture
def counting(database: Database) -> CountingDatabase:
    return CountingDatabase(database)


def store(number: int, *, fail: bool = False) -> Work:
    async def work(connection: AsyncConnection) -> int:
        await connection.execute(insert(accounts).values(id=str(number), paused=False, settings={}, created_at=NOON))
        if fail:
            raise ValueError(number)
        return number

    return work


async def stored(database: Database) -> int:
    async with database.read() as connection:
        return int((await connection.execute(select(func.count()).select_from(accounts))).scalar_one())


@pytest.mark.parametrize("ready_url", ["sqlite"], indirect=True)
async def test_what_arrives_together_is_committed_together(counting: CountingDatabase) -> None:
    commits = GroupCommit(counting)
    results = await asyncio.gather(*(commits.run(store(number)) for number in range(40)))
    assert results == list(range(40))
    assert counting.commits <= 2
    assert await stored(counting) == 40


@pytest.mark.parametrize("ready_url", ["sqlite"], indirect=True)
async def test_a_group_has_a_size(counting: CountingDatabase) -> None:
    commits = GroupCommit(counting)
    await asyncio.gather(*(commits.run(store(number)) for number in range(2 * MAX_GROUP + 1)))
    assert counting.commits == 3


async def test_one_failure_undoes_that_piece_alone(counting: CountingDatabase) -> None:
    commits = GroupCommit(counting)
    works = [store(number, fail=number % 3 == 0) for number in range(9)]
    results = await asyncio.gather(*(commits.run(work) for work in works), return_exceptions=True)
    assert [isinstance(result, ValueError) for result in results] == [number % 3 == 0 for number in range(9)]
    assert await stored(counting) == 6


async def test_an_error_of_the_database_undoes_that_piece_alone(counting: CountingDatabase) -> None:
    commits = GroupCommit(counting)

    async def broken(connection: AsyncConnection) -> None:
        await store(1)(connection)
        await connection.execute(text("SELECT no_such_column FROM accounts"))

    results = await asyncio.gather(
        commits.run(store(0)), commits.run(broken), commits.run(store(2)), return_exceptions=True
    )
    assert [isinstance(result, Exception) for result in results] == [False, True, False]
    assert await stored(counting) == 2


async def test_a_failed_commit_fails_everybody(counting: CountingDatabase) -> None:
    commits = GroupCommit(counting)
    counting.broken = OSError("disk full")
    results = await asyncio.gather(*(commits.run(store(number)) for number in range(5)), return_exceptions=True)
    assert [type(result) for result in results] == [OSError] * 5
    counting.broken = None
    assert await stored(counting) == 0
    assert await commits.run(store(9)) == 9
    await commits.close()


async def test_a_caller_that_leaves_does_not_take_its_work_along(counting: CountingDatabase) -> None:
    commits = GroupCommit(counting)
    counting.open.clear()
    caller = asyncio.create_task(commits.run(store(1)))
    await asyncio.sleep(0)
    caller.cancel()
    counting.open.set()
    with pytest.raises(asyncio.CancelledError):
        await caller
    await commits.close()
    assert await stored(counting) == 1


async def test_closing_waits_for_what_was_accepted(counting: CountingDatabase) -> None:
    commits = GroupCommit(counting)
    running = [asyncio.create_task(commits.run(store(number))) for number in range(3)]
    await asyncio.sleep(0)
    await commits.close()
    assert await stored(counting) == 3
    assert await asyncio.gather(*running) == [0, 1, 2]


def fill(number: int) -> Work:
    """More than a database that may not grow can take."""

    async def work(connection: AsyncConnection) -> int:
        row = {"id": str(number), "paused": False, "settings": {"long": "x" * 500_000}, "created_at": NOON}
        await connection.execute(insert(accounts).values(row))
        return number

    return work


async def may_not_grow(database: Database) -> None:
    """For the one connection that writes."""
    async with database.write() as connection:
        pages = (await connection.execute(text("PRAGMA page_count"))).scalar_one()
        await connection.execute(text(f"PRAGMA max_page_count = {pages + 8}"))


@pytest.mark.parametrize("ready_url", ["sqlite"], indirect=True)
async def test_where_sqlite_gives_up_the_whole_transaction_nobody_is_told_of_success(
    counting: CountingDatabase,
) -> None:
    await may_not_grow(counting)
    commits = GroupCommit(counting)
    counting.open.clear()
    waiting = [asyncio.create_task(commits.run(work)) for work in (store(1), store(2), fill(3), store(4))]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    counting.open.set()
    results = await asyncio.gather(*waiting, return_exceptions=True)
    assert [is_storage_trouble(result) for result in results if isinstance(result, Exception)] == [True] * 4
    assert await stored(counting) == 0
    assert await commits.run(store(5)) == 5


@pytest.mark.parametrize("ready_url", ["sqlite"], indirect=True)
async def test_a_transaction_that_sqlite_gave_up_is_not_committed_though_the_error_was_swallowed(
    database: Database,
) -> None:
    await may_not_grow(database)

    async def swallow(connection: AsyncConnection) -> None:
        await store(1)(connection)
        with suppress(DBAPIError):
            await fill(2)(connection)

    with pytest.raises(TransactionLostError):
        await database.transact(swallow)
    assert await stored(database) == 0
