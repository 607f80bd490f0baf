"""Acknowledgements before turns: while a delivery is being stored, turns wait at their next step.

Both share one event loop. A vendor that waits for its 200 repeats the delivery; a lead does not notice a turn that starts its
next step some milliseconds later.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from pipewise.fair_queue import LAST, FairQueue

LONGEST_WAIT_SECONDS = 0.25


class AckPriority:
    def __init__(self) -> None:
        self._in_flight = 0
        self._clear = asyncio.Event()
        self._clear.set()
        self._one_at_a_time = FairQueue(1)

    @contextmanager
    def acknowledging(self) -> Iterator[None]:
        """A delivery is being read and stored."""
        self._in_flight += 1
        self._clear.clear()
        try:
            yield
        finally:
            self._in_flight -= 1
            if not self._in_flight:
                self._clear.set()

    async def give_way(self, user: str = "", order: float = LAST) -> None:
        """Called by a turn before each piece of work; `user` is its account, `order` rises from turn to turn. Turns pass one by
        one, users in turn, the one that began first before the others: many that go on side by side would all end late.
        Each pass takes a round of the event loop, so that those who waited do not start all at once; none waits for long,
        however many deliveries come."""
        async with self._one_at_a_time.place(user, order):
            if self._in_flight:
                with suppress(TimeoutError):
                    async with asyncio.timeout(LONGEST_WAIT_SECONDS):
                        await self._clear.wait()
            await asyncio.sleep(0)
