"""Real databases: every test that takes `database_url` runs on SQLite and on PostgreSQL."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from pipewise.settings import Settings
from pipewise.storage.database import open_database
from pipewise.storage.migrate import ensure_schema
from pipewise.storage.tenancy import act_for
from tests.integration.checkpointing import OWNER, Intruder, settings_of
from tests.postgres import PostgresServer, open_server


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    with open_server() as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """An empty PostgreSQL database."""
    url = postgres_server.create_database()
    yield url
    postgres_server.drop_database(url)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A SQLite file that does not exist yet."""
    return f"sqlite+aiosqlite:///{tmp_path / 'pipewise.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty database of each kind."""
    # Asked for by name, so that the run on SQLite does not start a server.
    return str(request.getfixturevalue({"sqlite": "sqlite_url", "postgresql": "postgres_url"}[request.param]))


@pytest.fixture(scope="module")
def shared_postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """One PostgreSQL database for a file of tests that clean up after themselves: to make one takes most of a second."""
    url = postgres_server.create_database()
    yield url
    postgres_server.drop_database(url)


@pytest.fixture(params=["sqlite", "postgresql"])
async def checkpoint_settings(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Settings]:
    """Where checkpoints are kept, of each kind, without any; the test acts for their owner."""
    # Asked for by name, so that the run on SQLite does not start a server.
    name = {"sqlite": "sqlite_url", "postgresql": "shared_postgres_url"}[request.param]
    settings = settings_of(str(request.getfixturevalue(name)), tmp_path)
    if not settings.is_embedded:
        database = open_database(settings.sqlalchemy_url)
        await ensure_schema(database)
        await database.close()
    act_for(OWNER)
    yield settings
    if not settings.is_embedded:
        await Intruder(settings).clear()
