"""A sound SQLite: the system's may hold the WAL-reset bug, which can corrupt a file with two writing connections."""

import importlib
import sys
from pathlib import Path

SOUND_VERSION = (3, 51, 3)  # https://sqlite.org/changes.html: the WAL-reset fix
LOG_WAIT_MILLISECONDS = 1000


def install_sound_sqlite() -> None:
    """Let the `pysqlite3` wheel stand in for an older system SQLite. Must run before anything imports aiosqlite."""
    import sqlite3  # noqa: PLC0415  looked at, and perhaps replaced, only when asked to

    if sqlite3.sqlite_version_info >= SOUND_VERSION or "aiosqlite" in sys.modules:
        return
    try:
        replacement = importlib.import_module("pysqlite3")
    except ImportError:
        return
    sys.modules["sqlite3"] = replacement
    sys.modules["sqlite3.dbapi2"] = importlib.import_module("pysqlite3.dbapi2")


def empty_log(path: Path) -> bool:
    """Everything in the write-ahead log goes into the file, and the log is cut to nothing. False if somebody still reads it."""
    sqlite = importlib.import_module("sqlite3")
    connection = sqlite.connect(path, isolation_level=None)
    try:
        connection.execute(f"PRAGMA busy_timeout={LOG_WAIT_MILLISECONDS}")
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.close()
    return not busy


def sqlite_version() -> tuple[int, int, int]:
    """The version that aiosqlite uses once `install_sound_sqlite` ran."""
    major, minor, patch = importlib.import_module("sqlite3").sqlite_version_info
    return major, minor, patch
