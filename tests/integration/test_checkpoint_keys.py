"""Checkpoints and pending writes move under the newest master key, resumably; older keys are forgotten only afterwards."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from sqlalchemy import select

from graph import key_rotation as rotation_of_checkpoints
from graph.checkpoint_rows import RowKind, SealedRow
from graph.checkpoints import Checkpoints
from graph.key_rotation import SealedCheckpoints
from graph.sealed_saver import CheckpointRefused
from pipewise.errors import SettingsError
from pipewise.key_rotation import rotate_keys
from pipewise.settings import Settings
from pipewise.storage import key_checks
from pipewise.storage.database import Database, open_database
from pipewise.storage.migrate import ensure_schema
from pipewise.storage.tables import key_checks as key_check_table
from pipewise.vault import Vault
from tests.fakes import NOON
from tests.integration.checkpointing import Intruder, log_of, opened, small_graph, take_turn

OLD, NEW = "old master key", "new master key"
BOTH = Vault([NEW, OLD])
THREADS = [f"5b3f6c1e-0000-5000-8000-00000000000{number}" for number in range(5)]


@pytest.fixture
async def database(tmp_path: Any) -> AsyncIterator[Database]:
    """The other secrets' tables; which kind of database makes no difference here."""
    found = open_database(f"sqlite+aiosqlite:///{tmp_path / 'tables.db'}")
    await ensure_schema(found)
    async with found.write() as connection:
        await key_checks.verify_key(connection, Vault([OLD]), NOON)
        await key_checks.verify_key(connection, BOTH, NOON)
    yield found
    await found.close()


async def fill(settings: Settings) -> dict[str, str]:
    """Every thread with a checkpoint and two pending writes under the old key; the pointers."""
    pointers = {}
    async with opened(settings, OLD) as checkpoints:
        for thread in THREADS:
            pointers[thread] = await take_turn(small_graph(checkpoints), checkpoints, None, thread, text=thread)
            at = {"configurable": {"thread_id": thread, "checkpoint_ns": "", "checkpoint_id": pointers[thread]}}
            await checkpoints.saver.aput_writes(at, [("text", "x"), ("score", 1)], "task")
    return pointers


async def read_all(checkpoints: Checkpoints, pointers: dict[str, str]) -> None:
    for thread, pointer in pointers.items():
        assert await log_of(small_graph(checkpoints), pointer, thread) == [thread]
        saved = await checkpoints.saver.aget_tuple({"configurable": {"thread_id": thread}})
        assert saved
        assert saved.pending_writes == [("task", "text", "x"), ("task", "score", 1)]


async def key_ids(database: Database) -> set[str]:
    async with database.read() as connection:
        return {row.key_id for row in await connection.execute(select(key_check_table))}


async def test_everything_is_read_with_the_new_key_alone(checkpoint_settings: Settings, database: Database) -> None:
    pointers = await fill(checkpoint_settings)
    async with opened(checkpoint_settings, NEW, OLD) as checkpoints:
        rotation = await rotate_keys(database, BOTH, [SealedCheckpoints(checkpoints.rows)])
    assert (rotation.resealed["checkpoints"], rotation.resealed["checkpoint writes"]) == (5, 10)
    assert rotation.complete
    assert await key_ids(database) == {BOTH.newest_key_id}
    async with opened(checkpoint_settings, NEW) as checkpoints:
        await read_all(checkpoints, pointers)
        again = await rotate_keys(database, Vault([NEW]), [SealedCheckpoints(checkpoints.rows)])
    assert (again.current["checkpoints"], again.current["checkpoint writes"]) == (5, 10)
    async with opened(checkpoint_settings, OLD) as checkpoints:
        with pytest.raises(CheckpointRefused):
            await log_of(small_graph(checkpoints), pointers[THREADS[0]], THREADS[0])
    async with database.write() as connection:
        with pytest.raises(SettingsError):
            await key_checks.verify_key(connection, Vault([OLD]), NOON)


async def test_an_interrupted_rotation_goes_on_and_keeps_the_old_key(
    checkpoint_settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation_of_checkpoints, "BATCH", 2)
    pointers = await fill(checkpoint_settings)
    async with opened(checkpoint_settings, NEW, OLD) as checkpoints:
        with pytest.raises(KeyboardInterrupt):
            await rotate_keys(database, BOTH, [SealedCheckpoints(Interrupted(checkpoints, batches=2))])
        assert len(await key_ids(database)) == 2
        await read_all(checkpoints, pointers)
        resumed = await rotate_keys(database, BOTH, [SealedCheckpoints(checkpoints.rows)])
    assert (resumed.current["checkpoints"], resumed.resealed["checkpoints"]) == (4, 1)
    assert await key_ids(database) == {BOTH.newest_key_id}
    async with opened(checkpoint_settings, NEW) as checkpoints:
        await read_all(checkpoints, pointers)


async def test_what_does_not_open_is_named_and_keeps_the_old_key(
    checkpoint_settings: Settings, database: Database
) -> None:
    pointers = await fill(checkpoint_settings)
    first, second = (pointers[thread] for thread in THREADS[:2])
    await Intruder(checkpoint_settings).copy_checkpoint(first, second, THREADS[1])
    async with opened(checkpoint_settings, NEW, OLD) as checkpoints:
        rotation = await rotate_keys(database, BOTH, [SealedCheckpoints(checkpoints.rows)])
    assert [line.split(":")[0] for line in rotation.unreadable] == [f"checkpoints {THREADS[1]}  {second}"]
    assert rotation.resealed["checkpoints"] == 4
    assert len(await key_ids(database)) == 2


class Interrupted:
    """Rows of which some batches can be replaced, then the power fails."""

    def __init__(self, checkpoints: Checkpoints, batches: int) -> None:
        self.kinds = checkpoints.rows.kinds
        self.prune = checkpoints.rows.prune
        self.read_after = checkpoints.rows.read_after
        self.has_other = checkpoints.rows.has_other
        self._replace = checkpoints.rows.replace
        self._left = batches

    async def replace(self, kind: RowKind, rows: Sequence[tuple[SealedRow, bytes]]) -> None:
        if not self._left:
            raise KeyboardInterrupt
        self._left -= 1
        await self._replace(kind, rows)
