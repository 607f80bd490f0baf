"""Pieces of work that share a transaction share its success, and nothing else."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.storage.database import Database, open_database
from pipewise.storage.group_commit import MAX_GROUP, GroupCommit
from pipewise.storage.tables import accounts
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


async def test_what_arrives_together_is_committed_together(counting: CountingDatabase) -> None:
    commits = GroupCommit(counting)
    results = await asyncio.gather(*(commits.run(store(number)) for number in range(40)))
    assert results == list(range(40))
    assert counting.commits <= 2
    assert await stored(counting) == 40


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


async def test_where_the_database_undoes_the_whole_nobody_is_told_that_it_stands(sqlite_ready: str) -> None:
    """As SQLite does on a full disk, after some pieces of the group were carried out."""
    database = open_database(sqlite_ready)
    commits = GroupCommit(database)

    async def undone(connection: AsyncConnection) -> None:
        await connection.execute(text("ROLLBACK"))

    first = asyncio.create_task(commits.run(store(0)))  # the others come while it is committed, and form a group
    await asyncio.sleep(0)
    results = await asyncio.gather(
        *(commits.run(work) for work in (store(1), undone, store(2))), return_exceptions=True
    )
    assert await first == 0
    assert all(isinstance(result, Exception) for result in results), results
    await database.close()
