"""Which keyed request is under way in this task, so that its act and the note that it is done are one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.storage import idempotency

_under_way: ContextVar["Keyed | None"] = ContextVar("keyed_request", default=None)


@dataclass(frozen=True)
class Keyed:
    """A request with an Idempotency-Key, by the name under which it is reserved."""

    account_id: str
    key: str


@contextmanager
def under_way(keyed: Keyed) -> Iterator[None]:
    former = _under_way.set(keyed)
    try:
        yield
    finally:
        _under_way.reset(former)


async def note_act(connection: AsyncConnection, account_id: str) -> None:
    """Called in the transaction of an act; nothing without a keyed request."""
    keyed = _under_way.get()
    if keyed and keyed.account_id == account_id:
        await idempotency.note_act(connection, keyed.account_id, keyed.key)
