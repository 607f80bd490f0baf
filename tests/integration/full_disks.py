"""Disks that can be filled and emptied under a running service."""

import contextlib
import os
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import text

from tests.faults.plans import LONG, PLAN
from tests.integration.world import World

UNLIMITED = 1_000_000_000
# Only root may mount a file system.
KINDS = ["pages", *(["tmpfs"] if PLAN is LONG and os.geteuid() == 0 else [])]


class Disk(ABC):
    """`folder` is where the service keeps its data."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @abstractmethod
    async def fill(self, world: World) -> None: ...

    @abstractmethod
    async def free(self, world: World) -> None: ...


class LimitedPages(Disk):
    """SQLite's own limit, set on every connection that writes: to the file the disk is full at its present size."""

    async def fill(self, world: World) -> None:
        await self._limit(world, 1)  # less than there is means what there is

    async def free(self, world: World) -> None:
        await self._limit(world, UNLIMITED)

    async def _limit(self, world: World, pages: int) -> None:
        application: Any = world.app.state.services.application
        statement = f"PRAGMA max_page_count={pages}"
        await application.resources.database.transact(lambda connection: connection.execute(text(statement)))
        saver = application.turns._checkpoints.saver.inner
        async with saver.lock:
            await saver.conn.execute(statement)


class SmallFileSystem(Disk):
    """A file system of a few megabytes, and a file that takes what is left of it."""

    async def fill(self, world: World) -> None:
        with contextlib.suppress(OSError), (self.folder / "ballast").open("wb", buffering=0) as ballast:
            while True:
                ballast.write(bytes(4096))

    async def free(self, world: World) -> None:
        (self.folder / "ballast").unlink()


@contextmanager
def open_disk(kind: str, folder: Path) -> Iterator[Disk]:
    folder.mkdir()
    if kind == "pages":
        yield LimitedPages(folder)
        return
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(folder)], check=True)  # noqa: S607
    try:
        yield SmallFileSystem(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)  # noqa: S607
