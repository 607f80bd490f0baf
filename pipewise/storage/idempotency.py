"""Requests that may come twice: the first one's answer is kept under the caller's key."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.storage.conflict import insert_unless_there
from pipewise.storage.tables import idempotency_keys


@dataclass(frozen=True)
class Reserved:
    """`is_mine`: this request is the first with its key. `answer` is None while the first one is under way."""

    is_mine: bool
    request_digest: str
    answer: Mapping[str, Any] | None
    created_at: datetime


async def reserve(
    connection: AsyncConnection, account_id: str, key: str, request_digest: str, now: datetime
) -> Reserved:
    row = {"account_id": account_id, "key": key, "request_digest": request_digest, "created_at": now}
    if await insert_unless_there(connection, idempotency_keys, row):
        return Reserved(is_mine=True, request_digest=request_digest, answer=None, created_at=now)
    found = (await connection.execute(select(idempotency_keys).where(*_mine(account_id, key)))).one()
    return Reserved(False, found.request_digest, found.answer, found.created_at)


async def keep_answer(
    connection: AsyncConnection, account_id: str, key: str, status_code: int, answer: Mapping[str, Any]
) -> None:
    await connection.execute(
        update(idempotency_keys).where(*_mine(account_id, key)).values(status_code=status_code, answer=dict(answer))
    )


async def forget(connection: AsyncConnection, account_id: str, key: str) -> None:
    """The request failed and had no effect: the same key may be used again."""
    await connection.execute(idempotency_keys.delete().where(*_mine(account_id, key)))


def _mine(account_id: str, key: str) -> tuple[Any, ...]:
    return (idempotency_keys.c.account_id == account_id, idempotency_keys.c.key == key)
