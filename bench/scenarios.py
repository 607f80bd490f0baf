"""What is measured, one scenario after the other; within a scenario the sides take turns, so that noise meets them alike."""

import asyncio
import json
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.load import Feed, Load, Samples
from bench.samples import percentile
from bench.sides import ROW_PATH, Side, open_naive, open_product, run_bare, start_product
from bench.wire import Client

LEADS = 20
BUSY_LEADS = 50
RATES = (20, 50)
MODEL_MS = 300
PAUSE_SECONDS = 0.1
QUIET_SECONDS = 1.0
DRAIN_SECONDS = 120.0
CLEAR, UNCLEAR = "Schedule a demo", "zzz qqq"
# Not of the work itself: asked once per process, or shown because a turn took long.
NOT_COMPARED = frozenset({"calendly.user", "whatsapp.typing"})


@dataclass
class Results:
    """values[metric][side] holds one number per round. `invalid` says why a comparison would not be fair."""

    values: defaultdict[str, defaultdict[str, list[float]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    calls: list[dict[str, dict[str, float]]] = field(default_factory=list)
    invalid: list[str] = field(default_factory=list)

    def add(self, metric: str, side: str, value: float) -> None:
        self.values[metric][side].append(value)

    def check(self, where: str, side: str, samples: Samples) -> None:
        if samples.refused or samples.unanswered:
            self.invalid.append(f"{where}, {side}: {samples.refused} refused, {samples.unanswered} not answered")


class Vendors:
    """The fake vendors, seen from here."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._client = Client(port)

    async def set_model(self, milliseconds: int) -> None:
        await self._client.request("POST", f"/bench/model/{milliseconds}")

    async def reset(self) -> None:
        await self._client.request("POST", "/bench/reset")

    async def counts(self) -> dict[str, int]:
        _, body = await self._client.request("GET", "/bench/counts")
        counts: dict[str, int] = json.loads(body)["counts"]
        return counts

    async def drain(self) -> bool:
        """True once nobody has called for a while: what was started before has ended."""
        before: dict[str, int] | None = None
        for _ in range(int(DRAIN_SECONDS / QUIET_SECONDS)):
            now = await self.counts()
            if now == before:
                return True
            before = now
            await asyncio.sleep(QUIET_SECONDS)
        return False


async def measure_all(folder: Path, vendors: Vendors, feed: Feed, *, seconds: float, rounds: int) -> Results:
    results = Results()
    for number in range(rounds):
        print(f"round {number + 1} of {rounds}: starts", end="", flush=True)
        data = folder / f"product-{number}"
        async with start_product(data, vendors.port) as process:
            results.add("start_new", "product", process.started_in)
        async with open_product(folder / f"plain-{number}", vendors.port, feed, model="offline") as plain:
            await plain.load.converse(2, min(seconds, 2.0), CLEAR)
            await _measure_plain_acks(results, vendors, plain, seconds)
        async with open_product(data, vendors.port, feed) as product:
            results.add("start", "product", product.process.started_in)
            async with open_naive(folder / f"naive-{number}", vendors.port, feed) as naive:
                results.add("start", "naive", naive.process.started_in)
                await _measure_round(results, vendors, (product, naive), seconds)
        print(", bare", end="", flush=True)
        await vendors.set_model(0)
        bare = await run_bare(folder / f"bare-{number}", vendors.port, seconds=seconds, leads=LEADS, text=CLEAR)
        results.add("throughput", "bare", bare["events_per_s"])
        results.add("cpu", "bare", bare["cpu_ms"])
        print(flush=True)
    return results


async def _measure_round(results: Results, vendors: Vendors, sides: tuple[Side, Side], seconds: float) -> None:
    product, naive = sides
    for side in sides:
        await side.load.converse(2, min(seconds, 2.0), CLEAR)  # imports, caches and connections are warm from here on
        results.add("memory_start", side.name, side.process.memory_mb())
    print(", saturation", end="", flush=True)
    calls = {side.name: await _saturate(results, vendors, side, seconds) for side in sides}
    results.calls.append(calls)
    _compare_calls(results, calls)
    for milliseconds in (0, MODEL_MS):
        print(f", latency with a model of {milliseconds} ms", end="", flush=True)
        await vendors.set_model(milliseconds)
        for side in sides:
            await _measure_latency(results, vendors, side, milliseconds, seconds)
    for side in sides:
        results.add("memory_load", side.name, side.process.memory_mb())
    await _count_saved_calls(results, vendors, product)
    for rate in RATES:
        print(f", acknowledgement at {rate}/s", end="", flush=True)
        await _measure_acks(results, vendors, (product, naive), rate, seconds)


async def _saturate(results: Results, vendors: Vendors, side: Side, seconds: float) -> dict[str, float]:
    """As fast as it goes. Returns the vendor calls of one event, by kind."""
    await vendors.set_model(0)
    await vendors.reset()
    cpu = side.process.cpu_seconds()
    samples = await side.load.converse(LEADS, seconds, CLEAR)
    await vendors.drain()
    cpu = side.process.cpu_seconds() - cpu
    events = max(1, len(samples.end_to_end))
    results.check("saturation", side.name, samples)
    results.add("throughput", side.name, events / samples.elapsed)
    results.add("cpu", side.name, cpu / events * 1000)
    return {kind: count / events for kind, count in sorted((await vendors.counts()).items())}


def _compare_calls(results: Results, calls: dict[str, dict[str, float]]) -> None:
    work = [{kind: round(n, 2) for kind, n in of.items() if kind not in NOT_COMPARED} for of in calls.values()]
    if work[0] != work[1]:
        results.invalid.append(f"the sides did not do the same work: {work[0]} and {work[1]} calls an event")


async def _measure_latency(results: Results, vendors: Vendors, side: Side, milliseconds: int, seconds: float) -> None:
    for leads, pause in ((1, PAUSE_SECONDS), (LEADS, 0.0)):
        samples = await side.load.converse(leads, seconds, CLEAR, pause=pause)
        results.check(f"{leads} leads, model {milliseconds} ms", side.name, samples)
        for percent in (50, 95):
            value = percentile(samples.end_to_end, percent) * 1000
            results.add(f"e2e_{leads}_{milliseconds}_p{percent}", side.name, value)
        await vendors.drain()


async def _count_saved_calls(results: Results, vendors: Vendors, side: Side) -> None:
    """What the model would be asked beside if the words did not speak for themselves."""
    found: dict[str, float] = {}
    await vendors.set_model(0)
    for text in (CLEAR, UNCLEAR):
        await vendors.reset()
        samples = await side.load.converse(2, 1.0, text)
        await vendors.drain()
        found[text] = (await vendors.counts()).get("model", 0) / max(1, len(samples.end_to_end))
    results.add("model_calls_clear", side.name, found[CLEAR])
    results.add("model_calls_unclear", side.name, found[UNCLEAR])


async def _measure_acks(
    results: Results, vendors: Vendors, sides: tuple[Side, Side], rate: int, seconds: float
) -> None:
    """The product while many leads' turns run; beside it, on the idle naive server, a route that commits one row."""
    product, naive = sides
    row = Load(naive.process.port, ROW_PATH, Feed())
    await vendors.set_model(MODEL_MS)
    measured: tuple[tuple[str, Load], ...] = (("row", row), ("product", product.load))
    for name, load in measured:
        samples = await load.write_at(rate, seconds, BUSY_LEADS, CLEAR)
        if samples.refused:
            results.invalid.append(f"{rate} webhooks/s, {name}: {samples.refused} refused")
        for percent in (50, 99):
            results.add(f"ack_{rate}_p{percent}", name, percentile(samples.ack, percent) * 1000)
    row.close()
    if not await vendors.drain():
        results.invalid.append(f"{rate} webhooks/s: not worked off within {DRAIN_SECONDS:g} s")


async def _measure_plain_acks(results: Results, vendors: Vendors, plain: Side, seconds: float) -> None:
    """The product as it is installed, with its offline model, and vendors that answer at once."""
    rate = RATES[0]
    samples = await plain.load.write_at(rate, seconds, BUSY_LEADS, CLEAR)
    if samples.refused:
        results.invalid.append(f"{rate} webhooks/s, as installed: {samples.refused} refused")
    for percent in (50, 99):
        results.add(f"ack_plain_p{percent}", "product", percentile(samples.ack, percent) * 1000)
    if not await vendors.drain():
        results.invalid.append(f"{rate} webhooks/s, as installed: not worked off within {DRAIN_SECONDS:g} s")


def as_json(results: Results) -> dict[str, Any]:
    return {"values": results.values, "calls": results.calls, "invalid": results.invalid}
