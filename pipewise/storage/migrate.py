"""Bringing the schema to head: by one process at a time, never backwards, refused where the schema is newer than the code."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.errors import SettingsError
from pipewise.storage.database import Database, open_plain_engine

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


def known_revisions() -> frozenset[str]:
    """All that this PipeWise ships."""
    script = ScriptDirectory.from_config(alembic_config())
    return frozenset(revision.revision for revision in script.walk_revisions())


async def current_revision(database: Database) -> str | None:
    async with database.read() as connection:
        return await connection.run_sync(_read_revision)


async def ensure_schema(database: Database, *, may_migrate: bool = True) -> bool:
    """True if the schema was changed. Raises SettingsError if it is newer than this PipeWise, or behind and `may_migrate`
    is false."""
    head, known = await asyncio.to_thread(lambda: (head_revision(), known_revisions()))
    current = await current_revision(database)
    if current == head:
        return False
    if current is not None and current not in known:
        raise SettingsError(
            f"The database has schema {current}, which is newer than this PipeWise knows ({head}); install the newer release."
        )
    if not may_migrate:
        raise SettingsError("The database schema is behind; run `pipewise migrate` first.")
    # Alembic reads and imports files, so it works in a thread, on a connection of its own.
    return await asyncio.to_thread(_upgrade_alone, database.url, head)


def _upgrade_alone(url: str, head: str) -> bool:
    engine = open_plain_engine(url, foreign_keys=False)
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": STARTUP_LOCK})
            # Whoever waited for another starter finds the work done.
            if _read_revision(connection) == head:
                return False
            _upgrade(connection)
            _require_sound_keys(connection)
        return True
    finally:
        engine.dispose()


def _require_sound_keys(connection: Connection) -> None:
    """What SQLite did not watch during the upgrade. Raises SettingsError, which undoes it."""
    if connection.dialect.name != "sqlite":
        return
    dangling = connection.execute(text("PRAGMA foreign_key_check")).first()
    if dangling:
        raise SettingsError(f"The upgrade was undone: rows of {dangling[0]} would point at nothing.")


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


def _read_revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
