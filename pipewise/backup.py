"""A consistent copy of both SQLite files of an embedded installation, made while the service runs."""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from pipewise.backup_archive import CHECKPOINTS, TABLES, Manifest, write_archive
from pipewise.clock import Clock
from pipewise.errors import InvalidInput, SettingsError
from pipewise.settings import Settings
from pipewise.storage.database import BUSY_MILLISECONDS


def require_embedded(settings: Settings) -> None:
    """Raises SettingsError on PostgreSQL, which has tools of its own."""
    if not settings.is_embedded:
        raise SettingsError(
            "Only an embedded installation is backed up here; for PostgreSQL use pg_dump and pg_restore."
        )


def table_path(settings: Settings) -> Path:
    return Path(settings.sqlalchemy_url.removeprefix("sqlite+aiosqlite:///"))


def back_up(settings: Settings, target: Path, clock: Clock) -> Manifest:
    """Both files as they were at one moment. Master keys and the token file are not in it: they are in no database."""
    require_embedded(settings)
    tables = table_path(settings)
    if not tables.exists():
        raise InvalidInput(f"There is nothing to back up yet: {tables} does not exist.")
    if not target.parent.is_dir():
        raise InvalidInput(f"There is no folder {target.parent}.")
    sources = {TABLES: tables}
    if settings.checkpoint_path.exists():
        sources[CHECKPOINTS] = settings.checkpoint_path
    created_at = clock.now()
    # Beside the archive: where that has room, the copies have.
    with tempfile.TemporaryDirectory(prefix=".pipewise-backup-", dir=target.parent) as folder:
        copies = {name: Path(folder) / name for name in sources}
        with ExitStack() as stack:
            for name, snapshot in _snapshots(stack, sources).items():
                _copy(snapshot, copies[name])
        return write_archive(target, copies, schema=_read_schema(copies[TABLES]), created_at=created_at)


def _snapshots(stack: ExitStack, sources: dict[str, Path]) -> dict[str, sqlite3.Connection]:
    """Connections that all see the same moment. A turn writes its checkpoint, then commits a pointer to it, and what is older
    is removed later; while nothing can be committed, every pointer is to a checkpoint that is there."""
    with _nothing_is_committed(sources[TABLES]):
        found = {name: stack.enter_context(closing(_connect(path))) for name, path in sources.items()}
        for connection in found.values():
            connection.execute("BEGIN")
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()  # the first read fixes the moment
    return found


@contextmanager
def _nothing_is_committed(tables: Path) -> Iterator[None]:
    """For a few milliseconds: the writers wait for as long as the busy timeout lets them."""
    with closing(_connect(tables)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            connection.execute("ROLLBACK")


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=BUSY_MILLISECONDS / 1000)
    connection.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
    return connection


def _copy(snapshot: sqlite3.Connection, target: Path) -> None:
    with closing(sqlite3.connect(target, isolation_level=None)) as copy:
        snapshot.backup(copy)
        # One file, without a log beside it.
        copy.execute("PRAGMA journal_mode=DELETE")


def _read_schema(tables: Path) -> str:
    with closing(sqlite3.connect(tables)) as connection:
        try:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.OperationalError:
            row = None
    if row is None:
        raise InvalidInput("There is nothing to back up yet: the database has no schema.")
    return str(row[0])
