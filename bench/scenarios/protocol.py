"""The graph over HTTP: what it adds to calling the graph, and what many open streams cost."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator

import httpx

from bench.bed import CLEAR, Bed
from bench.credentials import API_TOKEN
from bench.direct import FIRST_NUMBER, event_of, open_direct
from bench.samples import percentile
from bench.sides import Side, open_product
from bench.wire import HOST

TURNS_PER_SECOND = 8
STREAMS = 200
# The product gives a model 15 seconds.
SLOW_MS, MODEL_MS = 14_000, 300
RATE, LEADS = 20, 50
OPENING_SECONDS = 60.0


@contextlib.asynccontextmanager
async def _client(side: Side) -> AsyncIterator[httpx.AsyncClient]:
    limits = httpx.Limits(max_connections=None)
    headers = {"authorization": f"Bearer {API_TOKEN}"}
    url = f"http://{HOST}:{side.process.port}"
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=120, limits=limits) as opened:
        yield opened


async def add_to_a_turn(bed: Bed) -> None:
    """One after the other in turns, each event a new lead's on a new thread, whose run and state are kept on either side."""
    await bed.vendors.set_model(0)
    side, _ = await bed.pair()
    direct_ms: list[float] = []
    http_ms: list[float] = []
    async with open_direct(bed.folder("direct"), bed.vendors.port) as ask, _client(side) as client:
        for number in range(round(bed.sizes.seconds * TURNS_PER_SECOND) + 5):
            started = time.monotonic()
            answer = await ask(str(FIRST_NUMBER + number), CLEAR)
            between = time.monotonic()
            thread = (await client.post("/threads", json={})).json()["thread_id"]
            asked = time.monotonic()
            body = {"assistant_id": "pipewise", "input": event_of(str(FIRST_NUMBER + number), CLEAR)}
            told = (await client.post(f"/threads/{thread}/runs/wait", json=body)).json()
            if number >= 5:  # both are warm
                direct_ms.append(between - started)
                http_ms.append(time.monotonic() - asked)
            if (answer["outcome"]["kind"], told["outcome"]["kind"]) != ("offer", "offer"):
                bed.results.invalid.append("http: the sides did not do the same work")
    for name, seconds in (("direct", direct_ms), ("product", http_ms)):
        bed.results.add_percentiles("http_turn", name, seconds, (50,))
    values = bed.results.values["http_turn_p50"]
    bed.results.add("http_adds", "product", values["product"][-1] - values["direct"][-1])
    await bed.settle("http")


async def keep_streams_open(bed: Bed) -> None:
    """Acknowledgements without and with clients who follow a run that waits for its model."""
    async with open_product(bed.folder("streams"), bed.vendors.port, bed.feed) as side, _client(side) as client:
        await bed.warm(side)
        await bed.vendors.set_model(MODEL_MS)
        alone = await _acknowledge(bed, side)
        before = side.process.memory_mb()
        await bed.vendors.set_model(SLOW_MS)
        path, opened = await _start_slow_run(client), asyncio.Semaphore(0)
        following = [asyncio.create_task(_follow(client, path, opened)) for _ in range(STREAMS)]
        async with asyncio.timeout(OPENING_SECONDS):
            for _ in following:
                await opened.acquire()
        await bed.vendors.set_model(MODEL_MS)
        beside = await _acknowledge(bed, side)
        bed.results.add_percentiles("streams_ack", "product", beside, (50, 99))
        bed.results.add("streams_slow", "product", percentile(beside, 99) / percentile(alone, 99))
        bed.results.add("streams_memory", "product", side.process.memory_mb() - before)
        still = sum(not task.done() for task in following)
        if still < STREAMS:
            bed.results.invalid.append(f"streams: only {still} of {STREAMS} were open all the time")
        await asyncio.gather(*following)
        await bed.settle("streams")


async def _acknowledge(bed: Bed, side: Side) -> list[float]:
    """Seconds."""
    samples = await side.load.write_at(RATE, max(bed.sizes.seconds, 3.0), LEADS, CLEAR)
    bed.results.check("streams_ack", side.name, samples)
    return samples.ack


async def _start_slow_run(client: httpx.AsyncClient) -> str:
    """Where it is followed."""
    thread = (await client.post("/threads", json={})).json()["thread_id"]
    body = {
        "assistant_id": "pipewise",
        "input": event_of(str(FIRST_NUMBER + 10_000), CLEAR),
        "stream_mode": ["values", "updates", "messages-tuple"],
    }
    run = (await client.post(f"/threads/{thread}/runs", json=body)).json()["run_id"]
    return f"/threads/{thread}/runs/{run}/stream"


async def _follow(client: httpx.AsyncClient, path: str, opened: asyncio.Semaphore) -> None:
    """To the run's end."""
    async with client.stream("GET", path) as answer:
        opened.release()
        async for _ in answer.aiter_lines():
            pass
