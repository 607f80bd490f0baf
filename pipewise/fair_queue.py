"""Places that are given in turn between users: whoever has a thousand leads waiting delays another's one lead by one place."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class FairQueue:
    """`places` at a time. Those of one user pass in the order they came; between users one of each passes in turn."""

    def __init__(self, places: int) -> None:
        self._free = places
        self._waiting: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()

    @asynccontextmanager
    async def place(self, user: str) -> AsyncIterator[None]:
        await self._enter(user)
        try:
            yield
        finally:
            self._leave()

    async def _enter(self, user: str) -> None:
        if self._free:
            self._free -= 1
            return
        asked: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(user, deque()).append(asked)
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
            asked = line.popleft()
            if line:
                self._waiting[user] = line  # to the end: all others come first
            if not asked.done():
                asked.set_result(None)
                return
        self._free += 1
