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
from bench.wire import HOST, IDLE_SECONDS

TURNS_PER_SECOND = 8
# Webhooks alone and beside the streams, in turn: of all pairs together there are enough samples for a p99.
STREAMS, RUNS, PAIRS = 200, 10, 4
# The product gives a model 15 seconds.
SLOW_MS, MODEL_MS = 14_000, 300
RATE, LEADS = 20, 50
OPENING_SECONDS = 60.0
QUIET_SECONDS = 0.5


@contextlib.asynccontextmanager
async def _client(side: Side) -> AsyncIterator[httpx.AsyncClient]:
    limits = httpx.Limits(max_connections=None, keepalive_expiry=IDLE_SECONDS)
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
    """Acknowledgements without and with clients who follow runs that wait for their model; the same webhooks either way."""
    alone: list[float] = []
    beside: list[float] = []
    async with open_product(bed.folder("streams"), bed.vendors.port, bed.feed) as side, _client(side) as client:
        await bed.warm(side)
        for pair in range(PAIRS):
            alone += await _acknowledge(bed, side)
            before = side.process.memory_mb()
            async with _open_streams(bed, client, pair):
                if pair == 0:  # later the process has room that earlier work left
                    bed.results.add("streams_memory", "product", side.process.memory_mb() - before)
                beside += await _acknowledge(bed, side)
            await bed.settle("streams")
    for metric, seconds in (("streams_none_ack", alone), ("streams_ack", beside)):
        bed.results.add_percentiles(metric, "product", seconds, (50, 99))
    bed.results.add("streams_slow", "product", percentile(beside, 99) / percentile(alone, 99))


async def _acknowledge(bed: Bed, side: Side) -> list[float]:
    """Seconds. Their turns have ended as well when the next measurement begins."""
    await bed.vendors.set_model(MODEL_MS)
    samples = await side.load.write_at(RATE, max(bed.sizes.seconds, 3.0), LEADS, CLEAR)
    bed.results.check("streams_ack", side.name, samples)
    return samples.ack


@contextlib.asynccontextmanager
async def _open_streams(bed: Bed, client: httpx.AsyncClient, pair: int) -> AsyncIterator[None]:
    """Clients of runs that wait for their model, until the block ends."""
    await bed.settle("streams")
    await bed.vendors.set_model(SLOW_MS)
    first = FIRST_NUMBER + 10_000 + pair * RUNS
    places = [await _start_run(client, str(first + number)) for number in range(RUNS)]
    await bed.vendors.drain(QUIET_SECONDS)  # each of them has asked its model
    opened = asyncio.Semaphore(0)
    following = [asyncio.create_task(_follow(client, places[number % RUNS], opened)) for number in range(STREAMS)]
    async with asyncio.timeout(OPENING_SECONDS):
        for _ in following:
            await opened.acquire()
    yield
    still = sum(not task.done() for task in following)
    if still < STREAMS:
        bed.results.invalid.append(f"streams: only {still} of {STREAMS} were open all the time")
    for place in places:
        await client.post(f"{place}/cancel")
    await asyncio.gather(*following)


async def _start_run(client: httpx.AsyncClient, sender: str) -> str:
    """Its place."""
    thread = (await client.post("/threads", json={})).json()["thread_id"]
    modes = ["values", "updates", "messages-tuple"]
    body = {"assistant_id": "pipewise", "input": event_of(sender, CLEAR), "stream_mode": modes}
    run = (await client.post(f"/threads/{thread}/runs", json=body)).json()["run_id"]
    return f"/threads/{thread}/runs/{run}"


async def _follow(client: httpx.AsyncClient, place: str, opened: asyncio.Semaphore) -> None:
    """To the run's end."""
    async with client.stream("GET", f"{place}/stream") as answer:
        opened.release()
        async for _ in answer.aiter_lines():
            pass
