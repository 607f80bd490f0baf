"""Group commit: pieces of work that arrive together share one transaction and one sync of the disk, ahead of other writers."""

import asyncio
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.storage.database import Database
from pipewise.storage.plain_work import TransactionLostError, Work

MAX_GROUP = 64


class GroupCommit:
    """`run(work)` returns work's result once it is committed. One piece's failure undoes that piece alone; a failed
    commit fails them all.

    On PostgreSQL each piece has a transaction of its own: the server joins their syncs by itself, and a transaction that locked
    the leads of several deliveries would deadlock with workers that hold one of them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[tuple[Work, asyncio.Future[Any]]] = []
        self._running: asyncio.Task[None] | None = None
        self._alone: set[asyncio.Task[Any]] = set()

    async def run(self, work: Work) -> Any:
        if self._database.dialect != "sqlite":
            task = asyncio.create_task(self._database.transact(work))
            self._alone.add(task)
            task.add_done_callback(self._end)
            return await asyncio.shield(task)
        done: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.append((work, done))
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._drain())
        return await asyncio.shield(done)

    def _end(self, task: asyncio.Task[Any]) -> None:
        self._alone.discard(task)
        if not task.cancelled():
            task.exception()  # looked at, also where the caller has left

    async def close(self) -> None:
        if self._running is not None:
            await self._running
        await asyncio.gather(*self._alone, return_exceptions=True)

    async def _drain(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting[:MAX_GROUP], self._waiting[MAX_GROUP:]
            try:
                results = await self._commit(group)
            except Exception as error:  # noqa: BLE001  every waiting caller must be told, whatever went wrong
                results = [error] * len(group)
            for (_, done), result in zip(group, results, strict=True):
                _resolve(done, result)

    async def _commit(self, group: list[tuple[Work, asyncio.Future[Any]]]) -> list[Any]:
        async def carry_out_all(connection: AsyncConnection) -> list[Any]:
            if len(group) == 1:  # its failure is the transaction's: no savepoint is needed
                return [await group[0][0](connection)]
            return [await _try(connection, work) for work, _ in group]

        return await self._database.transact(carry_out_all, first=True)


async def _try(connection: AsyncConnection, work: Work) -> Any:
    try:
        async with connection.begin_nested():
            return await work(connection)
    except TransactionLostError:
        raise  # with it went what the pieces before had done
    except Exception as error:  # noqa: BLE001  belongs to this piece's caller, who gets it
        return error


def _resolve(done: asyncio.Future[Any], result: Any) -> None:
    if done.done():
        return
    if isinstance(result, Exception):
        done.set_exception(result)
    else:
        done.set_result(result)
