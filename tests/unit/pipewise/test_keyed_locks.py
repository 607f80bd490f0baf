"""One at a time for each key, in the order of asking, and nothing is kept of it."""

import asyncio

import pytest

from pipewise.keyed_locks import KeyedLocks


async def test_each_key_has_a_line_of_its_own() -> None:
    locks, done = KeyedLocks(), []

    async def work(key: str, number: int) -> None:
        async with locks.hold(key):
            await asyncio.sleep(0)
            done.append((key, number))

    await asyncio.gather(*(work(key, number) for number in range(5) for key in "ab"))
    for key in "ab":
        assert [number for name, number in done if name == key] == list(range(5))
    assert locks._locks == {}


async def test_a_failure_or_a_cancelled_wait_holds_nobody_up() -> None:
    locks = KeyedLocks()
    with pytest.raises(ValueError, match="broken"):
        await _break(locks)
    async with asyncio.timeout(1), locks.hold("a"):
        pass
    assert locks._locks == {}


async def _break(locks: KeyedLocks) -> None:
    async with locks.hold("a"):
        waiting = asyncio.create_task(_hold(locks))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        raise ValueError("broken")


async def _hold(locks: KeyedLocks) -> None:
    async with locks.hold("a"):
        pass
