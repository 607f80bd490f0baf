"""Ends processes at random moments, and feeds a fixed share of the load to each of their lives."""

import asyncio
import random
from dataclasses import dataclass

from tests.faults.feed import Feed, Written
from tests.faults.site import Site

EARLIEST, LATEST = 0.1, 0.5
WRITERS = 12


@dataclass
class Stream:
    """Deliveries made by a number of writers at once, as far as they are let: those of one lead in their order."""

    feed: Feed
    script: list[list[Written]]

    def __post_init__(self) -> None:
        self._allowed = asyncio.Semaphore(0)
        self._queues: list[asyncio.Queue[list[Written] | None]] = [asyncio.Queue() for _ in range(WRITERS)]
        for batch in self.script:
            self._queues[int(batch[0].lead) % WRITERS].put_nowait(batch)
        for queue in self._queues:
            queue.put_nowait(None)
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        self._tasks = [asyncio.create_task(self._write(queue)) for queue in self._queues]

    def allow(self, deliveries: int) -> None:
        for _ in range(deliveries):
            self._allowed.release()

    async def finish(self) -> None:
        self.allow(len(self.script))
        await asyncio.gather(*self._tasks)

    def stop(self) -> None:
        for task in self._tasks:
            task.cancel()

    async def _write(self, queue: asyncio.Queue[list[Written] | None]) -> None:
        while (batch := await queue.get()) is not None:
            await self._allowed.acquire()
            await self.feed.deliver(batch)


async def kill_at_random(site: Site, stream: Stream, kills: int, rng: random.Random) -> None:
    """That many lives of 0.1 to 0.5 s after readiness, each with its share of the deliveries."""
    share = -(-len(stream.script) // (kills + 1))
    for _ in range(kills):
        process = await site.serve()
        stream.allow(share)
        await asyncio.sleep(rng.uniform(EARLIEST, LATEST))
        await site.kill(process)
