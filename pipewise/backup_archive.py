"""The archive of a backup: a zip with a manifest and one file per database, read by fixed names and checked by digest."""

import hashlib
import json
import os
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from pipewise.errors import InvalidInput

FORMAT = "pipewise-backup"
FORMAT_VERSION = 1
MANIFEST = "manifest.json"
TABLES = "tables.db"
CHECKPOINTS = "checkpoints.db"
PIECE = 1024 * 1024
MANIFEST_BYTES = 64 * 1024
# What zipfile, zlib and the manifest's reading raise over bytes that are not what was written.
_DAMAGED = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    EOFError,
    RuntimeError,
    ValueError,
    TypeError,
    KeyError,
)


@dataclass(frozen=True)
class Member:
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """`schema` is the revision of the tables; `members` are what the archive holds beside the manifest."""

    schema: str
    created_at: datetime
    members: Mapping[str, Member]


class ArchiveRefused(InvalidInput):
    """The archive is damaged, foreign, or of a kind that this release does not know."""

    code = "archive_refused"


def write_archive(target: Path, files: Mapping[str, Path], *, schema: str, created_at: datetime) -> Manifest:
    """Complete under its name or not there at all; readable by its owner alone, for it holds what leads wrote."""
    manifest = Manifest(schema, created_at, {name: _measure(path) for name, path in files.items()})
    draft = target.with_name(f".{target.name}.{os.getpid()}.partial")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr(MANIFEST, _render(manifest))
                for name, path in files.items():
                    archive.write(path, name)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(target.parent)
    return manifest


def read_manifest(path: Path) -> Manifest:
    """Raises ArchiveRefused, InvalidInput if there is no such file."""
    if not path.is_file():
        raise InvalidInput(f"There is no file {path}.")
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if names.count(MANIFEST) != 1 or archive.getinfo(MANIFEST).file_size > MANIFEST_BYTES:
                raise ArchiveRefused(f"{path} is not a backup of PipeWise: it has no manifest.")
            manifest = _parse(archive.read(MANIFEST))
    except _DAMAGED as error:
        raise ArchiveRefused(f"{path} is damaged, or not a backup of PipeWise.") from error
    # Members are looked up by our own names, so that no name in an archive ever becomes a path; another name is no backup.
    if sorted(names) != sorted([MANIFEST, *manifest.members]) or not set(manifest.members) <= {TABLES, CHECKPOINTS}:
        raise ArchiveRefused(f"{path} holds other files than a backup of PipeWise does.")
    if TABLES not in manifest.members:
        raise ArchiveRefused(f"{path} is incomplete: the tables are missing.")
    return manifest


def extract(path: Path, manifest: Manifest, name: str, target: Path) -> None:
    """Copy one member out, never more than the manifest says. Raises ArchiveRefused if it is not what was put in."""
    expected = manifest.members[name]
    try:
        with zipfile.ZipFile(path) as archive, archive.open(name) as source, _create(target) as copy:
            found = _copy(source, copy, expected.bytes)
    except _DAMAGED as error:
        raise ArchiveRefused(f"{path} is damaged: {name} cannot be read.") from error
    if found != expected:
        raise ArchiveRefused(f"{path} is damaged: {name} is not what was put in.")


def sync_folder(folder: Path) -> None:
    """A new name is as durable as its file only once the folder is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _create(target: Path) -> IO[bytes]:
    return os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def _copy(source: IO[bytes], copy: IO[bytes], limit: int) -> Member:
    digest, size = hashlib.sha256(), 0
    while piece := source.read(PIECE):
        size += len(piece)
        if size > limit:
            break
        digest.update(piece)
        copy.write(piece)
    copy.flush()
    os.fsync(copy.fileno())
    return Member(size, digest.hexdigest())


def _measure(path: Path) -> Member:
    with path.open("rb") as file:
        return Member(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def _render(manifest: Manifest) -> str:
    return json.dumps(
        {
            "format": FORMAT,
            "version": FORMAT_VERSION,
            "schema": manifest.schema,
            "created_at": manifest.created_at.isoformat(),
            "members": {name: asdict(member) for name, member in manifest.members.items()},
        },
        indent=2,
    )


def _parse(text: bytes) -> Manifest:
    found: Any = json.loads(text)
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise ArchiveRefused("The archive is not a backup of PipeWise.")
    if found.get("version") != FORMAT_VERSION:
        raise ArchiveRefused(
            f"The archive has format {found.get('version')!r}, and this PipeWise knows {FORMAT_VERSION}."
        )
    members = {str(name): Member(int(of["bytes"]), str(of["sha256"])) for name, of in dict(found["members"]).items()}
    return Manifest(str(found["schema"]), datetime.fromisoformat(found["created_at"]), members)
