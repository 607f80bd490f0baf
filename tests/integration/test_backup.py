"""Backups made while the service works: consistent, without keys, restored whole or not at all."""

import asyncio
import json
import random
import sqlite3
import stat
import zipfile
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from graph.checkpoints import thread_id_of
from pipewise.backup import back_up
from pipewise.backup_archive import CHECKPOINTS, MANIFEST, TABLES, ArchiveRefused, extract, write_archive
from pipewise.clock import SystemClock
from pipewise.errors import SettingsError
from pipewise.instance_lock import hold_instance
from pipewise.restore import restore
from pipewise.settings import Settings, load_settings
from pipewise.storage.database import open_database
from pipewise.storage.migrate import ensure_schema, head_revision
from tests.fakes_vendors import not_sent
from tests.integration.command_line import pipewise
from tests.integration.core.harness import open_core
from tests.integration.world import APP_SECRET, BASE, NUMBER_ID, World, open_world

CLOCK = SystemClock()
KEY = "a master key of thirty-two characters"
LEADS = [f"35191100{number:04}" for number in range(8)]


def settings_of(folder: Path, **more: Any) -> Settings:
    return load_settings(data_dir=folder, **more)


def rows(path: Path, statement: str) -> list[Any]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(statement).fetchall()


async def leads_write(world: World, rounds: int) -> None:
    for number in range(rounds):
        await asyncio.gather(*(world.lead_says(f"Schedule a demo, {number}", sender=lead) for lead in LEADS))
        await asyncio.sleep(0.05)


async def register_number(world: World) -> None:
    """The phones of a new sandbox know where the restored service listens."""
    listed = (await world.api.get("/api/integrations")).json()["items"]
    (whatsapp,) = [item for item in listed if item["platform"] == "whatsapp"]
    account = {
        "access_token": "sandbox-whatsapp-token",
        "phone_number_id": NUMBER_ID,
        "app_secret": APP_SECRET,
        "verify_token": "verify-me-please",
        "callback_url": f"{BASE}/webhooks/whatsapp/{whatsapp['id']}",
    }
    (await world.vendors.post("/_sandbox/whatsapp/accounts", json=account)).raise_for_status()


async def test_backups_under_load_restore_to_sound_installations_that_go_on(tmp_path: Path) -> None:
    archives = [tmp_path / f"{number}.zip" for number in range(5)]
    live = settings_of(tmp_path / "live")
    async with open_world(live.data_dir, burst_ms=0, secret_keys=(KEY,)) as world:
        await world.lead_says("Schedule a demo", sender="351911008888")
        await world.until_sends(1)  # one pointer at least is in every backup
        await asyncio.to_thread(back_up, live, archives[0], CLOCK)
        load = asyncio.create_task(leads_write(world, 12))
        for archive in archives[1:-1]:
            await asyncio.sleep(0.2)
            await asyncio.to_thread(back_up, live, archive, CLOCK)
        await load
        await asyncio.to_thread(back_up, live, archives[-1], CLOCK)
    counts = []
    for number, archive in enumerate(archives):
        there = settings_of(tmp_path / f"restored-{number}")
        restore(there, archive, CLOCK)
        tables, checkpoints = there.data_dir / "pipewise.db", there.checkpoint_path
        for path in (tables, checkpoints):
            assert rows(path, "PRAGMA integrity_check") == [("ok",)]
            assert rows(path, "PRAGMA foreign_key_check") == []
        counts.append(rows(tables, "SELECT count(*) FROM events")[0][0])
        kept = {tuple(row) for row in rows(checkpoints, "SELECT thread_id, checkpoint_id FROM checkpoints")}
        pointers = rows(tables, "SELECT account_id, id, checkpoint_id FROM leads WHERE checkpoint_id IS NOT NULL")
        assert pointers
        assert {(thread_id_of(account, lead), pointer) for account, lead, pointer in pointers} <= kept
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]
    with pytest.raises(SettingsError, match="master key does not fit"):
        async with open_world(tmp_path / "restored-4", connect=False, secret_keys=("quite another key" * 3,)):
            raise AssertionError("it opened with another key")
    async with open_world(tmp_path / "restored-4", connect=False, burst_ms=0, secret_keys=(KEY,)) as world:
        await register_number(world)
        await world.lead_says("what does it cost for 40 people?", sender="351911009999")

        async def answered() -> bool:
            return any("351911009999" in json.dumps(send) for send in await world.sends())

        await world.until(answered, "a turn of a new lead")


