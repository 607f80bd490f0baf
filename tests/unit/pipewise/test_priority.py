"""Acknowledgements before turns."""

import asyncio

from pipewise.priority import AckPriority


async def test_a_turn_waits_while_a_delivery_is_stored() -> None:
    priority = AckPriority()
    order: list[str] = []

    async def turn() -> None:
        await priority.give_way()
        order.append("turn")

    with priority.acknowledging():
        waiting = asyncio.create_task(turn())
        await asyncio.sleep(0.02)
        order.append("acknowledged")
    await waiting
    assert order == ["acknowledged", "turn"]


async def test_without_deliveries_nobody_waits() -> None:
    priority = AckPriority()
    async with asyncio.timeout(0.1):
        for _ in range(100):
            await priority.give_way()


async def test_deliveries_without_end_do_not_starve_turns() -> None:
    priority = AckPriority()
    with priority.acknowledging():
        async with asyncio.timeout(2):
            await priority.give_way()


async def test_two_deliveries_must_both_be_stored() -> None:
    priority = AckPriority()
    with priority.acknowledging():
        with priority.acknowledging():
            pass
        waiting = asyncio.create_task(priority.give_way())
        await asyncio.sleep(0.02)
        assert not waiting.done()
    await waiting
