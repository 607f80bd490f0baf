"""Checkpoints in PostgreSQL: LangGraph's saver over a pool, its tables, and the rows under it."""

import asyncio
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, cast
from weakref import WeakKeyDictionary

from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
from psycopg import AsyncConnection
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool

from graph.checkpoint_rows import CHECKPOINT_KEY, MOST_KEPT, WRITE_KEY, Key, RowKind, SealedRow
from graph.sealed_saver import SEALED, EnvelopeSerializer
from pipewise.storage.connection_state import ensure_open
from pipewise.storage.database_roles import take_role
from pipewise.storage.tenancy import ACCOUNT_SETTING, Account, EveryAccount, Roles, current_scope

Pool = AsyncConnectionPool[AsyncConnection[DictRow]]

# The names in these statements are constants of the saver's schema.
# ruff: noqa: S608
WAIT_SECONDS = 10.0


@asynccontextmanager
async def open_pool(url: str, size: int) -> AsyncIterator[tuple[AsyncPostgresSaver, "PostgresRows"]]:
    """`url` is libpq's form. The options are those that the saver needs of every connection."""
    options = {"autocommit": True, "prepare_threshold": 0, "row_factory": dict_row}
    # Looked at before it is handed out: after an outage each dead connection would cost a turn, and the lane a longer wait.
    # It is told whose rows may be touched until it comes back, unless it stands so already.
    roles = await _roles(url)
    told: WeakKeyDictionary[AsyncConnection[Any], tuple[str, str]] = WeakKeyDictionary()

    async def check(connection: AsyncConnection[Any]) -> None:
        await ensure_open(connection)
        scope = _scope(roles)
        if told.pop(connection, None) != scope:
            await connection.execute(_SCOPE, scope)
        told[connection] = scope

    pool: Pool = AsyncConnectionPool(
        url, min_size=1, max_size=size, open=False, kwargs=options, check=check, timeout=WAIT_SECONDS
    )
    async with pool:
        saver = AsyncPostgresSaver(pool, serde=EnvelopeSerializer())
        # Its lock would let one statement through at a time, which one connection needs and a pool does not.
        saver.lock = cast("asyncio.Lock", asyncio.Semaphore(size))
        yield saver, PostgresRows(pool)


_SCOPE = f"SELECT set_config('role', %s, false), set_config('{ACCOUNT_SETTING}', %s, false)".encode()


def _scope(roles: Roles) -> tuple[str, str]:
    scope = current_scope()
    role = roles.system if isinstance(scope, EveryAccount) else roles.app
    return role, scope.account_id if isinstance(scope, Account) else ""


async def _roles(url: str) -> Roles:
    async with await AsyncConnection.connect(url) as connection:
        return await take_role(connection)


