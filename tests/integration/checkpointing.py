"""Sealed checkpoints of either database for tests: a small graph over them, and the rows as somebody with the file sees them."""

import asyncio
import operator
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any

import aiosqlite
import psycopg
from langchain_core.messages import AnyMessage, HumanMessage
from langgraph.graph import END, START, StateGraph
from langgraph.graph.message import add_messages
from psycopg import sql
from typing_extensions import TypedDict

from graph.checkpoints import Checkpoints, open_checkpoints, present
from pipewise.settings import Settings, load_settings
from pipewise.storage.tenancy import ACCOUNT_SETTING
from pipewise.vault import Vault
from tests.postgres import find_binaries

KEY = "a master key"
OWNER = "5b3f6c1e-0000-5000-8000-0000000000aa"
THREAD = "5b3f6c1e-0000-5000-8000-000000000001"


class State(TypedDict, total=False):
    text: str
    score: int
    fails: bool
    log: Annotated[list[str], operator.add]
    messages: Annotated[list[AnyMessage], add_messages]


async def note(state: State) -> dict[str, Any]:
    return {"log": [state["text"]], "messages": [HumanMessage(state["text"])]}


async def end(state: State) -> dict[str, Any]:
    if state.get("fails"):
        raise RuntimeError("torn")
    return {}


def small_graph(checkpoints: Checkpoints) -> Any:
    return (
        StateGraph(State)
        .add_node("note", note)
        .add_node("end", end)
        .add_edge(START, "note")
        .add_edge("note", "end")
        .add_edge("end", END)
        .compile(checkpointer=checkpoints.saver)
    )


async def take_turn(
    graph: Any, checkpoints: Checkpoints, pointer: str | None, thread: str = THREAD, **given: Any
) -> str:
    """As GraphTurns does: prune, start from the pointer, and the id of what was written."""
    await checkpoints.keep_only(thread, pointer, present())
    configurable = {"thread_id": thread, "turn": "a turn", **({"checkpoint_id": pointer} if pointer else {})}
    checkpoints.saver.given.add("a turn")
    try:
        await graph.ainvoke(given, {"configurable": configurable}, durability="exit", version="v2")
        written: str = checkpoints.saver.written["a turn"]["id"]
    finally:
        checkpoints.saver.forget_turn("a turn")
    return written


async def log_of(graph: Any, checkpoint_id: str, thread: str = THREAD) -> list[str]:
    state = await graph.aget_state({"configurable": {"thread_id": thread, "checkpoint_id": checkpoint_id}})
    found: list[str] = state.values.get("log", [])
    return found


def settings_of(database_url: str, folder: Path, **more: Any) -> Settings:
    return load_settings(database_url=database_url, data_dir=folder, **more)


@asynccontextmanager
async def opened(settings: Settings, *keys: str) -> AsyncIterator[Checkpoints]:
    async with open_checkpoints(settings, Vault(keys or (KEY,))) as checkpoints:
        yield checkpoints


class Intruder:
    """Somebody who can read and write the stored rows, and has no key."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.is_file = settings.is_embedded
        self.writes = "writes" if self.is_file else "checkpoint_writes"
        self.value = "value" if self.is_file else "blob"

    async def run(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """`?` marks a value; the rows of a SELECT."""
        if self.is_file:
            async with aiosqlite.connect(self._settings.checkpoint_path) as connection:
                rows = await connection.execute_fetchall(statement, values)
                await connection.commit()
                return [tuple(row) for row in rows]
        url = self._settings.sqlalchemy_url.replace("+psycopg", "")
        async with await psycopg.AsyncConnection.connect(url) as connection:
            await connection.execute(f"SET {ACCOUNT_SETTING} = '{OWNER}'".encode())  # whose the rows are made out to be
            done = await connection.execute(statement.replace("?", "%s").encode(), values)
            return await done.fetchall() if done.description else []

    async def everything(self) -> bytes:
        """All that is stored: the files, or every column of every table as text."""
        if self.is_file:
            folder = self._settings.checkpoint_path.parent
            return b"".join(path.read_bytes() for path in folder.glob(f"{self._settings.checkpoint_path.name}*"))
        tables = await self.run(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND starts_with(tablename, 'checkpoint')"
        )
        rows = [
            await self.run(sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(name)).as_string())
            for (name,) in tables
        ]
        return str(rows).encode() + await asyncio.to_thread(self._dump)

    def _dump(self) -> bytes:
        """What `pg_dump` writes; nothing where it is missing or older than the server."""
        program = find_binaries() / "pg_dump"
        if not program.exists():
            return b""
        url = self._settings.sqlalchemy_url.replace("+psycopg", "")
        return subprocess.run([program, f"--dbname={url}"], check=False, capture_output=True).stdout

    async def copy_checkpoint(self, source: str, target: str, thread: str = THREAD) -> None:
        """The envelope of one checkpoint in place of another's."""
        await self.run(
            "UPDATE checkpoints SET checkpoint = (SELECT o.checkpoint FROM checkpoints o WHERE o.checkpoint_id = ?), "
            "thread_id = ? WHERE checkpoint_id = ?",
            source,
            thread,
            target,
        )

    async def make_lead(self, account_id: str, thread: str) -> None:
        """Whose the conversation is."""
        now = "2026-12-03T12:00:00+00:00"
        account = "INSERT INTO accounts (id, paused, settings, created_at) VALUES (?, false, '{}', ?)"
        await self.run(account, account_id, now)
        await self.run(
            "INSERT INTO leads (id, account_id, status, tags, facts, agent, opted_out, timezone_certain, consent, "
            "ownership_version, thread_id, created_at, updated_at) "
            "VALUES ('a lead', ?, 'new', '[]', '{}', 'active', false, false, false, 0, ?, ?, ?)",
            *(account_id, thread, now, now),
        )

    async def clear(self) -> None:
        await self.run("DELETE FROM checkpoints")
        await self.run(f"DELETE FROM {self.writes}")  # noqa: S608  a constant name
