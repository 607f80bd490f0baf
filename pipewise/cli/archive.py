"""`pipewise backup` and `pipewise restore`: what they print."""

from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

from pipewise.backup import back_up
from pipewise.backup_archive import CHECKPOINTS, Manifest
from pipewise.restore import restore
from pipewise.settings import load_settings


def run_backup(arguments: Namespace) -> Iterator[str]:
    """Lines for the person at the terminal."""
    settings = load_settings()
    target = Path(arguments.file)
    manifest = back_up(settings, target, settings.open_clock())
    yield f"Backed up to {target}: {_describe(manifest)}."
    yield "Master keys and tokens are not in it: keep PIPEWISE_SECRET_KEYS, or secret.key, in another place."


def run_restore(arguments: Namespace) -> Iterator[str]:
    settings = load_settings()
    manifest = restore(settings, Path(arguments.file), settings.open_clock(), force=arguments.force)
    yield f"Restored into {settings.data_dir.absolute()}: {_describe(manifest)}."
    yield "Stored credentials open only with the master key they were sealed with; `pipewise doctor` says whether it fits."


def _describe(manifest: Manifest) -> str:
    kinds = "tables and checkpoints" if CHECKPOINTS in manifest.members else "tables, no checkpoints yet"
    return f"{kinds} at {manifest.created_at.isoformat(timespec='seconds')}, schema {manifest.schema}"
