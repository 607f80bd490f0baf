"""A sound SQLite: the system's may hold the WAL-reset bug, which can corrupt a file with two writing connections."""

import importlib
import sys

SOUND_VERSION = (3, 51, 3)  # https://sqlite.org/changes.html: the WAL-reset fix


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


def sqlite_version() -> tuple[int, int, int]:
    """The version that aiosqlite uses once `install_sound_sqlite` ran."""
    major, minor, patch = importlib.import_module("sqlite3").sqlite_version_info
    return major, minor, patch
