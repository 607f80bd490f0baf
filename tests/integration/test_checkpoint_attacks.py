"""Rows that somebody with the database forged: nothing in them is deserialized, imported or called."""

import json
import pickle
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import ormsgpack
import pytest
from langgraph.checkpoint.serde import jsonplus

from graph.sealed_saver import SEALED, CheckpointRefused
from pipewise.settings import Settings
from pipewise.storage.database import open_database
from pipewise.storage.migrate import ensure_schema
from pipewise.storage.tenancy import act_for
from tests.integration.checkpointing import OWNER, THREAD, Intruder, log_of, opened, settings_of, small_graph, take_turn

# A module that nothing has imported, and that does something when it is.
TARGET = ("antigravity", "fly_away")
EXT_CODES = range(8)
ACTS = ("import", "exec", "compile", "os.", "subprocess.", "pickle.", "socket.connect", "webbrowser.")
seen: list[str] = []
watching = [False]


class Evil:
    def __reduce__(self) -> Any:
        import os  # noqa: PLC0415

        return os.getenv, ("HOME",)


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if watching[0] and event.startswith(ACTS):
        seen.append(f"{event} {arguments[:1]}")


@pytest.fixture(scope="module", autouse=True)
def _installed_hook() -> None:
    """It stays for the process's life: hooks cannot be taken out. Idle, it costs one look at a list."""
    sys.addaudithook(_hook)


@contextmanager
def watched() -> Iterator[list[str]]:
    seen.clear()
    watching[0] = True
    try:
        yield seen
    finally:
        watching[0] = False


def forged() -> Iterator[tuple[str, bytes]]:
    """(serialization, bytes) of everything that a serializer of LangGraph's has ever acted on."""
    for code in EXT_CODES:
        inner = ormsgpack.packb((*TARGET, ["x"], "model_validate_json"))
        yield "msgpack", ormsgpack.packb({"channel_values": {"text": ormsgpack.Ext(code, inner)}})
    for lc, kind in ((1, "constructor"), (1, "secret"), (2, "constructor")):
        envelope = {"lc": lc, "type": kind, "id": [*TARGET], "kwargs": {}, "method": "construct"}
        yield "json", json.dumps({"channel_values": {"text": envelope}}).encode()
    yield "pickle", pickle.dumps({"channel_values": {"text": Evil()}})
    yield "bytes", b"plain"
    yield "null", b""
    yield "msgpack+aes", b"not ours"


def marked() -> Iterator[tuple[str, bytes]]:
    """The same with our own mark on it."""
    yield from forged()
    for _, content in forged():
        yield SEALED, content


async def test_the_hook_sees_what_it_looks_for() -> None:
    with watched() as noticed:
        pickle.loads(pickle.dumps(Evil()))  # noqa: S301
        jsonplus.JsonPlusSerializer(allowed_msgpack_modules=True).loads_typed(next(forged()))
    assert [event for event in noticed if event.startswith("pickle.find_class")]
    assert [event for event in noticed if "antigravity" in event]
    sys.modules.pop("antigravity", None)


async def test_a_forged_pending_write_is_refused_unread(checkpoint_settings: Settings) -> None:
    intruder = Intruder(checkpoint_settings)
    async with opened(checkpoint_settings) as checkpoints:
        graph = small_graph(checkpoints)
        pointer = await take_turn(graph, checkpoints, None, text="one")
        statement = (
            f"INSERT INTO {intruder.writes} (thread_id, checkpoint_ns, checkpoint_id, task_id, idx, channel, type, "  # noqa: S608
            f"{intruder.value}) VALUES (?, '', ?, 'task', 0, 'text', ?, ?)"
        )
        for mark, content in marked():
            await intruder.run(f"DELETE FROM {intruder.writes}")  # noqa: S608
            await intruder.run(statement, THREAD, pointer, mark, content)
            with watched() as noticed, pytest.raises(CheckpointRefused):
                await checkpoints.saver.aget_tuple({"configurable": {"thread_id": THREAD}})
            assert noticed == [], mark
        await intruder.run(f"DELETE FROM {intruder.writes}")  # noqa: S608
        assert await log_of(graph, pointer) == ["one"]


async def test_a_forged_checkpoint_is_refused_unread(checkpoint_settings: Settings) -> None:
    intruder = Intruder(checkpoint_settings)
    async with opened(checkpoint_settings) as checkpoints:
        await take_turn(small_graph(checkpoints), checkpoints, None, text="one")
        for mark, content in marked():
            if intruder.is_file:
                await intruder.run("UPDATE checkpoints SET type = ?, checkpoint = ?", mark, content)
            else:
                await forge_in_postgres(intruder, mark, content)
            with watched() as noticed, pytest.raises(CheckpointRefused):
                await checkpoints.saver.aget_tuple({"configurable": {"thread_id": THREAD}})
            assert noticed == [], mark


async def forge_in_postgres(intruder: Intruder, mark: str, content: bytes) -> None:
    """There the content stands in a table of its own, which the checkpoint's JSON names."""
    outer = {"v": 4, "id": "x", "channel_values": {}, "channel_versions": {"sealed": "1"}}
    await intruder.run("DELETE FROM checkpoint_blobs")
    await intruder.run(
        "INSERT INTO checkpoint_blobs (thread_id, checkpoint_ns, channel, version, type, blob) "
        "VALUES (?, '', 'sealed', '1', ?, ?)",
        THREAD,
        mark,
        content,
    )
    await intruder.run("UPDATE checkpoints SET checkpoint = CAST(? AS jsonb)", json.dumps(outer))


@pytest.mark.parametrize(
    "outer",
    [
        "{}",
        "[]",
        "null",
        '{"v": 1}',
        '{"v": "x"}',
        '{"v": 4}',
        '{"v": 4, "channel_values": {"sealed": 7}}',
        '{"v": 4, "channel_values": {"sealed": "AAAA"}}',
        '{"v": 4, "channel_values": {"sealed": "not base64"}}',
        '{"v": 4, "channel_values": {"lc": 2, "type": "constructor", "id": ["os", "system"], "kwargs": {}}}',
    ],
)
async def test_a_forged_document_is_refused(shared_checkpoints: Settings, outer: str) -> None:
    intruder = Intruder(shared_checkpoints)
    async with opened(shared_checkpoints) as checkpoints:
        pointer = await take_turn(small_graph(checkpoints), checkpoints, None, text="one")
        second = await take_turn(small_graph(checkpoints), checkpoints, pointer, text="two")
        await intruder.run("UPDATE checkpoints SET checkpoint = CAST(? AS jsonb)", outer)
        with watched() as noticed, pytest.raises(CheckpointRefused):
            await log_of(small_graph(checkpoints), second)
        assert [event for event in noticed if event.startswith("pickle")] == []
        with pytest.raises(CheckpointRefused):
            [saved async for saved in checkpoints.saver.alist({"configurable": {"thread_id": THREAD}})]
        await intruder.clear()


@pytest.fixture
async def shared_checkpoints(shared_postgres_url: str, tmp_path: Any) -> Settings:
    settings = settings_of(shared_postgres_url, tmp_path)
    database = open_database(settings.sqlalchemy_url)
    await ensure_schema(database)
    await database.close()
    act_for(OWNER)
    return settings
