"""Bringing the schema to head: by one process at a time, never backwards, refused where the schema is newer than the code."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.resources import files
from typing import TypeVar

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.errors import SettingsError
from pipewise.storage import database_roles, queue_schema, row_security
from pipewise.storage.database import Database, open_plain_engine
from pipewise.storage.queue_schema import newest_script

T = TypeVar("T")

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
    return (await current_schema(database)).revision


@dataclass(frozen=True)
class Schema:
    """Our own revision, and what only PostgreSQL has: the last script of the queue's, and the wall between accounts."""

    revision: str | None
    queue: str | None
    wall: str | None = None


def head_schema(dialect: str) -> Schema:
    if dialect != "postgresql":
        return Schema(head_revision(), None)
    return Schema(head_revision(), newest_script(), row_security.newest())


async def current_schema(database: Database) -> Schema:
    """On PostgreSQL as the login: the role of the application may not be there yet."""
    if database.dialect == "postgresql":
        return await asyncio.to_thread(_as_login, database.url, _read_schema)
    async with database.read() as connection:
        return await connection.run_sync(_read_schema)


async def wall_needs(database: Database) -> str:
    """What has to be done before the wall between accounts can stand in PostgreSQL, as one line."""

    def look(connection: Connection) -> str:
        if database_roles.may_make_roles(connection):
            return "run `pipewise migrate`"
        return database_roles.advice(connection, database_roles.names(connection))

    return await asyncio.to_thread(_as_login, database.url, look)


def _as_login(url: str, look: Callable[[Connection], T]) -> T:
    engine = open_plain_engine(url)
    try:
        with engine.connect() as connection:
            return look(connection)
    finally:
        engine.dispose()


async def ensure_schema(database: Database, *, may_migrate: bool = True) -> bool:
    """True if the schema was changed. Raises SettingsError if it is newer than this PipeWise, or behind and `may_migrate`
    is false."""
    head, known = await asyncio.to_thread(lambda: (head_schema(database.dialect), known_revisions()))
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
    engine = open_plain_engine(url, foreign_keys=False)
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": STARTUP_LOCK})
            # Whoever waited for another starter finds the work done.
            current = _read_schema(connection)
            if current == head:
                return False
            if current.revision != head.revision:
                row_security.take_down(connection)
                _upgrade(connection)
                _require_sound_keys(connection)
            if current.queue != head.queue:
                queue_schema.upgrade(connection)
            row_security.put_up(connection)
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


def _read_schema(connection: Connection) -> Schema:
    revision = MigrationContext.configure(connection).get_current_revision()
    return Schema(revision, queue_schema.current_script(connection), row_security.current(connection))