def test_nothing_secret_is_in_the_archive(tmp_path: Path) -> None:
    settings = {"PIPEWISE_DATA_DIR": str(tmp_path / "live")}
    made = pipewise("users", "add", "rita@shop.example", "--role", "admin", settings=settings)
    archive = tmp_path / "backup.zip"
    done = pipewise("backup", str(archive), settings=settings)
    assert (done.code, done.err) == (0, "")
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    key, first_token = ((tmp_path / "live" / name).read_bytes().strip() for name in ("secret.key", "api.token"))
    with zipfile.ZipFile(archive) as opened:
        assert sorted(opened.namelist()) == [MANIFEST, TABLES]  # nothing served yet: no checkpoints
        held = b"".join(opened.read(name) for name in opened.namelist())
        manifest = json.loads(opened.read(MANIFEST))
    assert b"rita@shop.example" in held
    assert key not in held
    assert first_token not in held
    assert made.out.strip().encode() not in held
    assert (manifest["format"], manifest["version"], manifest["schema"]) == ("pipewise-backup", 1, head_revision())
    back = pipewise("restore", str(archive), settings={"PIPEWISE_DATA_DIR": str(tmp_path / "back")})
    assert (back.code, back.err) == (0, "")
    assert "master key" in back.out
    assert not (tmp_path / "back" / "secret.key").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["back", "backup.zip", "live"]


@pytest.fixture
async def filled(tmp_path: Path) -> AsyncIterator[Settings]:
    """An installation with one lead and a message that waits to be sent."""
    settings = settings_of(tmp_path / "live")
    database = open_database(settings.sqlalchemy_url)
    await ensure_schema(database)
    async with open_core(database) as core:
        core.messenger.outcomes = [not_sent()]
        await core.worker.run_lane(await core.hear("hi"))
        assert await core.outbox_states() == ["pending"]
    yield settings
    await database.close()


async def test_what_may_have_been_sent_since_is_not_sent_by_itself(filled: Settings, tmp_path: Path) -> None:
    back_up(filled, tmp_path / "backup.zip", CLOCK)
    there = settings_of(tmp_path / "there")
    restore(there, tmp_path / "backup.zip", CLOCK)
    assert rows(there.data_dir / "pipewise.db", "SELECT state FROM outbox") == [("unknown",)]
    assert rows(filled.data_dir / "pipewise.db", "SELECT state FROM outbox") == [("pending",)]


async def test_a_session_of_then_is_none_afterwards(filled: Settings, tmp_path: Path) -> None:
    source = filled.data_dir / "pipewise.db"
    statement = (
        "INSERT INTO sessions (id, account_id, user_id, digest, created_at, seen_at, ends_at) "
        "SELECT 'one', account_id, id, 'digest', created_at, created_at, '2999-01-01' FROM users LIMIT 1"
    )
    with closing(sqlite3.connect(source)) as connection, connection:
        connection.execute(statement)
    back_up(filled, tmp_path / "backup.zip", CLOCK)
    there = settings_of(tmp_path / "there")
    restore(there, tmp_path / "backup.zip", CLOCK)
    assert rows(source, "SELECT id FROM sessions") == [("one",)]
    assert rows(there.data_dir / "pipewise.db", "SELECT id FROM sessions") == []


