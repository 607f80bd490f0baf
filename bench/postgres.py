"""A throw-away PostgreSQL for a run: its databases, and the processor time of all its processes.

It is the tests' kind of server, but durable: a commit waits for its disk, as SQLite's does.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg

from bench.processes import TICKS, stat_fields
from tests.postgres import DURABLE, PostgresServer, find_binaries, start_server


class Postgres:
    def __init__(self, server: PostgresServer) -> None:
        self._server = server

    def create_database(self) -> str:
        """Its SQLAlchemy URL."""
        return self._server.create_database()


class ServerProcesses:
    """The server of a database URL: its first process, the backends that live, and those that have ended."""

    def __init__(self, url: str) -> None:
        (home,) = parse_qs(urlsplit(url).query)["host"]
        self._pid = int((Path(home) / "data" / "postmaster.pid").read_text().splitlines()[0])

    def cpu_seconds(self) -> float:
        ticks = sum(map(int, stat_fields(self._pid)[11:15]))
        for path in Path("/proc").glob("[0-9]*"):
            with suppress(OSError, IndexError):  # it ended meanwhile: then the first process has its time
                fields = stat_fields(int(path.name))
                if int(fields[1]) == self._pid:
                    ticks += sum(map(int, fields[11:13]))
        return ticks / TICKS


@contextmanager
def open_postgres() -> Iterator[Postgres]:
    with start_server(find_binaries(), DURABLE) as server:
        yield Postgres(server)


def connect(url: str) -> psycopg.Connection:
    return psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://"), autocommit=True)
