"""What a run told is told to everybody from the beginning, in order, within bounds."""

import asyncio
import json
from typing import Any

from langchain_core.messages import AIMessage, AIMessageChunk
from langgraph.types import Interrupt

from graph import run_stream
from graph.run_stream import FinishedStreams, RunStream, Teller

NAMES = ("11111111-0000-4000-8000-000000000000", "22222222-0000-4000-8000-000000000000")


def tell(modes: set[str], *parts: tuple[tuple[str, ...], str, Any], subgraphs: bool = False) -> list[tuple[str, Any]]:
    stream = RunStream()
    teller = Teller(stream, modes, NAMES, subgraphs=subgraphs)
    for part in parts:
        teller.emit(*part)
    return [(event.name, json.loads(event.data)) for event in stream._events]


async def collect(stream: RunStream, after: int = 0) -> list[int]:
    return [event.number async for event in stream.follow(after) if event]


async def test_whoever_comes_early_or_late_is_told_everything_once() -> None:
    stream = RunStream()
    early = asyncio.create_task(collect(stream))
    for number in range(3):
        stream.tell("updates", str(number).encode())
        await asyncio.sleep(0)
    late = asyncio.create_task(collect(stream, after=2))
    stream.tell("updates", b"3")
    stream.close()
    assert await early == [1, 2, 3, 4]
    assert await late == [3, 4]
    assert await collect(stream, after=99) == []


async def test_a_quiet_stream_gives_a_sign_of_life() -> None:
    stream = RunStream()
    beats = [event async for event in _first(stream.follow(0, 0.01), 2)]
    assert beats == [None, None]


async def _first(events: Any, most: int) -> Any:
    count = 0
    async for event in events:
        yield event
        count += 1
        if count == most:
            return


def test_only_what_was_asked_for_is_told() -> None:
    parts = (((), "values", {"a": 1}), ((), "updates", {"b": 2}), (("sub:1",), "updates", {"c": 3}))
    assert tell({"updates"}, *parts) == [("updates", {"b": 2})]
    assert tell({"updates"}, *parts, subgraphs=True) == [("updates", {"b": 2}), ("updates|sub:1", {"c": 3})]


def test_a_question_to_a_person_is_told_to_everybody() -> None:
    asked = ((), "updates", {"__interrupt__": (Interrupt({"text": "?"}, id="1"),)})
    ((name, data),) = tell({"custom"}, asked)
    assert (name, data["__interrupt__"]) == ("values", [{"id": "1", "value": {"text": "?"}}])
    assert tell({"values"}, asked) == [], "the values tell it themselves"


def test_the_clients_name_of_the_thread_is_the_one_that_is_told() -> None:
    assert tell({"debug"}, ((), "debug", {"type": "task", "thread_id": NAMES[0]})) == [
        ("debug", {"type": "task", "thread_id": NAMES[1]})
    ]


def test_parts_of_a_message_are_put_together() -> None:
    parts = [((), "messages", (AIMessageChunk(text, id="m"), {"step": 1})) for text in ("Hel", "lo")]
    told = tell({"messages"}, *parts, ((), "messages", (AIMessage("Bye", id="n"), {})))
    assert [name for name, _ in told] == [
        "messages/metadata",
        "messages/partial",
        "messages/partial",
        "messages/metadata",
        "messages/complete",
    ]
    assert told[2][1][0]["content"] == "Hello"
    assert told[4][1][0]["content"] == "Bye"
    assert [data[0]["content"] for _, data in tell({"messages-tuple"}, *parts)] == ["Hel", "lo"]


class Ended:
    def __init__(self, size: int) -> None:
        self.stream = RunStream()
        self.stream.tell("values", b"x" * size)


def test_what_ended_is_kept_within_bounds() -> None:
    kept = FinishedStreams()
    for number in range(run_stream.MOST_FINISHED + 5):
        kept.add(str(number), Ended(10))
    assert kept.get("4") is None
    assert kept.get("5") is not None
    kept.add("large", Ended(run_stream.MOST_FINISHED_BYTES))
    assert kept.get("10") is None
    kept.remove("large")
    kept.remove("unknown")
    assert kept.get("large") is None
