"""Putting a backup back: checked before anything is replaced, and refused where it could do harm."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy import update

from pipewise.audit_anchors import FILE, AnchorFile
from pipewise.backup import require_embedded, table_path
from pipewise.backup_archive import (
    CHECKPOINTS,
    TABLES,
    ArchiveRefused,
    Manifest,
    extract,
    read_manifest,
    sync_folder,
)
from pipewise.clock import Clock
from pipewise.errors import InvalidInput
from pipewise.instance_lock import hold_instance
from pipewise.settings import Settings
from pipewise.storage.database import open_plain_engine
from pipewise.storage.migrate import head_revision, known_revisions
from pipewise.storage.tables import outbox


def restore(settings: Settings, archive: Path, clock: Clock, *, force: bool = False) -> Manifest:
    """Raises SettingsError if the folder is being served, ArchiveRefused, or InvalidInput where data would be overwritten.

    What was not sent when the backup was made may have been sent since: it becomes unknown and is shown to a person, for
    nothing whose outcome is unknown is sent by itself."""
    require_embedded(settings)
    manifest = read_manifest(archive)
    _require_known(manifest)
    targets = {TABLES: table_path(settings), CHECKPOINTS: settings.checkpoint_path}
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with hold_instance(settings):
        taken = [path for path in targets.values() if path.exists()]
        if taken and not force:
            raise InvalidInput(f"{taken[0]} exists; --force replaces it by the backup.")
        with _staged(archive, manifest, targets) as staged:
            _hold_sends(staged[TABLES], clock.now())
            _end_sessions(staged[TABLES])
            # The tables last: until they are replaced, nothing points into the new checkpoints.
            for name in (CHECKPOINTS, TABLES):
                _replace(targets[name], staged.get(name))
        # The record goes back with the rest: what its newer heads say is kept, and no longer asked.
        AnchorFile(settings.data_dir / FILE).set_aside(f"audit-heads-before-{clock.now():%Y%m%dT%H%M%SZ}.jsonl")
    return manifest


def _require_known(manifest: Manifest) -> None:
    if manifest.schema not in known_revisions():
        raise ArchiveRefused(
            f"The backup has schema {manifest.schema}, which is newer than this PipeWise knows ({head_revision()}); "
            "install the newer release."
        )


@contextmanager
def _staged(archive: Path, manifest: Manifest, targets: Mapping[str, Path]) -> Iterator[dict[str, Path]]:
    """The databases beside the places they go to, each found sound."""
    staged = {name: targets[name].with_name(f".{targets[name].name}.restoring") for name in manifest.members}
    try:
        for name, path in staged.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            extract(archive, manifest, name, path)
            _require_sound(path, archive)
        _require_schema(staged[TABLES], manifest, archive)
        yield staged
    finally:
        for path in staged.values():
            for one in (path, *_beside(path)):
                one.unlink(missing_ok=True)


def _require_sound(path: Path, archive: Path) -> None:
    try:
        with closing(sqlite3.connect(path)) as connection:
            told = [str(row[0]) for row in connection.execute("PRAGMA integrity_check")]
            orphans = connection.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.DatabaseError as error:
        raise ArchiveRefused(f"{archive} is damaged: it holds no sound database.") from error
    if told != ["ok"] or orphans:
        raise ArchiveRefused(f"{archive} is damaged: {told[0] if told != ['ok'] else f'rows of {orphans[0]} dangle'}.")


def _require_schema(path: Path, manifest: Manifest, archive: Path) -> None:
    try:
        with closing(sqlite3.connect(path)) as connection:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError as error:
        raise ArchiveRefused(f"{archive} does not hold the tables of PipeWise.") from error
    if row is None or row[0] != manifest.schema:
        raise ArchiveRefused(f"{archive} is damaged: its tables are not of the schema that its manifest names.")


def _hold_sends(path: Path, now: datetime) -> None:
    engine = open_plain_engine(f"sqlite:///{path}")
    try:
        with engine.begin() as connection:
            waiting = outbox.c.state.in_(("pending", "sending"))
            connection.execute(update(outbox).where(waiting).values(state="unknown", claimed_at=now))
    finally:
        engine.dispose()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")


def _end_sessions(path: Path) -> None:
    """One that ended since the backup would be alive again. Archives of older releases have none."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'sessions'").fetchone():
            connection.execute("DELETE FROM sessions")


def _replace(target: Path, new: Path | None) -> None:
    """At every moment there is the former file or the new one, whole. Without a new one the former goes."""
    with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(target, isolation_level=None)) as former:
        # Its log must neither be lost while it stands nor be taken for the log of the new one.
        former.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        former.execute("PRAGMA journal_mode=DELETE")
    for path in _beside(target):
        path.unlink(missing_ok=True)
    if new is None:
        target.unlink(missing_ok=True)
    else:
        new.replace(target)
    sync_folder(target.parent)


def _beside(path: Path) -> tuple[Path, ...]:
    return tuple(path.with_name(f"{path.name}{suffix}") for suffix in ("-wal", "-shm", "-journal"))
