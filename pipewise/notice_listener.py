"""Hears what other processes tell through PostgreSQL, for as long as this one lives."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import psycopg
from psycopg import sql

from pipewise.storage.database_roles import take_role

log = logging.getLogger(__name__)
ALIVE_SECONDS = 5.0
ANSWER_SECONDS = 5.0
RECONNECT_SECONDS = 0.5

Handlers = Mapping[str, Callable[[str], None]]
"""By channel, given what was told with it."""


class NoticeListener:
    """`on_gap` is called whenever it begins to hear: what was told before is lost."""

    def __init__(self, dsn: str, handlers: Handlers, on_gap: Callable[[], None]) -> None:
        self._dsn = dsn
        self._handlers = handlers
        self._on_gap = on_gap
        self.hears = asyncio.Event()

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            try:
                await self._listen()
            except (psycopg.Error, TimeoutError, OSError) as error:
                log.warning("notices are not heard for a moment: %s", type(error).__name__)
            self.hears.clear()
            await asyncio.sleep(RECONNECT_SECONDS)

    async def _listen(self) -> None:
        async with asyncio.timeout(ANSWER_SECONDS):
            connection: psycopg.AsyncConnection[Any] = await psycopg.AsyncConnection.connect(self._dsn, autocommit=True)
        async with connection:
            await take_role(connection)
            for channel in self._handlers:
                await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
            self._on_gap()
            self.hears.set()
            while True:
                async for notice in connection.notifies(timeout=ALIVE_SECONDS):
                    self._handlers[notice.channel](notice.payload)
                # A server that vanished without a word is noticed by this alone.
                async with asyncio.timeout(ANSWER_SECONDS):
                    await connection.execute("SELECT 1")


@asynccontextmanager
async def listening(dsn: str, handlers: Handlers, on_gap: Callable[[], None]) -> AsyncIterator[NoticeListener]:
    """Heard from here on, once the database answers."""
    listener = NoticeListener(dsn, handlers, on_gap)
    task = asyncio.create_task(listener.run(), name="notices")
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            await listener.hears.wait()
        yield listener
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
