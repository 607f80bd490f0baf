"""What a run told, kept while it runs and for a while after, so that a client that was cut off goes on where it was."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from langchain_core.messages import BaseMessage, BaseMessageChunk, message_chunk_to_message

from graph.protocol_json import describe_checkpoint, dump

MOST_FINISHED = 256
MOST_FINISHED_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True)
class StreamEvent:
    """`number` counts from 1 and is the event's id."""

    number: int
    name: str
    data: bytes


class RunStream:
    """Any number may follow, each from where it likes."""

    def __init__(self) -> None:
        self._events: list[StreamEvent] = []
        self._grown = asyncio.Event()
        self.is_closed = False
        self.size = 0

    def tell(self, name: str, data: bytes) -> None:
        self._events.append(StreamEvent(len(self._events) + 1, name, data))
        self.size += len(data)
        self._ring()

    def close(self) -> None:
        self.is_closed = True
        self._ring()

    def _ring(self) -> None:
        self._grown.set()
        self._grown = asyncio.Event()

    async def follow(self, after: int = 0, beat: float | None = None) -> AsyncIterator[StreamEvent | None]:
        """What came after that event, and what comes, to the end; None whenever nothing came for so many seconds."""
        place = max(0, after)
        while True:
            grown = self._grown
            for event in self._events[place:]:
                place = event.number
                yield event
            if place < len(self._events):
                continue
            if self.is_closed:
                return
            try:
                async with asyncio.timeout(beat):
                    await grown.wait()
            except TimeoutError:
                yield None


class FinishedStreams:
    """The last runs' streams, within bounds; the oldest go first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Any] = OrderedDict()
        self._bytes = 0

    def add(self, run_id: str, run: Any) -> None:
        self._kept[run_id] = run
        self._bytes += run.stream.size
        while len(self._kept) > MOST_FINISHED or self._bytes > MOST_FINISHED_BYTES:
            _, gone = self._kept.popitem(last=False)
            self._bytes -= gone.stream.size

    def get(self, run_id: str) -> Any:
        return self._kept.get(run_id)

    def remove(self, run_id: str) -> None:
        gone = self._kept.pop(run_id, None)
        if gone:
            self._bytes -= gone.stream.size


class Teller:
    """Turns what the graph says into the protocol's events. `names`: the checkpoints' name of the thread, and the client's."""

    def __init__(self, stream: RunStream, modes: Collection[str], names: tuple[str, str], *, subgraphs: bool) -> None:
        self._stream = stream
        self._modes = frozenset(modes)
        self._kept_as, self._known_as = names
        self._subgraphs = subgraphs
        self._messages: dict[str, BaseMessage] = {}

    @property
    def graph_modes(self) -> tuple[str, ...]:
        """LangGraph's own names; the last chunk of the values is the output of `wait`."""
        wanted = {"messages" if mode == "messages-tuple" else mode for mode in self._modes}
        return tuple(sorted(wanted))

    def tell(self, name: str, data: Any) -> None:
        self._stream.tell(name, dump(data).replace(self._kept_as.encode(), self._known_as.encode()))

    def emit(self, namespace: tuple[str, ...], mode: str, told: Any) -> None:
        if namespace and not self._subgraphs:
            return
        if mode == "messages":
            self._emit_message(namespace, told)
        elif mode in self._modes:
            self.tell(_name(mode, namespace), _complete(told, self._known_as) if mode == "debug" else told)
        elif mode == "updates" and told.get("__interrupt__") and "values" not in self._modes:
            # A question to a person is told to everybody.
            self.tell(_name("values", namespace), told)

    def _emit_message(self, namespace: Sequence[str], told: tuple[BaseMessage, dict[str, Any]]) -> None:
        if "messages-tuple" in self._modes:
            self.tell(_name("messages", namespace), list(told))
        if "messages" not in self._modes:
            return
        message, about = told
        key = message.id or ""
        if isinstance(message, BaseMessageChunk) and key in self._messages:
            self._messages[key] = self._messages[key] + message  # type: ignore[assignment]
        else:
            self._messages[key] = message
            self.tell("messages/metadata", {key: {"metadata": about}})
        is_part = isinstance(message, BaseMessageChunk)
        whole = self._messages[key]
        shown = message_chunk_to_message(whole) if isinstance(whole, BaseMessageChunk) else whole
        self.tell("messages/partial" if is_part else "messages/complete", [shown])


def _name(mode: str, namespace: Sequence[str]) -> str:
    return "|".join((mode, *namespace))


def _complete(told: Any, thread_id: str) -> Any:
    if told.get("type") != "checkpoint":
        return told
    payload = told["payload"]
    places = {
        "checkpoint": describe_checkpoint(payload.get("config"), thread_id),
        "parent_checkpoint": describe_checkpoint(payload.get("parent_config"), thread_id),
    }
    return {**told, "payload": {**payload, **places}}
