"""How the wall comes into being: by a login that may make roles, by one that may not, and over what a former release left."""

import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from sqlalchemy import text

from graph.checkpoints import ensure_tables
from pipewise.clock import SystemClock
from pipewise.doctor import Finding
from pipewise.doctor_database import examine_database
from pipewise.errors import SettingsError
from pipewise.resources import open_resources
from pipewise.storage import row_security
from pipewise.storage.accounts import first_user
from pipewise.storage.database import Database, open_database
from pipewise.storage.migrate import current_schema, ensure_schema, head_schema
from pipewise.storage.tenancy import acting_for
from tests.integration.checkpointing import KEY, Intruder, log_of, opened, settings_of, small_graph, take_turn
from tests.integration.core.upgrading import KEY as GOLDEN_KEY
from tests.integration.core.upgrading import load_released
from tests.postgres import PostgresServer, database_name, find_binaries

ANA, BEN = "00000000-0000-4000-8000-00000000000a", "00000000-0000-4000-8000-00000000000b"


@pytest.fixture
def plain_url(postgres_server: PostgresServer, postgres_url: str) -> str:
    """Of a login that owns its database and may do nothing else."""
    login = f"owner_of_{database_name(postgres_url)}"
    _run(postgres_url, f'CREATE ROLE "{login}" LOGIN')
    _run(postgres_url, f'ALTER DATABASE "{database_name(postgres_url)}" OWNER TO "{login}"')
    _run(postgres_url, f'GRANT ALL ON SCHEMA public TO "{login}"')
    return _login(postgres_url, login)


def _login(url: str, login: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=f"{login}@{parts.netloc.rpartition('@')[2]}"))


def _run(url: str, *statements: str) -> None:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def _advised(told: str) -> list[str]:
    """The statements that a person is told to run."""
    return [part.strip() for part in told.split("as a superuser run ")[1].split("; then run", maxsplit=1)[0].split(";")]


@pytest.fixture
async def plain(plain_url: str) -> AsyncIterator[Database]:
    database = open_database(plain_url)
    yield database
    await database.close()


async def _findings(url: str, folder: Path) -> dict[str, Finding]:
    settings = settings_of(url, folder, secret_keys=(KEY,))
    return {found.name: found async for found in examine_database(settings, SystemClock())}


async def test_a_login_that_may_make_no_roles_is_told_what_to_do(
    plain: Database, plain_url: str, postgres_url: str, tmp_path: Path
) -> None:
    with pytest.raises(SettingsError, match="may not make the roles of row-level security") as refused:
        await ensure_schema(plain)
    assert (await current_schema(plain)).revision is None
    found = (await _findings(plain_url, tmp_path))["row-level security"]
    assert found.fix is not None
    assert found.fix.rstrip(".") in str(refused.value)
    _run(postgres_url, *_advised(str(refused.value)))
    assert (await _findings(plain_url, tmp_path))["row-level security"].fix == "run `pipewise migrate`"
    assert await ensure_schema(plain)
    assert (await _findings(plain_url, tmp_path))["row-level security"].ok
    assert not await ensure_schema(plain, may_migrate=False)


async def test_a_role_that_could_bypass_the_wall_is_refused(plain: Database, postgres_url: str) -> None:
    with pytest.raises(SettingsError) as refused:
        await ensure_schema(plain)
    first, *others = _advised(str(refused.value))
    _run(postgres_url, f"{first} BYPASSRLS", *others)
    with pytest.raises(SettingsError, match="could bypass row-level security"):
        await ensure_schema(plain)


async def test_what_a_former_release_left_is_kept_by_an_owner_that_is_no_superuser(
    plain: Database, plain_url: str, postgres_url: str, tmp_path: Path
) -> None:
    """Also the steps of later releases, which change rows, are the owner's; the service works with such a login."""
    load_released(plain_url, "0001")
    with pytest.raises(SettingsError) as refused:
        await ensure_schema(plain)
    _run(postgres_url, *_advised(str(refused.value)))
    await ensure_schema(plain)
    settings = settings_of(plain_url, tmp_path, secret_keys=(GOLDEN_KEY,), api_token="pw_" + "t" * 40)
    async with open_resources(settings) as resources:
        first = await resources.database.ask(first_user)
        assert first is not None
        with acting_for(first.account_id):
            seen = await _count(resources.database)
        with acting_for(ANA):
            assert await _count(resources.database) == 0
    with psycopg.connect(postgres_url.replace("+psycopg", "")) as connection:
        kept = connection.execute("SELECT count(*) FROM leads WHERE account_id = %s", [first.account_id]).fetchone()
    assert kept == (seen,)
    assert seen > 0


async def _count(database: Database) -> int:
    async with database.read() as connection:
        return int((await connection.execute(text("SELECT count(*) FROM leads"))).scalar_one())


async def test_a_service_may_log_in_as_somebody_who_owns_nothing(postgres_url: str, tmp_path: Path) -> None:
    await _migrate(postgres_url)
    await ensure_tables(settings_of(postgres_url, tmp_path))
    login = f"service_of_{database_name(postgres_url)}"
    roles = "SELECT string_agg(DISTINCT quote_ident(r.rolname), ', ') FROM pg_policy p JOIN pg_roles r ON r.oid = ANY (p.polroles)"
    with psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as connection:
        found = connection.execute(roles.encode()).fetchone()
        connection.execute(f'CREATE ROLE "{login}" LOGIN'.encode())
        connection.execute(f'GRANT {found[0] if found else ""} TO "{login}"'.encode())
    settings = settings_of(_login(postgres_url, login), tmp_path, secret_keys=(KEY,), api_token="pw_" + "t" * 40)
    async with open_resources(settings) as resources, opened(settings) as checkpoints:
        assert await ensure_schema(resources.database, may_migrate=False) is False
        with acting_for(ANA):
            assert await _count(resources.database) == 0
            pointer = await take_turn(small_graph(checkpoints), checkpoints, None, text="for Ana")
            assert await log_of(small_graph(checkpoints), pointer) == ["for Ana"]


