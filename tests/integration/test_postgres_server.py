"""The throw-away server itself: from the wheel alone, as root too, and gone afterwards."""

import os
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import inspect, text
from sqlalchemy.ext.asyncio import create_async_engine

from tests.postgres import find_binaries, open_server, start_server, wheel_binaries


def _ask(url: str, question: str) -> object:
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        return connection.execute(question.encode()).fetchone()[0]  # type: ignore[index]


def test_the_wheel_alone_gives_a_server_that_leaves_nothing_behind() -> None:
    with start_server(wheel_binaries()) as server:
        url = server.create_database()
        home = Path(str(_ask(url, "SHOW unix_socket_directories")))
        postmaster = int((home / "data" / "postmaster.pid").read_text().splitlines()[0])
        assert _ask(url, "SHOW listen_addresses") == ""
    assert not home.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(postmaster, 0)


def test_without_binaries_on_the_machine_the_wheel_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("tests.postgres.DEBIAN", tmp_path)
    assert find_binaries() == wheel_binaries()


def test_a_server_closed_to_other_accounts_is_copied_out(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    package = wheel_binaries().parent.parent
    for folder in (package, package.with_name(f"{package.name}.libs")):
        (closed / folder.name).symlink_to(folder)
    with start_server(closed / wheel_binaries().relative_to(package.parent)) as server:
        server.drop_database(server.create_database())


def test_a_named_server_is_used_and_nothing_is_started(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIPEWISE_TEST_DATABASE_URL", postgres_url)
    monkeypatch.setattr("tests.postgres.find_binaries", pytest.fail)
    with open_server() as named:
        url = named.create_database()
        assert _ask(url, "SHOW data_directory") == _ask(postgres_url, "SHOW data_directory")
        named.drop_database(url)
    with pytest.raises(psycopg.OperationalError):
        _ask(url, "SELECT 1")


async def test_every_test_gets_an_empty_database(database_url: str) -> None:
    engine = create_async_engine(database_url)
    async with engine.connect() as connection:
        assert await connection.run_sync(lambda sync: inspect(sync).get_table_names()) == []
        await connection.execute(text("CREATE TABLE kept (x int)"))
        await connection.commit()
    await engine.dispose()


test_that_holds_for_the_next_one_too = test_every_test_gets_an_empty_database
