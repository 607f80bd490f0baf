"""A person who is erased is in no table, no checkpoint, no journal, and in no byte of the files."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg

from pipewise.storage.database import postgres_dsn
from tests.integration.world import LEAD, World, open_world

CANARY = "violet anteater"
EMAIL = "canary.person@example.com"
TRACES = (CANARY, EMAIL, LEAD, "Canary Person")


async def leave_traces(world: World) -> str:
    """A conversation of two turns, and what it leads to. The id of the lead."""
    await world.lead_says(f"Hi, I am Canary Person and I like the {CANARY}")
    await world.until_sends(1)
    await world.lead_says(f"You reach me at {EMAIL}. Can we book a call?")
    await world.until_sends(2)
    lead = await world.lead()
    written = {"json": {"text": f"About your {CANARY}"}, "headers": {"Idempotency-Key": "once"}}
    (await world.api.post(f"/api/leads/{lead['id']}/takeover")).raise_for_status()
    (await world.api.post(f"/api/leads/{lead['id']}/messages", **written)).raise_for_status()
    await world.until_sends(3)
    await world.settle()
    return str(lead["id"])


def read_sqlite(path: Path) -> dict[str, str]:
    with closing(sqlite3.connect(path)) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        every = {name: f'SELECT * FROM "{name}"' for name in names}  # noqa: S608  the database's own names
        return {name: str(connection.execute(statement).fetchall()) for name, statement in every.items()}


def read_postgres(url: str) -> dict[str, str]:
    with psycopg.connect(postgres_dsn(url)) as connection:
        statement = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        names = [row[0] for row in connection.execute(statement).fetchall()]
        every = {name: f'SELECT t::text FROM "{name}" t' for name in names}  # noqa: S608  the database's own names
        return {name: str(connection.execute(text.encode()).fetchall()) for name, text in every.items()}


def found(tables: dict[str, str], *traces: str) -> set[tuple[str, str]]:
    return {(name, trace) for name, rows in tables.items() for trace in traces if trace in rows}


def count(tables: dict[str, Any]) -> dict[str, int]:
    """Of what is sealed nothing can be read: it must be gone as a whole."""
    return {name: len(tables[name]) for name in ("journal", "checkpoints", "writes") if name in tables}


def stored_bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("*.db*"))


async def test_on_sqlite(tmp_path: Path) -> None:
    files = [tmp_path / "pipewise.db", tmp_path / "pipewise-checkpoints.db"]
    async with open_world(tmp_path) as world:
        lead_id = await leave_traces(world)
        before = {**read_sqlite(files[0]), **read_sqlite(files[1])}
        assert {trace for _, trace in found(before, *TRACES)} == set(TRACES)
        (await world.api.delete(f"/api/leads/{lead_id}")).raise_for_status()
        after = {**read_sqlite(files[0]), **read_sqlite(files[1])}
        assert found(after, *TRACES) == set()
        assert set(count(after).values()) == {len("[]")}
        assert {name for name, _ in found(after, lead_id)} == {"audit_entries"}
        assert (await world.api.get("/api/audit/verify")).json()["ok"] is True
        # While the service runs on: neither in the free pages of the file nor in its log.
        kept = stored_bytes(tmp_path)
        assert [trace for trace in TRACES if trace.encode() in kept] == []
    for file in files:
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert [trace for trace in TRACES if trace.encode() in stored_bytes(tmp_path)] == []


async def test_on_postgresql(postgres_url: str, tmp_path: Path) -> None:
    async with open_world(tmp_path, database_url=postgres_url) as world:
        lead_id = await leave_traces(world)
        assert {trace for _, trace in found(read_postgres(postgres_url), *TRACES)} == set(TRACES)
        (await world.api.delete(f"/api/leads/{lead_id}")).raise_for_status()
        after = read_postgres(postgres_url)
        assert found(after, *TRACES) == set()
        assert {
            name for name in ("journal", "checkpoints", "checkpoint_blobs", "checkpoint_writes") if after[name] != "[]"
        } == set()
