"""Bytes that are kept, table by table, indexes with their table: of SQLite files in their pages, of PostgreSQL on disk."""

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

from bench.postgres import connect

Sizes = Counter[str]


def sizes_of_folder(folder: Path) -> Sizes:
    """Of every database file in it, as `file.table`. What is only in a WAL counts as the pages it will be."""
    found: Sizes = Counter()
    for path in sorted(folder.glob("*.db")):
        found += Counter({f"{path.stem}.{table}": size for table, size in sizes_of_sqlite(path).items()})
    return found


def sizes_of_sqlite(path: Path) -> Sizes:
    """By whole pages; where the build of SQLite cannot tell whose they are, by the lengths of the values."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        connection.execute("BEGIN")
        try:
            return _by_pages(connection)
        except sqlite3.OperationalError:
            return _by_lengths(connection)


def _by_pages(connection: sqlite3.Connection) -> Sizes:
    counted = (
        "SELECT COALESCE(m.tbl_name, s.name), SUM(s.pgsize) FROM dbstat AS s "
        "LEFT JOIN sqlite_master AS m ON m.name = s.name GROUP BY 1"
    )
    return Counter({str(table): int(size) for table, size in connection.execute(counted)})


def _by_lengths(connection: sqlite3.Connection) -> Sizes:
    found: Sizes = Counter()
    tables = [str(row[0]) for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for table in tables:
        columns = [str(row[1]) for row in connection.execute(f'PRAGMA table_info("{table}")')]
        lengths = " + ".join(f'COALESCE(LENGTH(CAST("{column}" AS BLOB)), 0)' for column in columns)
        (size,) = connection.execute(f'SELECT COALESCE(SUM({lengths}), 0) FROM "{table}"').fetchone()  # noqa: S608  our own names
        found[table] = int(size)
    return found


def sizes_of_postgres(url: str) -> Sizes:
    """After dead rows were taken out: what vacuum leaves room for is used again."""
    wanted = (
        "SELECT c.relname, pg_total_relation_size(c.oid) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema')"
    )
    with connect(url) as connection:
        connection.execute("VACUUM FULL")
        return Counter({str(table): int(size) for table, size in connection.execute(wanted)})


def per_turn(before: Sizes, after: Sizes, turns: int) -> dict[str, float]:
    """Bytes by table, largest first; what did not change is left out."""
    grown = {name: (after[name] - before[name]) / turns for name in after.keys() | before.keys()}
    return dict(sorted(((name, size) for name, size in grown.items() if size), key=lambda item: -item[1]))
