"""Places that are given in turn between users: whoever has a thousand leads waiting delays another's one lead by one place."""

import asyncio
import heapq
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

LAST = float("inf")

_Line = list[tuple[float, int, asyncio.Future[None]]]


class FairQueue:
    """`places` at a time. Between users one of each passes in turn; within one the lowest `order` first, then who came first."""

    def __init__(self, places: int) -> None:
        self._free = places
        self._waiting: OrderedDict[str, _Line] = OrderedDict()
        self._came = 0

    @property
    def free(self) -> int:
        """Places that can be had without waiting."""
        return self._free

    @asynccontextmanager
    async def place(self, user: str, order: float = LAST) -> AsyncIterator[None]:
        await self._enter(user, order)
        try:
            yield
        finally:
            self._leave()

    async def _enter(self, user: str, order: float) -> None:
        if self._free:
            self._free -= 1
            return
        asked: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._came += 1
        heapq.heappush(self._waiting.setdefault(user, []), (order, self._came, asked))
        try:
            await asked
        except asyncio.CancelledError:
            if asked.done() and not asked.cancelled():
                self._leave()  # it was given a place in the moment in which it was cancelled
            raise

    def _leave(self) -> None:
        """Give the place to the next user in turn, or keep it free."""
        while self._waiting:
            user, line = self._waiting.popitem(last=False)
            _, _, asked = heapq.heappop(line)
            if line:
                self._waiting[user] = line  # to the end: all others come first
            if not asked.done():
                asked.set_result(None)
                return
        self._free += 1
