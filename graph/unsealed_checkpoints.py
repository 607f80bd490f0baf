"""Checkpoints of a release that did not seal them: taken over once; afterwards whatever is not sealed is refused.

A mark in the file tells that it was done. Who can write the file can take the mark away; therefore what is taken over is read
strictly (one serialization, plain values and LangChain's messages), and never beside rows that are sealed already.
"""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiosqlite
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import Checkpoint, CheckpointMetadata
from langgraph.checkpoint.serde.base import SerializerProtocol

from graph.sealed_saver import SEALED, SealedSaver, clear_part
from pipewise.errors import SettingsError
from pipewise.storage.tenancy import acting_for

SEALED_FILE, CLEAN_FILE = 1, 2  # values of PRAGMA user_version
BATCH = 100
_ROWS = (
    "SELECT thread_id, checkpoint_id, parent_checkpoint_id, type, checkpoint, metadata FROM checkpoints "
    "WHERE checkpoint_ns = '' AND (thread_id, checkpoint_id) > (?, ?) ORDER BY thread_id, checkpoint_id LIMIT ?"
)
_SEAL = (
    "UPDATE checkpoints SET type = ?, checkpoint = ?, metadata = ? "
    "WHERE thread_id = ? AND checkpoint_ns = '' AND checkpoint_id = ?"
)


@dataclass(frozen=True)
class Unsealed:
    thread_id: str
    parent: str | None
    checkpoint: Checkpoint
    metadata: CheckpointMetadata


async def seal_file(connection: aiosqlite.Connection, saver: SealedSaver) -> None:
    """In one transaction, then the free pages are emptied too. Raises SettingsError if the mark was taken away."""
    mark = await _read_mark(connection)
    if mark >= CLEAN_FILE:
        return
    if mark < SEALED_FILE:
        await connection.execute("BEGIN IMMEDIATE")
        await _refuse_sealed_rows(connection)
        # Writes are of torn turns, and other namespaces of steps that ended: neither is read again.
        await connection.execute("DELETE FROM writes")
        await connection.execute("DELETE FROM checkpoints WHERE checkpoint_ns != ''")
        async for row in _read_rows(connection, saver.serde):
            await connection.execute(_SEAL, _sealed(row, saver))
        # What could not be read now could not be read before.
        await connection.execute("DELETE FROM checkpoints WHERE type IS NOT ?", (SEALED,))
        await connection.execute(f"PRAGMA user_version = {SEALED_FILE}")
        await connection.commit()
    await connection.execute("VACUUM")
    await connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    await connection.execute(f"PRAGMA user_version = {CLEAN_FILE}")
    await connection.commit()


async def import_file(path: Path, saver: SealedSaver, owners: Mapping[str, str]) -> None:
    """Take over a file that stood beside tables in PostgreSQL, and remove it: it tells in clear what leads wrote. `owners`:
    accounts by thread; a thread of nobody is not kept."""
    async with aiosqlite.connect(path) as connection:
        if await _read_mark(connection) < SEALED_FILE and await _has_tables(connection):
            async for row in _read_rows(connection, saver.serde):
                config: RunnableConfig = {"configurable": {"thread_id": row.thread_id, "checkpoint_ns": ""}}
                if row.thread_id not in owners:
                    continue
                if row.parent:
                    config["configurable"]["checkpoint_id"] = row.parent
                with acting_for(owners[row.thread_id]):
                    await saver.aput(config, row.checkpoint, row.metadata, {})
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


async def _read_rows(connection: aiosqlite.Connection, serde: SerializerProtocol) -> AsyncIterator[Unsealed]:
    last: tuple[str, str] | None = ("", "")
    while last is not None:
        rows = list(await connection.execute_fetchall(_ROWS, (*last, BATCH)))
        for row in rows:
            try:
                yield _read(row, serde)
            except (AttributeError, KeyError, TypeError, ValueError):
                continue
        last = (rows[-1][0], rows[-1][1]) if rows else None


def _read(row: Any, serde: SerializerProtocol) -> Unsealed:
    thread_id, checkpoint_id, parent, mark, stored, metadata = row
    if mark != "msgpack":
        raise ValueError(mark)
    checkpoint: Checkpoint = serde.loads_typed((mark, stored))
    checkpoint["id"] = checkpoint_id
    checkpoint["channel_versions"] = _whole(checkpoint["channel_versions"])
    checkpoint["versions_seen"] = {node: _whole(seen) for node, seen in checkpoint["versions_seen"].items()}
    told = json.loads(metadata or b"{}")
    kept = CheckpointMetadata(source=told["source"], step=int(told["step"]), parents={})
    return Unsealed(thread_id, parent, checkpoint, kept)


def _whole(versions: Any) -> dict[str, str | int | float]:
    """Those savers counted in text with a random tail; numbers alone are in the same order."""
    return {channel: int(str(version).split(".")[0]) for channel, version in versions.items()}


def _sealed(row: Unsealed, saver: SealedSaver) -> tuple[Any, ...]:
    envelope = saver.seal_checkpoint(row.thread_id, "", row.parent, row.checkpoint, row.metadata)
    clear = json.dumps(clear_part(row.metadata)).encode()
    return SEALED, envelope, clear, row.thread_id, row.checkpoint["id"]


async def _refuse_sealed_rows(connection: aiosqlite.Connection) -> None:
    rows = await connection.execute_fetchall("SELECT 1 FROM checkpoints WHERE type = ? LIMIT 1", (SEALED,))
    if list(rows):
        await connection.rollback()
        raise SettingsError(
            "The checkpoint file holds sealed rows but no longer its mark: somebody changed it. Restore it from a backup, or "
            "remove it: conversations go on without what they remembered."
        )


async def _read_mark(connection: aiosqlite.Connection) -> int:
    rows = list(await connection.execute_fetchall("PRAGMA user_version"))
    return int(rows[0][0])


async def _has_tables(connection: aiosqlite.Connection) -> bool:
    found = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'checkpoints'"
    return bool(list(await connection.execute_fetchall(found)))