async def test_a_dump_brings_data_and_wall_into_a_new_database(
    postgres_server: PostgresServer, postgres_url: str, tmp_path: Path
) -> None:
    await _migrate(postgres_url)
    await Intruder(settings_of(postgres_url, tmp_path)).make_lead(ANA, "a thread")
    other = postgres_server.create_database()
    binaries = find_binaries()
    dumped = _run_program(binaries / "pg_dump", f"--dbname={_libpq(postgres_url)}")
    _run_program(binaries / "psql", _libpq(other), "-v", "ON_ERROR_STOP=1", "-q", input=dumped)
    database = open_database(other)
    assert await ensure_schema(database) is False
    for account, seen in ((ANA, 1), (BEN, 0)):
        with acting_for(account):
            assert await _count(database) == seen
    await database.close()
    postgres_server.drop_database(other)


def _run_program(*command: str | Path, input: bytes = b"") -> bytes:  # noqa: A002  as subprocess names it
    return subprocess.run(command, check=True, capture_output=True, input=input).stdout


def _libpq(url: str) -> str:
    return url.replace("+psycopg", "")


async def test_a_wall_of_another_release_is_put_up_anew(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    database = open_database(postgres_url)
    monkeypatch.setattr(row_security, "newest", lambda: "of another release")
    await ensure_schema(database)
    monkeypatch.undo()
    told = (await _findings(postgres_url, tmp_path))["row-level security"]
    assert (told.ok, told.fix) == (False, "run `pipewise migrate`")
    with pytest.raises(SettingsError, match="run `pipewise migrate`"):
        await ensure_schema(database, may_migrate=False)
    assert await ensure_schema(database)
    assert await current_schema(database) == head_schema("postgresql")
    await database.close()


async def test_a_service_does_not_begin_without_the_wall(postgres_url: str) -> None:
    database = open_database(postgres_url)
    with pytest.raises(SettingsError, match="no row-level security yet; run `pipewise migrate`"):
        await _count(database)
    await database.close()


async def test_a_conversation_is_reached_by_its_own_account_alone(postgres_url: str, tmp_path: Path) -> None:
    """Whoever knows the thread's id: by the saver, by its rows, for reading and for removing."""
    settings = settings_of(postgres_url, tmp_path)
    await _migrate(postgres_url)
    async with opened(settings) as checkpoints:
        graph = small_graph(checkpoints)
        with acting_for(ANA):
            pointer = await take_turn(graph, checkpoints, None, text="for Ana")
            assert await log_of(graph, pointer) == ["for Ana"]
        config = {"configurable": {"thread_id": "5b3f6c1e-0000-5000-8000-000000000001", "checkpoint_ns": ""}}
        for stranger in (BEN, ""):
            with acting_for(stranger):
                assert await log_of(graph, pointer) == []
                assert [one async for one in checkpoints.saver.alist(config)] == []
                assert [one async for one in checkpoints.saver.alist(None)] == []
                assert [await checkpoints.rows.read_after(kind, None, 9) for kind in checkpoints.rows.kinds] == [[], []]
                await checkpoints.forget(config["configurable"]["thread_id"])
        with acting_for(ANA):
            assert await log_of(graph, pointer) == ["for Ana"]
            await checkpoints.forget(config["configurable"]["thread_id"])
            assert await log_of(graph, pointer) == []


async def test_nobody_writes_a_checkpoint(postgres_url: str, tmp_path: Path) -> None:
    await _migrate(postgres_url)
    async with opened(settings_of(postgres_url, tmp_path)) as checkpoints:
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
            await take_turn(small_graph(checkpoints), checkpoints, None, text="for nobody")


async def test_checkpoints_of_a_former_release_get_their_leads_account(postgres_url: str, tmp_path: Path) -> None:
    settings = settings_of(postgres_url, tmp_path)
    await _migrate(postgres_url)
    thread = "5b3f6c1e-0000-5000-8000-000000000002"
    async with opened(settings) as checkpoints:
        with acting_for(ANA):
            pointer = await take_turn(small_graph(checkpoints), checkpoints, None, thread=thread, text="before")
    intruder = Intruder(settings)
    for table in ("checkpoints", "checkpoint_blobs", "checkpoint_writes"):
        await intruder.run(f"DROP POLICY own_account ON {table}")
        await intruder.run(f"ALTER TABLE {table} DROP COLUMN account_id CASCADE")
    await intruder.make_lead(BEN, thread)
    async with opened(settings) as checkpoints:
        graph = small_graph(checkpoints)
        with acting_for(BEN):
            assert await log_of(graph, pointer, thread=thread) == ["before"]
        with acting_for(ANA):
            assert await log_of(graph, pointer, thread=thread) == []


async def _migrate(url: str) -> None:
    database = open_database(url)
    await ensure_schema(database)
    await database.close()
