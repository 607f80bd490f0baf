"""Checkpoints at rest, on both savers: sealed, bound to their place, pruned by the lead's pointer, erased whole."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import HumanMessage
from langgraph.checkpoint.base.id import uuid6

from graph.checkpoint_rows import MOST_KEPT
from graph.checkpoints import Checkpoints, ensure_tables, present
from graph.sealed_saver import CheckpointRefused, EnvelopeSerializer
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
from tests.integration.command_line import pipewise
from tests.integration.test_secrets import disguises

# The statements are the tests' own.
# ruff: noqa: S608

OTHER = "5b3f6c1e-0000-5000-8000-000000000002"
TEXT_CANARY = "canary-in-a-text-Jq8wZb7kQ2"
NUMBER_CANARY = 847_261_530_914
MESSAGE_CANARY = "canary-in-a-message-Hn3mK6pL1"
CONFIG: Any = {"configurable": {"thread_id": THREAD, "checkpoint_ns": ""}}


@pytest.fixture
def settings(checkpoint_settings: Settings) -> Settings:
    return checkpoint_settings


@pytest.fixture
async def checkpoints(settings: Settings) -> AsyncIterator[Checkpoints]:
    async with opened(settings) as found:
        yield found


@pytest.fixture
def intruder(settings: Settings) -> Intruder:
    return Intruder(settings)


async def test_what_was_written_is_read_again_by_another_process(settings: Settings) -> None:
    async with opened(settings) as checkpoints:
        first = await take_turn(small_graph(checkpoints), checkpoints, None, text="one", score=1)
    async with opened(settings) as checkpoints:
        graph = small_graph(checkpoints)
        second = await take_turn(graph, checkpoints, first, text="two")
        state = await graph.aget_state({"configurable": {"thread_id": THREAD, "checkpoint_id": second}})
        listed = [saved async for saved in checkpoints.saver.alist(CONFIG)]
    assert (state.values["log"], state.values["score"]) == (["one", "two"], 1)
    assert [type(message) for message in state.values["messages"]] == [HumanMessage, HumanMessage]
    assert [saved.config["configurable"]["checkpoint_id"] for saved in listed] == [second, first]
    assert [saved.metadata["source"] for saved in listed] == ["loop", "loop"]


async def test_nothing_that_was_said_lies_in_clear(checkpoints: Checkpoints, intruder: Intruder) -> None:
    given = {"text": TEXT_CANARY, "score": NUMBER_CANARY, "messages": [HumanMessage(MESSAGE_CANARY)]}
    pointer = await take_turn(small_graph(checkpoints), checkpoints, None, **given)
    at = {"configurable": {**CONFIG["configurable"], "checkpoint_id": pointer, "email": TEXT_CANARY}}
    await checkpoints.saver.aput_writes(at, [("text", TEXT_CANARY), ("score", NUMBER_CANARY)], "a task", "a path")
    stored = await intruder.everything()
    assert pointer.encode() in stored, "the rows were looked at"
    number = (
        str(NUMBER_CANARY).encode(),
        NUMBER_CANARY.to_bytes(8, "big"),
        NUMBER_CANARY.to_bytes(8, "big").hex().encode(),
    )
    hidden = [*disguises(TEXT_CANARY), *disguises(MESSAGE_CANARY), *number]
    assert [canary for canary in hidden if canary in stored] == []
    for (text,) in await intruder.run("SELECT CAST(metadata AS text) FROM checkpoints"):
        assert set(json.loads(text)) <= {"source", "step"}


async def test_a_run_leaves_its_configuration_out_of_the_rows(checkpoints: Checkpoints, intruder: Intruder) -> None:
    config: Any = {"configurable": {"thread_id": THREAD, "email": TEXT_CANARY}, "metadata": {"phone": MESSAGE_CANARY}}
    await small_graph(checkpoints).ainvoke({"text": "hello"}, config, durability="exit")
    stored = await intruder.everything()
    assert [canary for canary in (TEXT_CANARY, MESSAGE_CANARY) if canary.encode() in stored] == []


async def test_pending_writes_come_back_in_their_order(checkpoints: Checkpoints) -> None:
    pointer = await take_turn(small_graph(checkpoints), checkpoints, None, text="one")
    at: Any = {"configurable": {**CONFIG["configurable"], "checkpoint_id": pointer}}
    await checkpoints.saver.aput_writes(at, [("text", "b1"), ("score", 2)], "task b", "path 2")
    await checkpoints.saver.aput_writes(at, [("text", None)], "task z", "path 1")
    saved = await checkpoints.saver.aget_tuple(at)
    assert saved
    assert saved.pending_writes == [("task z", "text", None), ("task b", "text", "b1"), ("task b", "score", 2)]


async def test_what_is_not_sealed_or_stands_elsewhere_is_refused(
    checkpoints: Checkpoints, intruder: Intruder, settings: Settings
) -> None:
    graph = small_graph(checkpoints)
    first = await take_turn(graph, checkpoints, None, text="one")
    second = await take_turn(graph, checkpoints, first, text="two")
    alien = await take_turn(graph, checkpoints, None, OTHER, text="another lead's")

    async def refused(thread: str, checkpoint_id: str, reader: Checkpoints = checkpoints) -> str:
        with pytest.raises(CheckpointRefused) as told:
            await log_of(small_graph(reader), checkpoint_id, thread)
        return told.value.message

    async with AsyncExitStack() as stack:
        stranger = await stack.enter_async_context(opened(settings, "another master key"))
        assert "key" in await refused(THREAD, first, stranger)
    await intruder.copy_checkpoint(alien, first)
    assert "moved" in await refused(THREAD, first)
    await intruder.run("UPDATE checkpoints SET thread_id = ? WHERE checkpoint_id = ?", OTHER, second)
    assert "moved" in await refused(OTHER, second)
    changed = '\'{"v": 4, "channel_values": {"text": "mine"}}\''
    await intruder.run(f"UPDATE checkpoints SET checkpoint = {changed} WHERE checkpoint_id = ?", alien)
    assert "refused" in await refused(OTHER, alien) or "sealed" in await refused(OTHER, alien)


async def test_every_changed_byte_is_noticed(checkpoints: Checkpoints, intruder: Intruder) -> None:
    graph = small_graph(checkpoints)
    pointer = await take_turn(graph, checkpoints, None, text="one")
    [row] = await checkpoints.rows.read_after(checkpoints.rows.kinds[0], None, 9)
    assert row.envelope
    for place in (0, 1, 9, 21, len(row.envelope) // 2, len(row.envelope) - 1):
        forged = bytearray(row.envelope)
        forged[place] ^= 1
        await checkpoints.rows.replace(checkpoints.rows.kinds[0], [(row, bytes(forged))])
        with pytest.raises(CheckpointRefused):
            await log_of(graph, pointer)
        [now] = await checkpoints.rows.read_after(checkpoints.rows.kinds[0], None, 9)
        await checkpoints.rows.replace(checkpoints.rows.kinds[0], [(now, row.envelope)])
    assert await log_of(graph, pointer) == ["one"]
    assert len(await intruder.run("SELECT 1 FROM checkpoints")) == 1


@pytest.mark.parametrize("change", ["{value} = {plain}", "channel = 'score'", "task_id = 'other'", "checkpoint_id = ?"])
async def test_a_pending_write_that_was_changed_or_moved_is_refused(
    checkpoints: Checkpoints, intruder: Intruder, change: str
) -> None:
    graph = small_graph(checkpoints)
    first = await take_turn(graph, checkpoints, None, text="one")
    second = await take_turn(graph, checkpoints, first, text="two")
    at: Any = {"configurable": {**CONFIG["configurable"], "checkpoint_id": second}}
    await checkpoints.saver.aput_writes(at, [("text", "x")], "task")
    plain = "x'c3'" if intruder.is_file else "'\\xc3'"
    statement = f"UPDATE {intruder.writes} SET {change.format(value=intruder.value, plain=plain)}"
    await intruder.run(statement, *([first] if "?" in change else []))
    with pytest.raises(CheckpointRefused):
        await log_of(graph, first if "?" in change else second)


async def test_a_pending_write_that_was_copied_is_refused(checkpoints: Checkpoints, intruder: Intruder) -> None:
    graph = small_graph(checkpoints)
    pointer = await take_turn(graph, checkpoints, None, text="one")
    at: Any = {"configurable": {**CONFIG["configurable"], "checkpoint_id": pointer}}
    await checkpoints.saver.aput_writes(at, [("text", "x")], "task")
    columns = f"thread_id, checkpoint_ns, checkpoint_id, task_id, channel, type, {intruder.value}, task_path"
    await intruder.run(f"INSERT INTO {intruder.writes} ({columns}, idx) SELECT {columns}, 7 FROM {intruder.writes}")
    with pytest.raises(CheckpointRefused):
        await log_of(graph, pointer)


async def test_history_is_filtered_by_nothing_but_what_lies_in_clear(checkpoints: Checkpoints) -> None:
    await take_turn(small_graph(checkpoints), checkpoints, None, text="one")
    assert len([saved async for saved in checkpoints.saver.alist(CONFIG, filter={"source": "loop"})]) == 1
    with pytest.raises(ValueError, match="source and step"):
        [saved async for saved in checkpoints.saver.alist(CONFIG, filter={"text') OR 1=1 --": "one"})]


async def test_a_turn_starts_from_the_pointer_whatever_a_torn_one_left(
    checkpoints: Checkpoints, intruder: Intruder
) -> None:
    graph = small_graph(checkpoints)
    pointer = await take_turn(graph, checkpoints, None, text="one")
    zombie = await take_turn(graph, checkpoints, pointer, text="never committed")
    assert zombie > pointer
    with pytest.raises(RuntimeError, match="torn"):
        await take_turn(graph, checkpoints, pointer, text="torn", fails=True)
    checkpoints.saver.written.clear()
    next_one = await take_turn(graph, checkpoints, pointer, text="two")
    assert await log_of(graph, next_one) == ["one", "two"]
    kept = {row[0] for row in await intruder.run("SELECT checkpoint_id FROM checkpoints")}
    assert kept == {pointer, next_one}
    assert await intruder.run(f"SELECT 1 FROM {intruder.writes}") == []


async def test_a_turn_reads_no_checkpoint_but_the_one_that_is_pointed_at(
    checkpoints: Checkpoints, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = small_graph(checkpoints)
    pointer = await take_turn(graph, checkpoints, None, text="one")
    zombie = await take_turn(graph, checkpoints, pointer, text="never committed")
    asked, inner = [], checkpoints.saver.inner
    read = inner.aget_tuple

    async def counted(config: Any) -> Any:
        asked.append(config["configurable"].get("checkpoint_id"))
        return await read(config)

    monkeypatch.setattr(inner, "aget_tuple", counted)
    monkeypatch.setattr(checkpoints.saver, "_alone", False)  # as beside other processes: nothing is remembered
    checkpoints.saver.forget_recent(THREAD)
    next_one = await take_turn(graph, checkpoints, pointer, text="two")
    assert asked == [pointer]
    assert await log_of(graph, next_one) == ["one", "two"]
    assert zombie > pointer


async def test_pruning_leaves_what_the_lead_points_at_though_it_is_not_the_newest(
    checkpoints: Checkpoints, intruder: Intruder
) -> None:
    graph = small_graph(checkpoints)
    pointer = await take_turn(graph, checkpoints, None, text="one")
    await take_turn(graph, checkpoints, pointer, text="zombie")
    await checkpoints.keep_only(THREAD, pointer, present())
    assert await intruder.run("SELECT checkpoint_id FROM checkpoints") == [(pointer,)]
    assert await log_of(graph, pointer) == ["one"]


async def test_a_worker_that_was_paused_takes_nothing_from_its_successor(
    checkpoints: Checkpoints, intruder: Intruder
) -> None:
    graph, known = small_graph(checkpoints), None
    for number in range(MOST_KEPT):
        known = await take_turn(graph, checkpoints, known, text=str(number))
    paused_at = present()
    committed = await take_turn(graph, checkpoints, known, text="of the successor")
    await checkpoints.keep_only(THREAD, known, paused_at)
    kept = {row[0] for row in await intruder.run("SELECT checkpoint_id FROM checkpoints")}
    assert kept == {known, committed}
    assert (await log_of(graph, committed))[-1] == "of the successor"


async def test_the_past_does_not_pile_up(checkpoints: Checkpoints, intruder: Intruder) -> None:
    graph, pointer = small_graph(checkpoints), None
    for number in range(MOST_KEPT * 2 + 3):
        pointer = await take_turn(graph, checkpoints, pointer, text=str(number))
        assert len(await intruder.run("SELECT 1 FROM checkpoints")) <= MOST_KEPT + 1
    assert pointer
    assert len(await log_of(graph, pointer)) == MOST_KEPT * 2 + 3


async def test_a_checkpoint_is_on_disk_before_anything_points_at_it(tmp_path: Path) -> None:
    async with opened(settings_of(f"sqlite+aiosqlite:///{tmp_path / 'pipewise.db'}", tmp_path)) as checkpoints:
        saver: Any = checkpoints.saver.inner
        found = [
            await (await saver.conn.execute(f"PRAGMA {name}")).fetchone() for name in ("journal_mode", "synchronous")
        ]
    assert found == [("wal",), (2,)]


async def test_a_thread_is_forgotten_and_no_other(checkpoints: Checkpoints, intruder: Intruder) -> None:
    graph = small_graph(checkpoints)
    pointer = await take_turn(graph, checkpoints, None, text="one")
    at: Any = {"configurable": {**CONFIG["configurable"], "checkpoint_id": pointer}}
    await checkpoints.saver.aput_writes(at, [("text", "x")], "task")
    other = await take_turn(graph, checkpoints, None, OTHER, text="another lead's")
    await checkpoints.forget(THREAD)
    assert await intruder.run("SELECT thread_id FROM checkpoints") == [(OTHER,)]
    assert await intruder.run(f"SELECT thread_id FROM {intruder.writes}") == []
    assert await log_of(graph, other, OTHER) == ["another lead's"]


async def migrated(url: str) -> None:
    database = open_database(url)
    await ensure_schema(database)
    await database.close()


async def test_many_starters_make_the_tables_once(postgres_url: str, tmp_path: Path) -> None:
    settings = settings_of(postgres_url, tmp_path)
    await migrated(postgres_url)
    assert sorted(await asyncio.gather(*(ensure_tables(settings) for _ in range(4)))) == [False, False, False, True]
    assert await ensure_tables(settings) is False


def test_the_command_makes_the_tables_too(postgres_url: str, tmp_path: Path) -> None:
    given = {"PIPEWISE_DATABASE_URL": postgres_url}
    assert "now at" in pipewise("migrate", settings=given).out
    assert asyncio.run(ensure_tables(settings_of(postgres_url, tmp_path))) is False
    assert "already at" in pipewise("migrate", settings=given).out


async def test_in_production_only_the_command_makes_the_tables(postgres_url: str, tmp_path: Path) -> None:
    settings = settings_of(
        postgres_url, tmp_path, env="production", secret_keys="k" * 40, public_url="https://pipewise.example"
    )
    await migrated(postgres_url)
    with pytest.raises(SettingsError, match="pipewise migrate"):
        async with opened(settings):
            pass
    await ensure_tables(settings)
    act_for(OWNER)
    async with opened(settings) as checkpoints:
        await take_turn(small_graph(checkpoints), checkpoints, None, text="one")


def test_an_envelope_without_our_mark_is_refused_before_it_is_looked_at() -> None:
    envelope = EnvelopeSerializer().dumps_typed(b"an envelope")
    assert EnvelopeSerializer().loads_typed(envelope) == b"an envelope"
    with pytest.raises(CheckpointRefused):
        EnvelopeSerializer().loads_typed(("msgpack", b"an envelope"))


def test_ids_are_ordered_by_time() -> None:
    before, made, after = present(), str(uuid6()), present()
    assert before < made < after


async def test_what_came_after_a_moment_can_be_taken_back(checkpoint_settings: Settings) -> None:
    async with opened(checkpoint_settings) as checkpoints:
        graph = small_graph(checkpoints)
        kept = await take_turn(graph, checkpoints, None, text="one")
        moment = present()
        gone = await take_turn(graph, checkpoints, kept, text="two")
        await checkpoints.drop_after(THREAD, moment)
        assert await log_of(graph, kept) == ["one"]
        assert await log_of(graph, gone) == []
