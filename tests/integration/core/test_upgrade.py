"""An installation of a former release keeps its data through an upgrade, whenever the upgrade is broken off."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text

from pipewise import integrations as integration_rules
from pipewise.errors import SettingsError
from pipewise.resources import open_resources
from pipewise.settings import load_settings
from pipewise.storage import accounts, migrate
from pipewise.storage import integrations as integration_rows
from pipewise.storage.database import open_database, open_plain_engine
from pipewise.storage.tables import metadata
from tests.faults_plan import is_long
from tests.integration.command_line import free_port, pipewise, running
from tests.integration.core.upgrading import (
    KEY,
    NEXT,
    RELEASED,
    STEPS,
    Held,
    config_with,
    load_released,
    make_next,
    read_all,
    start,
)

SIGKILLED = -9
VERSION = "alembic_version"


def without_version(held: Held) -> Held:
    return {name: rows for name, rows in held.items() if name != VERSION}


def difference(connection: Connection) -> list[Any]:
    options = {"compare_type": True, "include_name": is_ours}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """The queue's tables are Procrastinate's."""
    return not (kind == "table" and str(name).startswith("procrastinate_"))


async def bring_to_head(url: str) -> bool:
    database = open_database(url)
    try:
        return await migrate.ensure_schema(database)
    finally:
        await database.close()


@pytest.fixture(params=RELEASED)
def released(request: pytest.FixtureRequest, database_url: str) -> Held:
    """What a former release left behind in the database."""
    load_released(database_url, request.param)
    return without_version(read_all(database_url))


def test_every_table_of_the_golden_data_has_rows(released: Held) -> None:
    assert len(released) >= 19
    assert [name for name, (_, rows) in released.items() if not rows] == []


async def test_an_upgrade_keeps_the_data_and_the_secrets(released: Held, database_url: str, tmp_path: Path) -> None:
    settings = load_settings(
        database_url=database_url, data_dir=tmp_path / "data", secret_keys=(KEY,), api_token="pw_" + "t" * 40
    )
    await bring_to_head(database_url)
    assert read_all(database_url, like=released) == released
    async with open_resources(settings) as resources, resources.database.read() as connection:
        assert await migrate.current_revision(resources.database) == migrate.head_revision()
        assert await connection.run_sync(difference) == []
        first = await accounts.first_user(connection)
        assert first is not None
        kept = await integration_rows.list_integrations(connection, first.account_id)
        opened = {
            one.platform: integration_rules.open_credentials(resources.vault, one, one.credentials)
            for one in kept
            if one.credentials
        }
    assert opened["whatsapp"].app_secret.get_secret_value() == "planted-app-secret-0001"  # type: ignore[attr-defined]
    assert set(opened) == {"whatsapp", "calendly", "form"}


@pytest.fixture
def following(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A release with one more revision, in this process too."""
    folder = make_next(tmp_path / "next")
    config = config_with(folder)
    monkeypatch.setattr(migrate, "alembic_config", lambda: config)
    return folder


async def test_a_table_that_has_to_be_copied_costs_no_row_of_another(
    released: Held, database_url: str, following: Path
) -> None:
    """To drop the former copy deletes its rows, and with foreign keys watched also those that depend on them."""
    assert await bring_to_head(database_url)
    assert without_version(read_all(database_url, like=released)) == released
    engine = open_plain_engine(database_url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM leads WHERE nickname = name")).scalar()
        if engine.dialect.name == "sqlite":
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
    engine.dispose()


async def test_an_upgrade_that_leaves_rows_dangling_is_undone(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite does not watch keys during an upgrade, so they are looked at before it counts."""
    load_released(sqlite_url, RELEASED[-1])
    await bring_to_head(sqlite_url)
    before = read_all(sqlite_url)
    folder = make_next(tmp_path / "next")
    (file,) = folder.iterdir()
    file.write_text(file.read_text().replace("UPDATE leads SET nickname = name", "DELETE FROM accounts"))
    config = config_with(folder)
    monkeypatch.setattr(migrate, "alembic_config", lambda: config)
    with pytest.raises(SettingsError, match="undone"):
        await bring_to_head(sqlite_url)
    assert read_all(sqlite_url) == before


@pytest.mark.parametrize("step", STEPS if is_long() else (2, 4))
async def test_after_a_kill_in_the_middle_the_next_start_finishes(
    released: Held, database_url: str, following: Path, step: int
) -> None:
    killed = start(database_url, following, KILL_AT=str(step))
    out, err = killed.communicate(timeout=60)
    assert (killed.returncode, out) == (SIGKILLED, ""), err
    assert without_version(read_all(database_url)) == released
    assert await bring_to_head(database_url)
    assert without_version(read_all(database_url, like=released)) == released
    assert not await bring_to_head(database_url)


def test_two_starters_upgrade_once(released: Held, database_url: str, following: Path) -> None:
    starters = [start(database_url, following) for _ in range(2)]
    ends = [starter.communicate(timeout=60) for starter in starters]
    assert [starter.returncode for starter in starters] == [0, 0], ends
    assert sorted(out.strip() for out, _ in ends) == ["False", "True"]
    assert without_version(read_all(database_url, like=released)) == released


def test_the_schema_is_never_taken_back(released: Held, database_url: str) -> None:
    """The way back is the backup that was made before."""
    asyncio.run(bring_to_head(database_url))
    before = read_all(database_url)
    engine = open_plain_engine(database_url)
    config = migrate.alembic_config()
    connection = engine.connect()
    connection.begin()
    config.attributes["connection"] = connection
    with pytest.raises(SettingsError, match="never taken back"):
        command.downgrade(config, "base")
    connection.close()
    engine.dispose()
    assert read_all(database_url) == before


def test_a_newer_schema_is_refused_by_every_command(released: Held, database_url: str) -> None:
    asyncio.run(bring_to_head(database_url))
    engine = open_plain_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :next"), {"next": NEXT})
    engine.dispose()
    before = read_all(database_url)
    settings = {"PIPEWISE_DATABASE_URL": database_url, "PIPEWISE_SECRET_KEYS": KEY}
    with running("serve", "--port", str(free_port()), settings=settings) as process:
        _, told = process.communicate(timeout=60)
    refused = [(process.returncode, told.splitlines()[-1])]
    for name in ("migrate", "doctor"):
        done = pipewise(name, settings=settings)
        refused.append((done.code, done.err.strip()))
    for code, line in refused:
        assert code == 2, line
        assert f"schema {NEXT}, which is newer than this PipeWise knows ({migrate.head_revision()})" in line
        assert "install the newer release" in line
    assert read_all(database_url) == before
