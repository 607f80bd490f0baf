"""Checkpoints: one thread per lead, sealed at rest, beside the tables: a file where they are in one, else PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from langgraph.checkpoint.base.id import uuid6
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver
from sqlalchemy.engine import make_url

from graph.checkpoint_rows import CheckpointRows, SqliteRows
from graph.sealed_saver import EnvelopeSerializer, SealedSaver
from graph.unsealed_checkpoints import import_file, seal_file
from pipewise.settings import Environment, Settings
from pipewise.storage import types
from pipewise.vault import Vault

POSTGRES_POOL = 4


@dataclass(frozen=True)
class Checkpoints:
    """`saver` for the graph, `rows` for what LangGraph's savers have no word for."""

    saver: SealedSaver
    rows: CheckpointRows

    async def keep_only(self, thread_id: str, checkpoint_id: str | None, before: str) -> None:
        """Leave the checkpoint that the lead points at, and nothing else of its thread: newer ones are of torn turns, older
        ones are the past, which the transcript keeps. What was written after `before` is of a turn that may be under way: a
        worker that was paused past its lease must not take from its successor."""
        await self.rows.prune(thread_id, checkpoint_id or "", before)

    async def drop_after(self, thread_id: str, after: str) -> None:
        """Remove what was written to a thread after a moment, given as an id."""
        await self.rows.drop_after(thread_id, after)
        self.saver.forget_recent(thread_id)

    async def forget(self, thread_id: str) -> None:
        await self.saver.adelete_thread(thread_id)


def thread_id_of(account_id: str, lead_id: str) -> str:
    return types.thread_id_of(account_id, lead_id)


def present() -> str:
    """The present moment as a checkpoint id: every id that was made before is smaller."""
    return str(uuid6())


@asynccontextmanager
async def open_checkpoints(settings: Settings, vault: Vault) -> AsyncIterator[Checkpoints]:
    """Raises SettingsError where the tables in PostgreSQL are behind and only `pipewise migrate` may change them."""
    if settings.is_embedded:
        async with _open_file(settings.checkpoint_path, vault) as opened:
            yield opened
    else:
        # Only now: the driver's pool and the saver take a third of a second to import.
        from graph.checkpoint_tables import check_tables, read_owners  # noqa: PLC0415
        from graph.postgres_checkpoints import open_pool  # noqa: PLC0415

        url = _libpq_url(settings.sqlalchemy_url)
        await check_tables(url, may_migrate=settings.env is not Environment.PRODUCTION)
        async with open_pool(url, POSTGRES_POOL) as (inner, rows):
            sealed = SealedSaver(inner, vault)
            if settings.checkpoint_path.exists():
                owners = await asyncio.to_thread(read_owners, settings.sqlalchemy_url)
                await import_file(settings.checkpoint_path, sealed, owners)
            yield Checkpoints(sealed, rows)


async def ensure_tables(settings: Settings) -> bool:
    """True if the tables of the checkpoints were changed; a file makes its own."""
    if settings.is_embedded:
        return False
    from graph.checkpoint_tables import check_tables  # noqa: PLC0415

    return await check_tables(_libpq_url(settings.sqlalchemy_url), may_migrate=True)


def _libpq_url(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


@asynccontextmanager
async def _open_file(path: Path, vault: Vault) -> AsyncIterator[Checkpoints]:
    """WAL, synchronous=FULL as the tables."""
    async with AsyncSqliteSaver.from_conn_string(str(path)) as saver:
        saver.serde = EnvelopeSerializer()
        await saver.setup()
        await saver.conn.execute("PRAGMA synchronous=FULL")
        sealed = SealedSaver(saver, vault, alone=True)
        await seal_file(saver.conn, sealed)
        yield Checkpoints(sealed, SqliteRows(saver))
