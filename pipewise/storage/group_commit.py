"""Group commit: pieces of work that arrive together share one transaction and one sync of the disk, ahead of other writers."""

import asyncio
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.pool import StaticPool

from pipewise.storage.database import Database, open_plain_engine
from pipewise.storage.plain_work import Work, carry_out

MAX_GROUP = 64


class GroupCommit:
    """`run(work)` returns work's result once it is committed. One piece's failure undoes that piece alone; a failed
    commit fails them all."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._plain: Engine | None = None
        self._waiting: list[tuple[Work, asyncio.Future[Any]]] = []
        self._running: asyncio.Task[None] | None = None

    async def run(self, work: Work) -> Any:
        done: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.append((work, done))
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._drain())
        return await asyncio.shield(done)

    async def close(self) -> None:
        if self._running is not None:
            await self._running
        if self._plain is not None:
            await asyncio.to_thread(self._plain.dispose)

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
        if self._database.dialect == "sqlite":
            # In one hop to a thread, in turn with this process's other writer.
            async with self._database.turn(first=True):
                return await asyncio.to_thread(self._commit_plain, group)
        results: list[Any] = []
        async with self._database.write(first=True) as connection:
            for work, _ in group:
                try:
                    async with connection.begin_nested():
                        results.append(await work(connection))
                except Exception as error:  # noqa: BLE001  belongs to this piece's caller, who gets it
                    results.append(error)
        return results

    def _commit_plain(self, group: list[tuple[Work, asyncio.Future[Any]]]) -> list[Any]:
        if self._plain is None:
            self._plain = open_plain_engine(self._database.url, poolclass=StaticPool)
        results: list[Any] = []
        with self._plain.begin() as connection:
            for work, _ in group:
                try:
                    with connection.begin_nested():
                        results.append(carry_out(work, connection))
                except Exception as error:  # noqa: BLE001  belongs to this piece's caller, who gets it
                    results.append(error)
        return results


def _resolve(done: asyncio.Future[Any], result: Any) -> None:
    if done.done():
        return
    if isinstance(result, Exception):
        done.set_exception(result)
    else:
        done.set_result(result)
