"""Idempotency-Key: the same request twice has one effect and one answer; the same key for another request is refused."""

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Annotated, Any

from fastapi import Header

from api.dependencies import Services
from pipewise.errors import Conflict, InvalidInput, PipewiseError
from pipewise.storage import idempotency as rows
from pipewise.storage.idempotency import Reserved

WAIT = timedelta(seconds=10)
LOOK_SECONDS = 0.05

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        description="Any text of yours",
    ),
]


class OnceOnly:
    """One keyed request of an account. `route` keeps the keys of different routes apart."""

    def __init__(self, services: Services, account_id: str, route: str, key: str, body: Any) -> None:
        self._services = services
        self._account_id = account_id
        self._key = f"{route} {key}"
        self._digest = hashlib.sha256(json.dumps([route, body], sort_keys=True).encode()).hexdigest()

    async def run(self, work: Callable[[], Awaitable[dict[str, Any]]]) -> tuple[Mapping[str, Any], bool]:
        """What `work` answered, now or at the first time, and whether this was the first time.

        `work` must be safe to repeat: it runs again if the process ended before its answer was kept."""
        reserved = await self._reserve()
        if reserved.request_digest != self._digest:
            problem = {"field": "Idempotency-Key", "problem": "was used for another request"}
            raise InvalidInput("This key belongs to another request; use a new one.", details=(problem,))
        if reserved.answer is not None:
            return reserved.answer, False
        try:
            answer = await work()
        except PipewiseError:
            async with self._services.resources.database.write() as connection:
                await rows.forget(connection, self._account_id, self._key)
            raise
        async with self._services.resources.database.write() as connection:
            await rows.keep_answer(connection, self._account_id, self._key, 200, answer)
        return answer, reserved.is_mine

    async def _reserve(self) -> Reserved:
        """This request's own reservation, or the first one's once it is answered, or too old to be still under way."""
        clock, database = self._services.resources.clock, self._services.resources.database
        deadline = clock.monotonic() + WAIT.total_seconds()
        while True:
            async with database.write() as connection:
                reserved = await rows.reserve(connection, self._account_id, self._key, self._digest, clock.now())
            if reserved.is_mine or reserved.answer is not None or reserved.request_digest != self._digest:
                return reserved
            if clock.now() - reserved.created_at > WAIT:
                return reserved
            if clock.monotonic() > deadline:
                raise Conflict("The first request with this key is still under way.", code="under_way", retry_after=5)
            await asyncio.sleep(LOOK_SECONDS)
