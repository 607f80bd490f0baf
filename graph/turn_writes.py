"""Which runs may still write: LangGraph's background writes of a run that was cancelled can come after its end."""

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager

MOST_CLOSED = 1000


class TurnWrites:
    def __init__(self) -> None:
        self._going: Counter[str | None] = Counter()
        self._closed: OrderedDict[str | None, None] = OrderedDict()
        self._ended = asyncio.Event()

    @contextmanager
    def writing(self, turn: str | None) -> Iterator[bool]:
        """False if the turn's writes are closed: what it would write is left out."""
        if turn in self._closed:
            yield False
            return
        self._going[turn] += 1
        try:
            yield True
        finally:
            self._going[turn] -= 1
            if not self._going[turn]:
                del self._going[turn]
            self._ended.set()

    async def close(self, turn: str) -> None:
        """Nothing is written for the turn once this returns."""
        self._closed[turn] = None
        if len(self._closed) > MOST_CLOSED:
            self._closed.popitem(last=False)
        while self._going[turn]:
            self._ended.clear()
            await self._ended.wait()
