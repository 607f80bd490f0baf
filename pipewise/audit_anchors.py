"""Heads of the audit chains, written at an interval to a file in the data folder: where a chain and its head are cut back
together, or the whole is written anew, the file still knows better."""

import asyncio
import fcntl
import json
import logging
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pipewise.audit_chain import Anchor
from pipewise.storage import audit as rows
from pipewise.storage.database import Database
from pipewise.storage.tenancy import Purpose, for_every_account

log = logging.getLogger(__name__)
FILE = "audit-heads.jsonl"
EVERY_SECONDS = 60.0
LARGEST_FILE = 4 * 1024 * 1024


class AnchorFile:
    """One line for each head. Of a file that has grown large, the last line of each account is kept."""

    def __init__(self, path: Path, largest: int = LARGEST_FILE) -> None:
        self._path = path
        self._largest = largest

    def read(self) -> dict[str, dict[int, frozenset[str]]]:
        """Codes by account and place. A line that was cut off by a crash is left aside."""
        found: dict[str, dict[int, frozenset[str]]] = {}
        for anchor in self._lines():
            places = found.setdefault(anchor.account_id, {})
            places[anchor.seq] = places.get(anchor.seq, frozenset()) | {anchor.mac}
        return found

    def append(self, anchors: Iterable[Anchor]) -> None:
        """On disk when this returns."""
        lines = "".join(map(_line, anchors))
        if not lines:
            return
        with self._alone():
            _write(self._path, lines, os.O_APPEND)
            if self._path.stat().st_size > self._largest:
                self._shorten()

    def set_aside(self, name: str) -> None:
        """The database is put back to an older state on purpose: what was known of the newer one stays, under another name."""
        if self._path.exists():
            self._path.replace(self._path.with_name(name))

    def _shorten(self) -> None:
        last = {anchor.account_id: anchor for anchor in self._lines()}
        draft = self._path.with_suffix(".draft")
        _write(draft, "".join(map(_line, last.values())), os.O_TRUNC)
        draft.replace(self._path)

    def _lines(self) -> Iterator[Anchor]:
        if self._path.exists():
            yield from filter(None, map(_read_line, self._path.read_text(errors="replace").splitlines()))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Several processes may share a data folder."""
        descriptor = os.open(self._path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


class Anchoring:
    """Looks for chains that have grown and writes their heads down."""

    def __init__(self, database: Database, file: AnchorFile) -> None:
        self._database = database
        self._file = file
        self._written: dict[str, Anchor] = {}

    async def write(self) -> int:
        """How many heads were new."""
        with for_every_account(Purpose.UPKEEP):
            ends = await self._database.ask(rows.list_ends)
        fresh = [anchor for anchor in ends if self._written.get(anchor.account_id) != anchor]
        await asyncio.to_thread(self._file.append, fresh)
        self._written |= {anchor.account_id: anchor for anchor in fresh}
        return len(fresh)

    async def keep_writing(self) -> None:
        """At start, at an interval, and once more when it is cancelled."""
        try:
            while True:
                await self._try()
                await asyncio.sleep(EVERY_SECONDS)
        finally:
            await self._try()

    async def _try(self) -> None:
        try:
            await self.write()
        except Exception:
            # A loop of the worker: a database or disk that is away comes back, and a minute later is early enough.
            log.exception("the heads of the audit could not be written")


def _write(path: Path, text: str, how: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | how, 0o600)
    try:
        os.write(descriptor, text.encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _line(anchor: Anchor) -> str:
    return json.dumps({"account": anchor.account_id, "seq": anchor.seq, "mac": anchor.mac}) + "\n"


def _read_line(line: str) -> Anchor | None:
    try:
        told = json.loads(line)
        return Anchor(str(told["account"]), int(told["seq"]), str(told["mac"]))
    except (ValueError, KeyError, TypeError):
        return None
