"""The loop that delivers webhooks ends when it is told to, whatever else happens at that moment."""

import asyncio

import httpx

from pipewise.clock import SystemClock
from pipewise.sandbox.deliveries import Deliveries
from pipewise.sandbox.faults import FaultBoard
from pipewise.sandbox.ledger import Ledger


async def test_an_end_that_comes_with_a_new_delivery_is_not_missed() -> None:
    async with httpx.AsyncClient() as http:
        clock = SystemClock()
        queue = Deliveries(clock, Ledger(clock), FaultBoard(clock), http)
        loop = asyncio.create_task(queue.run())
        await asyncio.sleep(0.01)
        queue._wake.set()
        await asyncio.sleep(0)  # the inner wait is over, and the loop has not yet gone on
        loop.cancel()
        done, _ = await asyncio.wait({loop}, timeout=2)
        loop.cancel()
        assert done, "the loop went on after its end"
        assert loop.cancelled()
