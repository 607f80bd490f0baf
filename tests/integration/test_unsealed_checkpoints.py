"""The checkpoint file of a release that sealed nothing is taken over once; afterwards a row in clear is refused."""

import pickle
import sqlite3
from pathlib import Path
from typing import Any

import ormsgpack
import pytest
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

from graph.sealed_saver import CheckpointRefused
from pipewise.errors import SettingsError
from pipewise.settings import Settings
from pipewise.storage.database import open_database
from pipewise.storage.migrate import ensure_schema
from pipewise.storage.tenancy import act_for
from tests.integration.checkpointing import (
    OWNER,
    THREAD,
    Intruder,
    log_of,
    opened,
    settings_of,
    small_graph,
    take_turn,
)

CANARY = "canary-in-the-old-file-Vc2eW9"


@pytest.fixture
def settings(sqlite_url: str, tmp_path: Path) -> Settings:
    return settings_of(sqlite_url, tmp_path)


class Unsealed:
    """As the former release opened the file."""

    def __init__(self, saver: AsyncSqliteSaver) -> None:
        self.saver = saver


async def write_old_file(path: Path) -> str:
    """Two turns of one thread, and what a torn one leaves; the pointer."""
    async with AsyncSqliteSaver.from_conn_string(str(path)) as saver:
        graph: Any = small_graph(Unsealed(saver))  # type: ignore[arg-type]
        config: Any = {"configurable": {"thread_id": THREAD}}
        for text in ("one", CANARY):
            await graph.ainvoke({"text": text, "score": 5}, config, durability="exit")
        pointer: str = (await graph.aget_state(config)).config["configurable"]["checkpoint_id"]
        at: Any = {"configurable": {"thread_id": THREAD, "checkpoint_ns": "", "checkpoint_id": pointer}}
        await saver.aput_writes(at, [("text", CANARY)], "torn")
    return pointer


async def test_conversations_go_on_and_nothing_lies_in_clear(settings: Settings) -> None:
    pointer = await write_old_file(settings.checkpoint_path)
    intruder = Intruder(settings)
    assert CANARY.encode() in await intruder.everything()
    async with opened(settings) as checkpoints:
        assert CANARY.encode() not in await intruder.everything()
        graph = small_graph(checkpoints)
        assert await log_of(graph, pointer) == ["one", CANARY]
        second = await take_turn(graph, checkpoints, pointer, text="three")
        state = await graph.aget_state({"configurable": {"thread_id": THREAD, "checkpoint_id": second}})
    assert (state.values["log"], state.values["score"]) == (["one", CANARY, "three"], 5)
    assert len(state.values["messages"]) == 3
    async with opened(settings) as checkpoints:
        assert await log_of(small_graph(checkpoints), second) == ["one", CANARY, "three"]


async def test_it_is_done_once(settings: Settings) -> None:
    async with opened(settings) as checkpoints:
        pointer = await take_turn(small_graph(checkpoints), checkpoints, None, text="one")
    plain = JsonPlusSerializer().dumps_typed({"channel_values": {"text": "mine"}})
    await Intruder(settings).run("UPDATE checkpoints SET type = ?, checkpoint = ?", *plain)
    async with opened(settings) as checkpoints:
        with pytest.raises(CheckpointRefused):
            await log_of(small_graph(checkpoints), pointer)


async def test_a_file_that_lost_its_mark_is_refused(settings: Settings) -> None:
    async with opened(settings) as checkpoints:
        await take_turn(small_graph(checkpoints), checkpoints, None, text="one")
    with sqlite3.connect(settings.checkpoint_path) as connection:
        connection.execute("PRAGMA user_version = 0")
    connection.close()
    with pytest.raises(SettingsError, match="mark"):
        async with opened(settings):
            pass


@pytest.mark.parametrize(
    "forged",
    [
        ("pickle", pickle.dumps({"channel_values": {}})),
        ("json", b'{"lc": 2, "type": "constructor", "id": ["os", "getenv"], "args": ["HOME"]}'),
        ("msgpack", ormsgpack.packb(ormsgpack.Ext(1, ormsgpack.packb(("os", "getenv", ["HOME"]))))),
        ("msgpack", b"\xc1"),
    ],
)
async def test_what_cannot_be_read_strictly_is_not_taken_over(settings: Settings, forged: tuple[str, bytes]) -> None:
    await write_old_file(settings.checkpoint_path)
    await Intruder(settings).run("UPDATE checkpoints SET type = ?, checkpoint = ?", *forged)
    async with opened(settings) as checkpoints:
        assert await checkpoints.saver.aget_tuple({"configurable": {"thread_id": THREAD}}) is None


async def test_a_stop_before_the_end_is_made_up_for(settings: Settings) -> None:
    await write_old_file(settings.checkpoint_path)
    async with opened(settings):
        pass
    with sqlite3.connect(settings.checkpoint_path) as connection:
        connection.execute("PRAGMA user_version = 1")
    connection.close()
    async with opened(settings):
        assert await Intruder(settings).run("PRAGMA user_version") == [(2,)]


async def test_beside_postgresql_the_file_is_taken_over_and_removed(postgres_url: str, tmp_path: Path) -> None:
    settings = settings_of(postgres_url, tmp_path)
    database = open_database(postgres_url)
    await ensure_schema(database)
    await database.close()
    await Intruder(settings).make_lead(OWNER, THREAD)
    pointer = await write_old_file(settings.checkpoint_path)
    act_for(OWNER)
    async with opened(settings) as checkpoints:
        assert not settings.checkpoint_path.exists()
        assert await log_of(small_graph(checkpoints), pointer) == ["one", CANARY]
