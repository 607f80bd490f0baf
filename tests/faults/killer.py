"""Ends processes at random moments, and feeds a fixed share of the load to each of their lives."""

import asyncio
import os
import random
import signal
from asyncio.subprocess import Process
from typing import Self

from tests.faults.feed import Feed, Written
from tests.faults.site import Site

EARLIEST, LATEST = 0.1, 3.0  # a life has to be long enough for some of its turns to end, also on a busy machine
WRITERS = 12


class Stream:
    """Deliveries made by a number of writers at once, as far as they are let: those of one lead in their order."""

    def __init__(self, feed: Feed, script: list[list[Written]]) -> None:
        self.deliveries = len(script)
        self._feed = feed
        self._allowed = asyncio.Semaphore(0)
        queues: list[list[list[Written]]] = [[] for _ in range(WRITERS)]
        for batch in script:
            queues[int(batch[0].lead) % WRITERS].append(batch)
        self._tasks = [asyncio.create_task(self._write(queue)) for queue in queues]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()

    def allow(self, deliveries: int) -> None:
        for _ in range(deliveries):
            self._allowed.release()

    async def finish(self) -> None:
        """Everything that is left, until it is acknowledged."""
        self.allow(self.deliveries)
        await asyncio.gather(*self._tasks)

    async def _write(self, queue: list[list[Written]]) -> None:
        for batch in queue:
            await self._allowed.acquire()
            await self._feed.deliver(batch)


async def kill_at_random(site: Site, stream: Stream, kills: int, rng: random.Random) -> None:
    """That many lives of 0.1 to 3 s after readiness, each with its share of the deliveries."""
    share = -(-stream.deliveries // (kills + 1))
    for _ in range(kills):
        process = await site.serve()
        stream.allow(share)
        await asyncio.sleep(rng.uniform(EARLIEST, LATEST))
        await site.kill(process)


async def pause(process: Process, seconds: float) -> None:
    """Stopped in the middle of whatever it does, and continued."""
    os.killpg(process.pid, signal.SIGSTOP)
    await asyncio.sleep(seconds)
    os.killpg(process.pid, signal.SIGCONT)
