"""The folders in which accounts keep their Markdown files: read when asked, and again when a file has changed."""

import asyncio
import logging
from pathlib import Path

from pipewise.knowledge import Found, Index, Section, read_sections

MOST_FILES = 500
LARGEST_FILE = 1_000_000
MOST_KEPT = 50
FOLDER = "knowledge"

log = logging.getLogger(__name__)
Signature = tuple[tuple[str, int, int], ...]


class KnowledgeFolders:
    """Below `knowledge` in the data folder, one folder for an account."""

    def __init__(self, data_dir: Path) -> None:
        self._root = data_dir / FOLDER
        self._known: dict[str, tuple[Signature, Index]] = {}

    async def find(self, folder: str, question: str) -> tuple[Found, ...]:
        """The sections that answer the question, best first."""
        index = await asyncio.to_thread(self._open, folder)
        return index.find(question)

    def _open(self, folder: str) -> Index:
        files = files_of(self._root / folder)
        signature = tuple((path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in files)
        known = self._known.get(folder)
        if known and known[0] == signature:
            return known[1]
        index = Index([section for path in files for section in _read(path)])
        if len(self._known) >= MOST_KEPT:
            self._known.clear()
        self._known[folder] = (signature, index)
        return index


def files_of(folder: Path) -> list[Path]:
    """The Markdown files in it that are read, by name; a link is not followed, so that none leads out of the folder."""
    if not folder.is_dir():
        log.warning("the knowledge folder is missing", extra={"folder": folder.name})
        return []
    found = [path for path in sorted(folder.iterdir()) if path.suffix == ".md" and path.is_file()]
    fit = [path for path in found if not path.is_symlink() and path.stat().st_size <= LARGEST_FILE]
    if len(fit) < len(found) or len(fit) > MOST_FILES:
        log.warning("files of the knowledge folder are left out", extra={"folder": folder.name, "files": len(found)})
    return fit[:MOST_FILES]


def _read(path: Path) -> list[Section]:
    return list(read_sections(path.name, path.read_text(encoding="utf-8", errors="replace")))
