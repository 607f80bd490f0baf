"""Everything that lives as long as the process: opened in order, checked, closed again."""

import asyncio
import stat
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from pipewise.errors import SettingsError
from pipewise.resources import open_resources
from pipewise.settings import Settings, load_settings
from pipewise.storage import accounts
from pipewise.storage.database import open_database
from pipewise.storage.tables import accounts as account_table
from pipewise.storage.tables import key_checks, users
from tests.fakes import NOON

TOKEN = "pw_first-token-of-the-test-0001"


def settings_for(url: str, folder: Path, **more: Any) -> Settings:
    return load_settings(database_url=url, data_dir=folder / "data", **more)


async def test_a_first_start_makes_keys_token_and_user(database_url: str, tmp_path: Path) -> None:
    settings = settings_for(database_url, tmp_path)
    async with open_resources(settings) as resources:
        token = resources.new_token
        assert token
        async with resources.database.read() as connection:
            user = await accounts.find_token_user(connection, token, resources.clock.now())
        assert user
        assert user.role is accounts.Role.ADMIN
    for name in ("secret.key", "api.token"):
        file = settings.data_dir / name
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    async with open_resources(settings) as resources:
        assert resources.new_token is None


async def test_starters_at_once_make_one_user_and_one_key_check(database_url: str, tmp_path: Path) -> None:
    settings = settings_for(database_url, tmp_path, api_token=TOKEN, secret_keys="k" * 40)

    async def start() -> None:
        async with open_resources(settings):
            await asyncio.sleep(0.01)

    await asyncio.gather(*(start() for _ in range(4)))
    async with open_resources(settings) as resources, resources.database.read() as connection:
        for table in (users, key_checks):
            assert (await connection.execute(select(func.count()).select_from(table))).scalar() == 1


async def test_a_wrong_master_key_is_told_before_anything_is_written(database_url: str, tmp_path: Path) -> None:
    async with open_resources(settings_for(database_url, tmp_path, secret_keys="a" * 40)):
        pass
    with pytest.raises(SettingsError, match="PIPEWISE_SECRET_KEYS"):
        async with open_resources(settings_for(database_url, tmp_path, secret_keys="b" * 40)):
            pass
    async with open_resources(settings_for(database_url, tmp_path, secret_keys=f"{'b' * 40},{'a' * 40}")) as resources:
        assert "a" * 40 not in repr(resources)
        assert "b" * 40 not in repr(resources)


async def test_a_new_token_setting_works_beside_the_old_one(database_url: str, tmp_path: Path) -> None:
    async with open_resources(settings_for(database_url, tmp_path, api_token=TOKEN)):
        pass
    newer = settings_for(database_url, tmp_path, api_token=TOKEN + "-new")
    async with open_resources(newer) as resources, resources.database.read() as connection:
        found = [
            await accounts.find_token_user(connection, token, resources.clock.now())
            for token in (TOKEN, TOKEN + "-new", "pw_other")
        ]
    assert found[0] == found[1]
    assert found[2] is None


async def test_production_on_postgresql_leaves_migrating_to_its_command(postgres_url: str, tmp_path: Path) -> None:
    settings = settings_for(postgres_url, tmp_path, env="production", secret_keys="k" * 40)
    with pytest.raises(SettingsError, match="pipewise migrate"):
        async with open_resources(settings):
            pass


async def test_what_was_accepted_is_stored_although_the_service_fails(sqlite_url: str, tmp_path: Path) -> None:
    settings = settings_for(sqlite_url, tmp_path)
    running: list[asyncio.Task[Any]] = []

    async def work(connection: Any) -> None:
        await connection.execute(insert(account_table).values(id="kept", paused=False, settings={}, created_at=NOON))

    async def serve() -> None:
        async with open_resources(settings) as resources:
            running.append(asyncio.create_task(resources.commits.run(work)))
            await asyncio.sleep(0)
            raise RuntimeError("crashed")

    with pytest.raises(RuntimeError, match="crashed"):
        await serve()
    await asyncio.gather(*running)
    database = open_database(sqlite_url)
    async with database.read() as connection:
        kept = select(func.count()).where(account_table.c.id == "kept")
        assert (await connection.execute(kept)).scalar() == 1
    await database.close()