class PostgresRows:
    kinds: tuple[RowKind, ...] = (
        RowKind("checkpoints", "checkpoints", CHECKPOINT_KEY, "checkpoint", "left(checkpoint #>> %(path)s, 12)"),
        RowKind("checkpoint writes", "checkpoint_writes", WRITE_KEY, "blob", "substring(blob from 1 for 9)"),
    )
    _PATH = ["channel_values", "sealed"]  # noqa: RUF012  psycopg adapts lists to arrays
    # One statement: it removes nothing, and so writes nothing, in most turns.
    _PRUNE = """
        WITH stands AS (
            SELECT count(*) > %(most)s OR count(*) FILTER (
                WHERE checkpoint_id COLLATE "C" > %(pointer)s AND checkpoint_id COLLATE "C" < %(before)s
            ) > 0 OR EXISTS (SELECT 1 FROM checkpoint_writes WHERE thread_id = %(thread)s) AS crowded
            FROM checkpoints WHERE thread_id = %(thread)s
        ), others AS (
            DELETE FROM checkpoints WHERE thread_id = %(thread)s AND checkpoint_id COLLATE "C" < %(before)s
            AND (checkpoint_ns <> '' OR checkpoint_id <> %(pointer)s) AND (SELECT crowded FROM stands)
        )
        DELETE FROM checkpoint_writes WHERE thread_id = %(thread)s AND checkpoint_id COLLATE "C" < %(before)s
        AND (SELECT crowded FROM stands)
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def prune(self, thread_id: str, pointer: str, before: str) -> None:
        given = {"thread": thread_id, "pointer": pointer, "before": before, "most": MOST_KEPT}
        async with self._pool.connection() as connection:
            await connection.execute(self._PRUNE, given)

    async def drop_after(self, thread_id: str, after: str) -> None:
        async with self._pool.connection() as connection, connection.transaction():
            for table in ("checkpoints", "checkpoint_writes"):
                statement = f'DELETE FROM {table} WHERE thread_id = %s AND checkpoint_id COLLATE "C" > %s'
                await connection.execute(statement.encode(), (thread_id, after))

    async def read_after(self, kind: RowKind, key: Key | None, limit: int) -> list[SealedRow]:
        keys = ", ".join(kind.key)
        after = f"WHERE ({keys}) > ({', '.join(['%s'] * len(kind.key))})" if key else ""
        value = "checkpoint #>> %s" if kind.key is CHECKPOINT_KEY else "blob"
        path = (self._PATH,) if kind.key is CHECKPOINT_KEY else ()
        mark = f"'{SEALED}'" if kind.key is CHECKPOINT_KEY else "type"
        statement = (
            f"SELECT {kind.columns} AS channel, {mark} AS mark, {value} AS envelope FROM {kind.table} {after} "
            f"ORDER BY {keys} LIMIT %s"
        )
        async with self._pool.connection() as connection:
            found = await connection.execute(statement.encode(), (*path, *(key or ()), limit))
            rows = [tuple(row.values()) for row in await found.fetchall()]
        width = len(kind.key)
        return [
            SealedRow(row[:width], kind.place(row), _stored(row[-1]) if row[-2] == SEALED else None) for row in rows
        ]

    async def replace(self, kind: RowKind, rows: Sequence[tuple[SealedRow, bytes]]) -> None:
        same = " AND ".join(f"{name} = %s" for name in kind.key)
        if kind.key is CHECKPOINT_KEY:
            statement = (
                f"UPDATE checkpoints SET checkpoint = jsonb_set(checkpoint, %s, to_jsonb(%s::text)) "
                f"WHERE {same} AND checkpoint #>> %s = %s"
            )
            given: list[tuple[Any, ...]] = [
                (self._PATH, _text(fresh), *row.key, self._PATH, _text(row.envelope or b"")) for row, fresh in rows
            ]
        else:
            statement = f"UPDATE checkpoint_writes SET blob = %s WHERE {same} AND blob = %s"
            given = [(fresh, *row.key, row.envelope) for row, fresh in rows]
        async with self._pool.connection() as connection, connection.transaction(), connection.cursor() as cursor:
            await cursor.executemany(statement.encode(), given)

    async def has_other(self, kind: RowKind, prefix: bytes) -> bool:
        wanted = _text(prefix) if kind.key is CHECKPOINT_KEY else prefix
        statement = f"SELECT 1 FROM {kind.table} WHERE {kind.prefix} IS DISTINCT FROM %(wanted)s LIMIT 1"
        async with self._pool.connection() as connection:
            found = await connection.execute(statement.encode(), {"wanted": wanted, "path": self._PATH})
            return await found.fetchone() is not None


def _text(envelope: bytes) -> str:
    """Nine bytes are twelve characters: a prefix of the one is a prefix of the other."""
    return b64encode(envelope).decode()


def _stored(value: object) -> bytes | None:
    if isinstance(value, bytes):
        return value
    try:
        return b64decode(value, validate=True) if isinstance(value, str) else None
    except ValueError:
        return None