async def test_data_is_replaced_only_by_force_and_never_under_a_running_service(
    filled: Settings, tmp_path: Path
) -> None:
    archive, tables = tmp_path / "backup.zip", filled.data_dir / "pipewise.db"
    back_up(filled, archive, CLOCK)
    filled.checkpoint_path.write_bytes(b"")  # made since: the backup knows no checkpoints
    with closing(sqlite3.connect(tables)) as later:  # its log is still there while the backup is put back
        later.execute("UPDATE users SET email = 'changed@shop.example'")
        later.commit()
        given = {"PIPEWISE_DATA_DIR": str(filled.data_dir)}
        refused = pipewise("restore", str(archive), settings=given)
        assert (refused.code, refused.out, refused.err.count("\n")) == (2, "", 1)
        assert "--force" in refused.err
        with hold_instance(filled):
            held = pipewise("restore", str(archive), "--force", settings=given)
            assert (held.code, held.out, held.err.count("\n")) == (2, "", 1)
            assert "Another pipewise process" in held.err
        assert rows(tables, "SELECT email FROM users") == [("changed@shop.example",)]
        assert pipewise("restore", str(archive), "--force", settings=given).code == 0
    assert rows(tables, "SELECT email FROM users") == [("owner@shop.example",)]
    assert not filled.checkpoint_path.exists()


def rewrite(change: Callable[[dict[str, bytes]], None]) -> Callable[[Path], None]:
    """Change what an archive holds, by name; names may come to be that no member has."""

    def apply(archive: Path) -> None:
        with zipfile.ZipFile(archive) as opened:
            held = {name: opened.read(name) for name in opened.namelist()}
        change(held)
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as again:
            for name, content in held.items():
                again.writestr(name, content)

    return apply


def tell(**values: Any) -> Callable[[Path], None]:
    def change(held: dict[str, bytes]) -> None:
        held[MANIFEST] = json.dumps({**json.loads(held[MANIFEST]), **values}).encode()

    return rewrite(change)


def add_twice(archive: Path) -> None:
    with zipfile.ZipFile(archive, "a") as opened, pytest.warns(UserWarning, match="Duplicate name"):
        opened.writestr(TABLES, b"another")


REFUSED: dict[str, tuple[Callable[[Path], object], str]] = {
    "text": (lambda path: path.write_text("hello"), "damaged, or not a backup"),
    "empty": (lambda path: path.write_bytes(b""), "damaged, or not a backup"),
    "cut short": (lambda path: path.write_bytes(path.read_bytes()[:-100]), "damaged"),
    "another zip": (rewrite(lambda held: held.clear() or held.update(readme=b"hi")), "no manifest"),  # type: ignore[func-returns-value]
    "manifest of no kind": (rewrite(lambda held: held.update({MANIFEST: b"[]"})), "not a backup of PipeWise"),
    "manifest without end": (rewrite(lambda held: held.update({MANIFEST: b" " * 10_000_000})), "no manifest"),
    "manifest with gaps": (tell(members={TABLES: {}}), "damaged"),
    "manifest with odd types": (tell(members=[1]), "damaged"),
    "another format": (tell(version=2), "format 2"),
    "a newer schema": (tell(schema="9999"), "schema 9999, which is newer"),
    "another schema": (rewrite(lambda held: held.update({TABLES: b""})), "not what was put in"),
    "a path upwards": (rewrite(lambda held: held.update({"../evil": b"x"})), "other files"),
    "an absolute path": (rewrite(lambda held: held.update({"/tmp/evil": b"x"})), "other files"),  # noqa: S108
    "a path in the manifest": (tell(members={"../evil": {"bytes": 1, "sha256": "x"}}), "other files"),
    "a name twice": (add_twice, "other files"),
    "no tables": (rewrite(lambda held: held.pop(TABLES)), "other files"),
    "another size": (
        tell(members={TABLES: {"bytes": 10, "sha256": "0" * 64}}),
        "not what was put in",
    ),
}


