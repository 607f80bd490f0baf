"""A database with the schema for each test, of each kind, and the core over it."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from pipewise.storage.database import Database, open_database
from pipewise.storage.migrate import ensure_schema
from tests.integration.core.harness import Core, open_core
from tests.postgres import PostgresServer, database_name


async def _migrate(url: str) -> None:
    database = open_database(url)
    await ensure_schema(database)
    await database.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "pipewise.db"
    asyncio.run(_migrate(f"sqlite+aiosqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres_server: PostgresServer) -> Iterator[str]:
    url = postgres_server.create_database()
    asyncio.run(_migrate(url))
    yield database_name(url)
    postgres_server.drop_database(url)


@pytest.fixture
def sqlite_ready(sqlite_template: Path, tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{shutil.copy(sqlite_template, tmp_path / 'pipewise.db')}"


@pytest.fixture
def postgres_ready(postgres_server: PostgresServer, postgres_template: str) -> Iterator[str]:
    url = postgres_server.create_database(postgres_template)
    yield url
    postgres_server.drop_database(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def ready_url(request: pytest.FixtureRequest) -> str:
    """A database that holds the schema and nothing else."""
    return str(request.getfixturevalue({"sqlite": "sqlite_ready", "postgresql": "postgres_ready"}[request.param]))


@pytest.fixture
async def database(ready_url: str) -> AsyncIterator[Database]:
    opened = open_database(ready_url)
    yield opened
    await opened.close()


@pytest.fixture
async def core(database: Database) -> AsyncIterator[Core]:
    async with open_core(database) as opened:
        yield opened
