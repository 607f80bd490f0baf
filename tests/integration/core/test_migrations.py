"""The schema comes to head once, never goes back, and is what the tables say."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from pipewise.errors import SettingsError
from pipewise.settings import load_settings
from pipewise.storage.database import open_database, open_plain_engine
from pipewise.storage.migrate import current_revision, ensure_schema, head_revision
from pipewise.storage.tables import metadata

ROOT = Path(__file__).parents[3]
STARTER = """
import asyncio, sys
from pipewise.storage.sqlite import install_sound_sqlite
install_sound_sqlite()
from pipewise.storage.database import open_database
from pipewise.storage.migrate import ensure_schema
async def main():
    database = open_database(sys.argv[1])
    print(await ensure_schema(database))
    await database.close()
asyncio.run(main())
"""


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    return not (kind == "table" and str(name).startswith("procrastinate_"))


def differences(connection: Connection) -> list[object]:
    options = {"compare_type": True, "compare_server_default": True, "include_name": is_ours}
    context = MigrationContext.configure(connection, opts=options)
    return list(compare_metadata(context, metadata))


async def test_the_revisions_make_exactly_the_tables(database_url: str) -> None:
    database = open_database(database_url)
    assert await current_revision(database) is None
    assert await ensure_schema(database)
    assert await current_revision(database) == head_revision()
    async with database.read() as connection:
        assert await connection.run_sync(differences) == []
    assert not await ensure_schema(database)
    await database.close()


async def test_the_own_key_of_events_bites_where_there_is_no_integration(ready_url: str) -> None:
    """Autogeneration does not compare the condition of a partial index."""
    database = open_database(ready_url)
    async with database.read() as connection:
        found = await connection.run_sync(lambda sync: inspect(sync).get_indexes("events"))
    (own,) = [index for index in found if index["name"] == "uq_events_own_dedupe_key"]
    condition = own["dialect_options"][f"{database.dialect}_where"]
    assert "integration_id IS NULL" in str(condition)
    assert own["unique"]
    await database.close()


def test_starters_at_once_migrate_once(database_url: str) -> None:
    starters = [
        subprocess.Popen(
            [sys.executable, "-c", STARTER, database_url], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for _ in range(4)
    ]
    ends = [starter.communicate(timeout=60) for starter in starters]
    assert [starter.returncode for starter in starters] == [0] * 4, ends
    assert sorted(out.decode().strip() for out, _ in ends) == ["False", "False", "False", "True"]


async def test_a_newer_schema_is_refused_in_one_clear_line(ready_url: str) -> None:
    database = open_database(ready_url)
    async with database.write() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SettingsError, match=r"schema 9999, which is newer than this PipeWise knows \(\d+\)"):
        await ensure_schema(database)
    await database.close()


async def test_where_migrating_is_not_allowed_the_command_is_named(database_url: str) -> None:
    database = open_database(database_url)
    with pytest.raises(SettingsError, match="pipewise migrate"):
        await ensure_schema(database, may_migrate=False)
    assert await current_revision(database) is None
    await ensure_schema(database)
    assert not await ensure_schema(database, may_migrate=False)
    await database.close()


async def test_a_migration_that_fails_leaves_nothing_behind(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    database = open_database(database_url)

    def break_off(*_: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr("alembic.runtime.migration.HeadMaintainer.update_to_step", break_off)
    with pytest.raises(RuntimeError, match="power cut"):
        await ensure_schema(database)
    monkeypatch.undo()
    engine = open_plain_engine(database_url)
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    engine.dispose()
    assert await ensure_schema(database)
    await database.close()


def test_a_copy_of_the_settings_needs_no_schema(tmp_path: Path) -> None:
    """The default file is in the data folder, and opening makes no connection."""
    settings = load_settings(data_dir=tmp_path / "data")
    database = open_database(settings.sqlalchemy_url)
    assert list((tmp_path / "data").iterdir()) == []
    asyncio.run(database.close())
