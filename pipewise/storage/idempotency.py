"""Requests that may come twice: the first one's answer is kept under the caller's key, for a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.storage.conflict import insert_unless_there
from pipewise.storage.tables import idempotency_keys

KEPT = timedelta(days=1)
ACTED = -1  # in the place of a status code: the act is done, and nobody knows its answer yet


@dataclass(frozen=True)
class Reserved:
    """`is_mine`: this request is the first with its key. `answer` and `sealed` are None while the first one is under way."""

    is_mine: bool
    request_digest: str
    answer: Mapping[str, Any] | None
    created_at: datetime
    status_code: int | None = None
    row_id: str | None = None
    sealed: bytes | None = None

    @property
    def is_answered(self) -> bool:
        return self.answer is not None or self.sealed is not None

    @property
    def has_acted(self) -> bool:
        """The act is done, its answer is not there."""
        return self.status_code == ACTED


async def reserve(
    connection: AsyncConnection, account_id: str, key: str, request_digest: str, now: datetime
) -> Reserved:
    await connection.execute(
        delete(idempotency_keys).where(*_mine(account_id, key), idempotency_keys.c.created_at <= now - KEPT)
    )
    row = {"account_id": account_id, "key": key, "request_digest": request_digest, "created_at": now}
    while not await insert_unless_there(connection, idempotency_keys, row):
        found = await find(connection, account_id, key)
        if found is not None:  # else the first one failed just now, and its row is gone
            return found
    return Reserved(is_mine=True, request_digest=request_digest, answer=None, created_at=now)


async def find(connection: AsyncConnection, account_id: str, key: str) -> Reserved | None:
    row = (await connection.execute(select(idempotency_keys).where(*_mine(account_id, key)))).first()
    return _read(row) if row else None


async def take_over(connection: AsyncConnection, account_id: str, key: str, former: Reserved, now: datetime) -> bool:
    """One of those that repeat a request whose process ended does it again. False for the others."""
    abandoned = (idempotency_keys.c.created_at == former.created_at, idempotency_keys.c.status_code.is_(None))
    statement = update(idempotency_keys).where(*_mine(account_id, key), *abandoned).values(created_at=now)
    return bool((await connection.execute(statement)).rowcount)


async def note_act(connection: AsyncConnection, account_id: str, key: str) -> None:
    """In the transaction of the act: from its commit on it is not done again, whether or not its answer is kept."""
    under_way = (*_mine(account_id, key), idempotency_keys.c.status_code.is_(None))
    await connection.execute(update(idempotency_keys).where(*under_way).values(status_code=ACTED))


async def keep_answer(
    connection: AsyncConnection, account_id: str, key: str, status_code: int, answer: Mapping[str, Any]
) -> None:
    await _keep(connection, account_id, key, {"status_code": status_code, "answer": dict(answer)})


async def keep_sealed(
    connection: AsyncConnection, account_id: str, key: str, status_code: int, row_id: str, sealed: bytes
) -> None:
    """An answer that holds a secret, bound to `row_id`."""
    await _keep(connection, account_id, key, {"status_code": status_code, "id": row_id, "sealed": sealed})


async def keep_error(
    connection: AsyncConnection, account_id: str, key: str, status_code: int, answer: Mapping[str, Any]
) -> None:
    """An act was done, and what it came to is told by an error. Nothing for a request that did nothing."""
    acted = (*_mine(account_id, key), idempotency_keys.c.status_code == ACTED)
    values = {"status_code": status_code, "answer": dict(answer)}
    await connection.execute(update(idempotency_keys).where(*acted).values(**values))


async def forget(connection: AsyncConnection, account_id: str, key: str) -> None:
    """The request failed and had no effect: the same key may be used again. What was done stays."""
    statement = delete(idempotency_keys).where(*_mine(account_id, key), idempotency_keys.c.status_code.is_(None))
    await connection.execute(statement)


async def forget_expired(connection: AsyncConnection, now: datetime) -> int:
    """Of every account. How many rows went."""
    over = idempotency_keys.c.created_at <= now - KEPT
    return int((await connection.execute(delete(idempotency_keys).where(over))).rowcount)


async def _keep(connection: AsyncConnection, account_id: str, key: str, values: Mapping[str, Any]) -> None:
    await connection.execute(update(idempotency_keys).where(*_mine(account_id, key)).values(**values))


def _read(row: Row[Any]) -> Reserved:
    return Reserved(False, row.request_digest, row.answer, row.created_at, row.status_code, row.id, row.sealed)


def _mine(account_id: str, key: str) -> tuple[Any, ...]:
    return (idempotency_keys.c.account_id == account_id, idempotency_keys.c.key == key)
