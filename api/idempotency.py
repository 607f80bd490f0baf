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
LONGEST_NAME = 255
KEY_FORM = r"^[\x21-\x7e]+$"
LONGEST_KEY = 200

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=LONGEST_KEY,
        pattern=KEY_FORM,
        description="Any text of yours: the same request with the same key has one effect and one answer, for a day.",
    ),
]


class OnceOnly:
    """One keyed request of an account. `route` keeps the keys of different routes apart."""

    def __init__(self, services: Services, account_id: str, route: str, key: str, body: Any) -> None:
        self._services = services
        self._account_id = account_id
        self._key = name_of(route, key)
        self._digest = digest_of([route, body])

    async def run(self, work: Callable[[], Awaitable[dict[str, Any]]]) -> tuple[Mapping[str, Any], bool]:
        """What `work` answered, now or at the first time, and whether this was the first time.

        `work` must be safe to repeat: it runs again if the process ended before its answer was kept."""
        reserved = await reserve(self._services, self._account_id, self._key, self._digest, abandoned_after=WAIT)
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


async def reserve(
    services: Services, account_id: str, key: str, digest: str, *, abandoned_after: timedelta
) -> Reserved:
    """This request's own reservation, or the first one's once it is answered, or too old to be still under way. Raises
    InvalidInput for a key of another request, Conflict while the first one is under way."""
    clock, database = services.resources.clock, services.resources.database
    deadline = clock.monotonic() + WAIT.total_seconds()
    reserved = await database.transact(lambda c: rows.reserve(c, account_id, key, digest, clock.now()))
    while True:
        if reserved.request_digest != digest:
            problem = {"field": "Idempotency-Key", "problem": "was used for another request"}
            raise InvalidInput("This key belongs to another request; use a new one.", details=(problem,))
        if reserved.is_mine or reserved.is_answered or clock.now() - reserved.created_at > abandoned_after:
            return reserved
        if clock.monotonic() > deadline:
            raise Conflict("The first request with this key is still under way.", code="under_way", retry_after=5)
        await asyncio.sleep(LOOK_SECONDS)
        found: Reserved | None = await database.ask(lambda c: rows.find(c, account_id, key))
        if found is None:  # it failed meanwhile, and had no effect: whoever comes first does it
            found = await database.transact(lambda c: rows.reserve(c, account_id, key, digest, clock.now()))
        reserved = found


def name_of(route: str, key: str) -> str:
    """What a key is stored under; a long one by its digest."""
    name = f"{route} {key}"
    return name if len(name) <= LONGEST_NAME else f"{route} {digest_of(key)}"


def digest_of(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
