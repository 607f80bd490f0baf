"""Checkpoints: one thread per lead, read by the lead's pointer, orphans and the past removed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

from pipewise.storage.types import derived_id

MOST_KEPT = 5
_COUNT = "SELECT coalesce(sum(checkpoint_id > ?), 0), count(*) FROM checkpoints WHERE thread_id = ?"
_OTHERS = "thread_id = ? AND (checkpoint_ns != '' OR checkpoint_id != ?)"


def thread_id_of(account_id: str, lead_id: str) -> str:
    """A UUID, as LangGraph's server wants it, that tells nothing about the person."""
    return derived_id("thread", account_id, lead_id)


@asynccontextmanager
async def open_checkpointer(path: Path) -> AsyncIterator[AsyncSqliteSaver]:
    """The embedded checkpoint file: WAL, synchronous=FULL as the tables."""
    async with AsyncSqliteSaver.from_conn_string(str(path)) as saver:
        await saver.setup()
        await saver.conn.execute("PRAGMA synchronous=FULL")
        yield saver


async def has_checkpoint(saver: AsyncSqliteSaver, thread_id: str, checkpoint_id: str) -> bool:
    config: RunnableConfig = {"configurable": {"thread_id": thread_id, "checkpoint_id": checkpoint_id}}
    return await saver.aget_tuple(config) is not None


async def keep_only(saver: AsyncSqliteSaver, thread_id: str, checkpoint_id: str | None) -> None:
    """Leave the checkpoint that the lead points at, and nothing else of its thread: newer ones are of torn turns, older
    ones are the past, which the transcript keeps."""
    pointer = checkpoint_id or ""
    async with saver.lock:
        counted = await saver.conn.execute(_COUNT, (pointer, thread_id))
        newer, in_all = await counted.fetchone() or (0, 0)
        if not newer and in_all <= MOST_KEPT:
            # The past may pile up for a few turns: to remove it costs a commit of its own.
            return
        for table in ("checkpoints", "writes"):
            # Both names are constants of the saver's own schema.
            await saver.conn.execute(f"DELETE FROM {table} WHERE {_OTHERS}", (thread_id, pointer))  # noqa: S608
        await saver.conn.commit()
