"""The fake vendors, seen from the benchmark: set, reset, counted."""

import asyncio
import json
from typing import Any

from bench.wire import Client

QUIET_SECONDS = 1.0
DRAIN_SECONDS = 180.0


class Vendors:
    def __init__(self, port: int) -> None:
        self.port = port
        self._client = Client(port)

    async def set_model(self, milliseconds: int) -> None:
        await self._client.request("POST", f"/bench/model/{milliseconds}")

    async def reset(self) -> None:
        await self._client.request("POST", "/bench/reset")

    async def counts(self) -> dict[str, int]:
        _, body = await self._client.request("GET", "/bench/counts")
        counts: dict[str, int] = json.loads(body)
        return counts

    async def calls_per_event(self, events: int) -> dict[str, float]:
        return {kind: count / max(1, events) for kind, count in sorted((await self.counts()).items())}

    async def sends(self, first: int = 0) -> list[dict[str, Any]]:
        """Every message taken since the last reset, from the given one on: id, recipient, callback, marks."""
        _, body = await self._client.request("GET", f"/bench/sends/{first}")
        sends: list[dict[str, Any]] = json.loads(body)
        return sends

    async def drain(self, quiet: float = QUIET_SECONDS) -> bool:
        """True once nobody has called for a while: what was started before has ended."""
        before: dict[str, int] | None = None
        for _ in range(int(DRAIN_SECONDS / quiet)):
            now = await self.counts()
            if now == before:
                return True
            before = now
            await asyncio.sleep(quiet)
        return False
