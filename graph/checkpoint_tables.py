"""The tables of the saver in PostgreSQL, and whose each checkpoint is: a column that the saver knows nothing of, filled from the
transaction that writes the row, so that row-level security holds for conversations as for every other row."""

import asyncio

from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
from sqlalchemy import Connection, Engine, select, text
from sqlalchemy.engine import make_url

from pipewise.errors import SettingsError
from pipewise.storage import row_security
from pipewise.storage.database import open_plain_engine
from pipewise.storage.migrate import STARTUP_LOCK
from pipewise.storage.row_rights import CHECKPOINT_TABLES, OWN, SETTING
from pipewise.storage.tables import leads
from pipewise.storage.tables_threads import threads as thread_rows
from pipewise.storage.threads import place_of

NEWEST = len(AsyncPostgresSaver.MIGRATIONS) - 1
_PROTECTED = """
    SELECT count(*) FROM pg_policy WHERE polname = :policy
    AND polrelid = ANY (SELECT to_regclass(name) FROM unnest(CAST(:tables AS text[])) AS name)
"""


async def check_tables(url: str, *, may_migrate: bool) -> bool:
    """True if the tables were changed. Raises SettingsError if they are behind and `may_migrate` is false."""
    return await asyncio.to_thread(_check, url, may_migrate=may_migrate)


def _check(url: str, *, may_migrate: bool) -> bool:
    engine = _open(url)
    try:
        with engine.begin() as connection:
            if _is_done(connection):
                return False
            if not may_migrate:
                raise SettingsError("The tables of the checkpoints are behind; run `pipewise migrate` first.")
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": STARTUP_LOCK})
            # Looked for by making it: what was known of its absence before the wait may stand in the session's cache.
            connection.exec_driver_sql(AsyncPostgresSaver.MIGRATIONS[0])
            if _is_done(connection):
                return False
            _make_tables(connection)
            _make_owners(connection)
        return True
    finally:
        engine.dispose()


def _make_tables(connection: Connection) -> None:
    """The saver's own set-up builds its indexes concurrently, which waits for every transaction, also for those that wait for our
    lock; here the same statements run in one transaction."""
    for version in range(_version(connection) + 1, NEWEST + 1):
        connection.exec_driver_sql(AsyncPostgresSaver.MIGRATIONS[version].replace(" CONCURRENTLY ", " "))
        connection.execute(text("INSERT INTO checkpoint_migrations (v) VALUES (:version)"), {"version": version})


def _make_owners(connection: Connection) -> None:
    """Rows of a release that did not say whose they are get their lead's account; those of runs that were to be forgotten stay
    nobody's, and so out of everybody's sight."""
    row_security.take_down(connection)
    for table in CHECKPOINT_TABLES:
        _add_owner(connection, table)
    _fill(connection)
    row_security.put_up(connection)


def _version(connection: Connection) -> int:
    return int(connection.scalar(text("SELECT coalesce(max(v), -1) FROM checkpoint_migrations")) or 0)


def read_owners(url: str) -> dict[str, str]:
    """The account of each thread, as the login."""
    engine = _open(url)
    try:
        with engine.connect() as connection:
            return _owners(connection)
    finally:
        engine.dispose()


def _open(url: str) -> Engine:
    """`url` may be libpq's form."""
    return open_plain_engine(make_url(url).set(drivername="postgresql+psycopg").render_as_string(hide_password=False))


def _is_done(connection: Connection) -> bool:
    if not connection.scalar(text("SELECT to_regclass('checkpoint_migrations') IS NOT NULL")):
        return False
    if _version(connection) < NEWEST:
        return False
    given = {"policy": OWN, "tables": list(CHECKPOINT_TABLES)}
    protected: int | None = connection.scalar(text(_PROTECTED), given)
    return protected == len(CHECKPOINT_TABLES)


def _add_owner(connection: Connection, table: str) -> None:
    """Without a default first: rows that are there belong to nobody yet."""
    connection.execute(text(f"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS account_id text"))
    connection.execute(text(f"ALTER TABLE {table} ALTER COLUMN account_id SET DEFAULT {SETTING}"))


def _owners(connection: Connection) -> dict[str, str]:
    owners = {
        row.thread_id: row.account_id for row in connection.execute(select(leads.c.thread_id, leads.c.account_id))
    }
    columns = (thread_rows.c.account_id, thread_rows.c.thread_id, thread_rows.c.lead_id)
    for account_id, thread_id, lead_id in connection.execute(select(*columns)):
        owners[place_of(account_id, thread_id, lead_id)] = account_id
    owners.pop(None, None)
    return owners


def _fill(connection: Connection) -> None:
    owners = _owners(connection)
    given = {"places": list(owners), "accounts": list(owners.values())}
    for table in CHECKPOINT_TABLES:
        connection.execute(
            text(
                f"UPDATE {table} AS kept SET account_id = owner.account_id"  # noqa: S608  names of tables
                " FROM unnest(CAST(:places AS text[]), CAST(:accounts AS text[])) AS owner (place, account_id)"
                " WHERE kept.thread_id = owner.place AND kept.account_id IS NULL"
            ),
            given,
        )
