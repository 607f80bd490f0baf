"""Many leads that once wrote, put into the tables by copying one that did: whatever columns there are."""

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from pathlib import Path

from bench.postgres import connect

# Number ranges of the load start higher.
FIRST_STORED = 350_000_000_000
# Of the connection that fills only: it has the file to itself, and a crash would end the run anyway.
QUICK_TO_FILL = ("synchronous = OFF", "cache_size = -1000000", "temp_store = MEMORY")
# What a copy has for itself, by table; the other columns are the model's.
COPIED: Mapping[str, Mapping[str, str]] = {
    "leads": {"id": "filled.id", "phone": "'+' || filled.number"},
    "identities": {"lead_id": "filled.id", "external_id": "filled.number"},
    "lanes": {"lead_id": "filled.id", "due_at": "NULL", "holder": "NULL", "leased_until": "NULL"},
}


def copy_statement(table: str, columns: Iterable[str]) -> str:
    """One row for each of `filled`, like the table's first."""
    names = list(columns)
    values = [COPIED[table].get(name, f'model."{name}"') for name in names]
    shown = ", ".join(f'"{name}"' for name in names)
    # The names are those of our own tables.
    return f'INSERT INTO "{table}" ({shown}) SELECT {", ".join(values)} FROM filled, (SELECT * FROM "{table}" LIMIT 1) AS model'  # noqa: S608


def fill_sqlite(path: Path, leads: int) -> None:
    """Nobody else may have the file open."""
    numbers = f"WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < {leads})"  # noqa: S608  a number
    chosen = f"SELECT lower(hex(randomblob(16))) AS id, CAST({FIRST_STORED} + n AS TEXT) AS number FROM counted"  # noqa: S608  a number
    with closing(sqlite3.connect(path)) as connection, connection:
        for pragma in QUICK_TO_FILL:
            connection.execute(f"PRAGMA {pragma}")
        connection.execute(f"CREATE TEMP TABLE filled AS {numbers} {chosen}")

        def columns(table: str) -> list[str]:
            return [str(row[1]) for row in connection.execute(f'PRAGMA table_info("{table}")')]

        _fill(columns, connection.execute)


def fill_postgres(url: str, leads: int) -> None:
    chosen = f"SELECT gen_random_uuid()::text AS id, ({FIRST_STORED} + n)::text AS number FROM generate_series(1, {leads}) AS n"  # noqa: S608  a number
    with connect(url) as connection:
        connection.execute(f"CREATE TEMP TABLE filled AS {chosen}".encode())

        def columns(table: str) -> list[str]:
            wanted = (
                "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s"
            )
            return [str(row[0]) for row in connection.execute(wanted, (table,))]

        _fill(columns, lambda statement: connection.execute(statement.encode()))
        connection.execute("ANALYZE")


def _fill(columns: Callable[[str], list[str]], execute: Callable[[str], object]) -> None:
    for table in COPIED:
        if names := columns(table):
            execute(copy_statement(table, names))
