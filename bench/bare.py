"""The bare baseline: the graph called in process, with no server, no saver and no send."""

import asyncio
import itertools
import time
from typing import Any

from bench.graph_bed import open_graph
from bench.samples import percentile


async def measure(seconds: float, leads: int, text: str) -> dict[str, float]:
    async with open_graph() as (_, graph, _):
        compiled = graph.compile()
        numbers = itertools.count(351_940_000_000)
        await _answer(compiled, next(numbers), text)  # the servers are warm, too, when they are measured
        latencies: list[float] = []

        async def keep_writing(until: float) -> None:
            while time.monotonic() < until:
                started = time.monotonic()
                await _answer(compiled, next(numbers), text)
                latencies.append(time.monotonic() - started)

        started, cpu = time.monotonic(), time.process_time()
        await asyncio.gather(*(keep_writing(started + seconds) for _ in range(leads)))
        elapsed, cpu = time.monotonic() - started, time.process_time() - cpu
    return {
        "events_per_s": len(latencies) / elapsed,
        "cpu_ms": cpu / len(latencies) * 1000,
        "p50_ms": percentile(latencies, 50) * 1000,
        "p95_ms": percentile(latencies, 95) * 1000,
    }


async def _answer(graph: Any, number: int, text: str) -> None:
    result = await graph.ainvoke({"event": {"platform": "whatsapp", "sender": str(number), "text": text}})
    assert result["outcome"]["kind"] == "offer", result  # noqa: S101  a baseline that fails early would look fast
