"""One `serve` per embedded installation: a lock that the operating system lets go when the process ends, however it ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipewise.errors import SettingsError
from pipewise.settings import Settings

LOCK_FILE = "serve.lock"


@contextmanager
def hold_instance(settings: Settings) -> Iterator[None]:
    """Raises SettingsError if another process serves from this data folder or this SQLite file. PostgreSQL needs no lock."""
    if not settings.is_embedded:
        yield
        return
    # The database may be put outside the data folder, where a second data folder could name it too.
    database = Path(settings.sqlalchemy_url.removeprefix("sqlite+aiosqlite:///"))
    with hold_lock(settings.data_dir / LOCK_FILE), hold_lock(database.with_name(f"{database.name}.lock")):
        yield


@contextmanager
def hold_lock(path: Path) -> Iterator[None]:
    """The file stays behind: removing it would let two processes hold a lock of the same name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SettingsError(f"Another pipewise process is using {path.parent} (it holds {path.name}).") from None
        yield
    finally:
        os.close(descriptor)
