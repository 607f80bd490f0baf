"""Bringing the schema to head: by one process at a time, never backwards, refused where the schema is newer than the code."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.errors import SettingsError
from pipewise.storage import queue_schema
from pipewise.storage.database import Database, open_plain_engine
from pipewise.storage.queue_schema import newest_script

STARTUP_LOCK = 7_495_206_112  # any constant: PostgreSQL advisory locks are numbers


def alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("pipewise.storage.migrations")))
    return config


def head_revision() -> str:
    head = ScriptDirectory.from_config(alembic_config()).get_current_head()
    if head is None:
        raise AssertionError("the package ships no migrations")
    return head


async def current_revision(database: Database) -> str | None:
    return (await current_schema(database)).revision


@dataclass(frozen=True)
class Schema:
    """Our own revision, and the last script of the queue's, which only PostgreSQL has."""

    revision: str | None
    queue: str | None


def head_schema(dialect: str) -> Schema:
    return Schema(head_revision(), newest_script() if dialect == "postgresql" else None)


async def current_schema(database: Database) -> Schema:
    async with database.read() as connection:
        return await connection.run_sync(_read_schema)


async def ensure_schema(database: Database, *, may_migrate: bool = True) -> bool:
    """True if the schema was changed. Raises SettingsError if it is newer than this PipeWise, or behind and `may_migrate`
    is false."""
    head, known = await asyncio.to_thread(_read_script, database.dialect)
    current = await current_schema(database)
    if current == head:
        return False
    if current.revision is not None and current.revision not in known:
        raise _too_new(current.revision, head.revision)
    if current.queue is not None and head.queue is not None and current.queue > head.queue:
        raise _too_new(current.queue, head.queue)
    if not may_migrate:
        raise SettingsError("The database schema is behind; run `pipewise migrate` first.")
    # Alembic reads and imports files, so it works in a thread, on a connection of its own.
    return await asyncio.to_thread(_upgrade_alone, database.url, head)


def _too_new(current: str, known: str | None) -> SettingsError:
    return SettingsError(
        f"The database has schema {current}, which is newer than this PipeWise knows ({known}); install the newer release."
    )


def _upgrade_alone(url: str, head: Schema) -> bool:
    engine = open_plain_engine(url)
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": STARTUP_LOCK})
            # Whoever waited for another starter finds the work done.
            current = _read_schema(connection)
            if current == head:
                return False
            if current.revision != head.revision:
                _upgrade(connection)
            if current.queue != head.queue:
                queue_schema.upgrade(connection)
        return True
    finally:
        engine.dispose()


@asynccontextmanager
async def alone(database: Database) -> AsyncIterator[AsyncConnection]:
    """A transaction for starting up: no other process is in one at the same time."""
    async with database.write() as connection:
        if database.dialect == "postgresql":
            await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": STARTUP_LOCK})
        yield connection


def _upgrade(connection: Connection) -> None:
    config = alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _read_script(dialect: str) -> tuple[Schema, frozenset[str]]:
    """The newest schema that this PipeWise ships, and all revisions of it."""
    script = ScriptDirectory.from_config(alembic_config())
    return head_schema(dialect), frozenset(revision.revision for revision in script.walk_revisions())


def _read_schema(connection: Connection) -> Schema:
    revision = MigrationContext.configure(connection).get_current_revision()
    return Schema(revision, queue_schema.current_script(connection))
