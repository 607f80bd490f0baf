"""Places go round between users, in order within one, and none is lost to whoever leaves the line."""

import asyncio

from pipewise.fair_queue import FairQueue


async def take(queue: FairQueue, user: str, passed: list[str], name: str = "") -> None:
    async with queue.place(user):
        passed.append(name or user)
        await asyncio.sleep(0)


async def test_one_of_each_user_passes_in_turn() -> None:
    queue, passed = FairQueue(1), list[str]()
    async with queue.place("first"):
        crowd = [asyncio.create_task(take(queue, "noisy", passed)) for _ in range(50)]
        await asyncio.sleep(0)
        quiet = [asyncio.create_task(take(queue, "quiet", passed)) for _ in range(2)]
        await asyncio.sleep(0)
    await asyncio.gather(*crowd, *quiet)
    assert passed[:4] == ["noisy", "quiet", "noisy", "quiet"]
    assert len(passed) == 52


async def test_those_of_one_user_pass_in_the_order_they_came() -> None:
    queue, passed = FairQueue(1), list[str]()
    async with queue.place("first"):
        tasks = [asyncio.create_task(take(queue, "a", passed, str(number))) for number in range(5)]
        await asyncio.sleep(0)
    await asyncio.gather(*tasks)
    assert passed == ["0", "1", "2", "3", "4"]


async def test_no_more_pass_than_there_are_places() -> None:
    queue, inside, most = FairQueue(3), 0, 0

    async def work(user: str) -> None:
        nonlocal inside, most
        async with queue.place(user):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.001)
            inside -= 1

    await asyncio.gather(*(work(str(number % 4)) for number in range(40)))
    assert most == 3


async def test_a_place_is_not_lost_when_its_taker_is_cancelled() -> None:
    queue, passed = FairQueue(1), list[str]()
    async with queue.place("first"):
        waiting = asyncio.create_task(take(queue, "a", passed))
        given = asyncio.create_task(take(queue, "b", passed))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.sleep(0)
    given.cancel()  # it has its place by now, and has not gone on yet
    await asyncio.gather(waiting, given, return_exceptions=True)
    async with asyncio.timeout(5):
        await take(queue, "c", passed)
    assert passed == ["c"]


async def test_within_a_user_the_one_that_began_first_goes_first() -> None:
    queue, passed = FairQueue(1), list[str]()

    async def step(order: float) -> None:
        async with queue.place("a", order):
            passed.append(str(order))

    async with queue.place("first"):
        tasks = [asyncio.create_task(step(order)) for order in (3, 1, float("inf"), 2)]
        await asyncio.sleep(0)
    await asyncio.gather(*tasks)
    assert passed == ["1", "2", "3", "inf"]
