"""The rows under the sealed checkpoints, where LangGraph's savers have no word for it: pruning, and sealing anew."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

from graph.sealed_saver import SEALED, checkpoint_place, write_place
from pipewise.vault import Place

MOST_KEPT = 5  # checkpoints of a thread that may lie about: to remove the past costs a commit of its own
Key = tuple[Any, ...]

CHECKPOINT_KEY = ("thread_id", "checkpoint_ns", "checkpoint_id")
WRITE_KEY = (*CHECKPOINT_KEY, "task_id", "idx")


@dataclass(frozen=True)
class SealedRow:
    """`envelope` is None where the row is not sealed."""

    key: Key
    place: Place
    envelope: bytes | None


@dataclass(frozen=True)
class RowKind:
    """A table of envelopes as one dialect has it."""

    title: str
    table: str
    key: tuple[str, ...]
    value: str
    prefix: str  # SQL for the first nine bytes, which name the key

    def place(self, row: Sequence[Any]) -> Place:
        """Of a row as selected: the key, then the channel of a write."""
        thread_id, namespace, checkpoint_id = row[:3]
        if self.key is CHECKPOINT_KEY:
            return checkpoint_place(thread_id, namespace, checkpoint_id)
        return write_place(thread_id, namespace, checkpoint_id, row[3], row[5])

    @property
    def columns(self) -> str:
        return ", ".join((*self.key, "''" if self.key is CHECKPOINT_KEY else "channel"))


class CheckpointRows(Protocol):
    kinds: tuple[RowKind, ...]

    async def prune(self, thread_id: str, pointer: str, before: str) -> None:
        """Leave the checkpoint that is pointed at; remove what else was written before a point in time, given as an id."""

    async def drop_after(self, thread_id: str, after: str) -> None:
        """Remove what was written after a point in time, given as an id."""

    async def read_after(self, kind: RowKind, key: Key | None, limit: int) -> list[SealedRow]:
        """In the order of the key."""

    async def replace(self, kind: RowKind, rows: Sequence[tuple[SealedRow, bytes]]) -> None:
        """Put new envelopes where the old ones still stand, all in one transaction."""

    async def has_other(self, kind: RowKind, prefix: bytes) -> bool:
        """Whether an envelope begins with anything else."""


# The names in these statements are constants of the savers' schemas.
# ruff: noqa: S608


class SqliteRows:
    kinds: tuple[RowKind, ...] = (
        RowKind("checkpoints", "checkpoints", CHECKPOINT_KEY, "checkpoint", "substr(checkpoint, 1, 9)"),
        RowKind("checkpoint writes", "writes", WRITE_KEY, "value", "substr(value, 1, 9)"),
    )
    _COUNT = (
        "SELECT coalesce(sum(checkpoint_id > :pointer AND checkpoint_id < :before), 0), count(*), "
        "EXISTS (SELECT 1 FROM writes WHERE thread_id = :thread) FROM checkpoints WHERE thread_id = :thread"
    )
    _PAST = "thread_id = :thread AND checkpoint_id < :before"
    _OTHERS = f"{_PAST} AND (checkpoint_ns != '' OR checkpoint_id != :pointer)"

    def __init__(self, saver: AsyncSqliteSaver) -> None:
        self._saver = saver

    async def prune(self, thread_id: str, pointer: str, before: str) -> None:
        given = {"thread": thread_id, "pointer": pointer, "before": before}
        async with self._saver.lock:
            counted = await self._saver.conn.execute(self._COUNT, given)
            newer, in_all, torn = await counted.fetchone() or (0, 0, 0)
            if not newer and not torn and in_all <= MOST_KEPT:
                return
            await self._saver.conn.execute(f"DELETE FROM checkpoints WHERE {self._OTHERS}", given)
            # A turn that was committed left none: these are of torn ones.
            await self._saver.conn.execute(f"DELETE FROM writes WHERE {self._PAST}", given)
            await self._saver.conn.commit()

    async def drop_after(self, thread_id: str, after: str) -> None:
        async with self._saver.lock:
            for table in ("checkpoints", "writes"):
                await self._saver.conn.execute(
                    f"DELETE FROM {table} WHERE thread_id = ? AND checkpoint_id > ?", (thread_id, after)
                )
            await self._saver.conn.commit()

    async def read_after(self, kind: RowKind, key: Key | None, limit: int) -> list[SealedRow]:
        keys = ", ".join(kind.key)
        after = f"WHERE ({keys}) > ({', '.join('?' * len(kind.key))})" if key else ""
        statement = f"SELECT {kind.columns}, type, {kind.value} FROM {kind.table} {after} ORDER BY {keys} LIMIT ?"
        async with self._saver.lock:
            found = await self._saver.conn.execute(statement, (*(key or ()), limit))
            rows = await found.fetchall()
        width = len(kind.key)
        return [
            SealedRow(
                tuple(row[:width]), kind.place(row), row[-1] if row[-2] == SEALED and type(row[-1]) is bytes else None
            )
            for row in rows
        ]

    async def replace(self, kind: RowKind, rows: Sequence[tuple[SealedRow, bytes]]) -> None:
        same = " AND ".join(f"{name} = ?" for name in (*kind.key, kind.value))
        async with self._saver.lock:
            await self._saver.conn.executemany(
                f"UPDATE {kind.table} SET {kind.value} = ? WHERE {same}",
                [(fresh, *row.key, row.envelope) for row, fresh in rows],
            )
            await self._saver.conn.commit()

    async def has_other(self, kind: RowKind, prefix: bytes) -> bool:
        statement = f"SELECT 1 FROM {kind.table} WHERE type IS NOT ? OR {kind.prefix} IS NOT ? LIMIT 1"
        async with self._saver.lock:
            found = await self._saver.conn.execute(statement, (SEALED, prefix))
            return await found.fetchone() is not None