@pytest.mark.parametrize("kind", REFUSED)
async def test_an_archive_that_is_not_right_changes_nothing(filled: Settings, tmp_path: Path, kind: str) -> None:
    archive = tmp_path / "backup.zip"
    back_up(filled, archive, CLOCK)
    spoil, told = REFUSED[kind]
    spoil(archive)
    refused = pipewise("restore", str(archive), settings={"PIPEWISE_DATA_DIR": str(tmp_path / "there" / "data")})
    assert (refused.code, refused.out, refused.err.count("\n")) == (2, "", 1), refused
    assert told in refused.err
    left = {path.name for path in (tmp_path / "there").rglob("*") if path.is_file()}
    assert left <= {"serve.lock", "pipewise.db.lock"}


async def test_no_changed_byte_goes_unnoticed(filled: Settings, tmp_path: Path) -> None:
    """What the zip format itself leaves open, such as a time, may change: then what is restored is the same."""
    archive, there = tmp_path / "backup.zip", settings_of(tmp_path / "there")
    back_up(filled, archive, CLOCK)
    whole, rng = archive.read_bytes(), random.Random(11)
    expected = rows(filled.data_dir / "pipewise.db", "SELECT id, text FROM messages")
    refusals = 0
    for _ in range(60):
        place = rng.randrange(len(whole))
        archive.write_bytes(whole[:place] + bytes([whole[place] ^ (1 << rng.randrange(8))]) + whole[place + 1 :])
        try:
            restore(there, archive, CLOCK, force=True)
        except ArchiveRefused:
            refusals += 1
        else:
            assert rows(there.data_dir / "pipewise.db", "SELECT id, text FROM messages") == expected
    assert refusals > 40


async def test_both_databases_are_in_the_archive(filled: Settings, tmp_path: Path) -> None:
    with closing(sqlite3.connect(filled.checkpoint_path)) as checkpoints:
        checkpoints.execute("CREATE TABLE IF NOT EXISTS remembered (what)")
        checkpoints.commit()
    manifest = back_up(filled, tmp_path / "backup.zip", CLOCK)
    assert set(manifest.members) == {TABLES, CHECKPOINTS}
    restored = settings_of(tmp_path / "there")
    restore(restored, tmp_path / "backup.zip", CLOCK)
    assert rows(restored.checkpoint_path, "SELECT count(*) FROM remembered") == [(0,)]


def test_a_member_that_is_not_what_the_manifest_says_is_refused(tmp_path: Path) -> None:
    """Though the archive itself is sound: the digest is of what was put in."""
    source, archive = tmp_path / TABLES, tmp_path / "backup.zip"
    source.write_bytes(b"as it was")
    manifest = write_archive(archive, {TABLES: source}, schema="0001", created_at=CLOCK.now())
    source.write_bytes(b"as it is!")
    write_archive(archive, {TABLES: source}, schema="0001", created_at=CLOCK.now())
    with pytest.raises(ArchiveRefused, match="not what was put in"):
        extract(archive, manifest, TABLES, tmp_path / "copy.db")


def test_postgresql_is_told_of_its_own_tools(tmp_path: Path) -> None:
    settings = {"PIPEWISE_DATABASE_URL": "postgresql+psycopg://nobody@127.0.0.1:1/none"}
    for command in ("backup", "restore"):
        refused = pipewise(command, str(tmp_path / "backup.zip"), settings=settings)
        assert (refused.code, refused.out, refused.err.count("\n")) == (2, "", 1)
        assert "pg_dump" in refused.err


def test_what_is_not_there_is_told_in_one_line(tmp_path: Path) -> None:
    nothing = pipewise("backup", str(tmp_path / "backup.zip"))
    assert (nothing.code, nothing.err.count("\n")) == (2, 1)
    assert "nothing to back up" in nothing.err
    pipewise("users", "list")
    nowhere = pipewise("backup", str(tmp_path / "none" / "backup.zip"))
    assert (nowhere.code, nowhere.err.count("\n")) == (2, 1)
    absent = pipewise("restore", str(tmp_path / "backup.zip"))
    assert (absent.code, absent.err.count("\n")) == (2, 1)
