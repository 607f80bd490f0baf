"""Nothing is written for a run once its writes are closed, also what was under way."""

import asyncio

from graph.turn_writes import TurnWrites


async def test_closing_waits_for_what_is_under_way_and_lets_nothing_in_after_it() -> None:
    writes, told, go_on = TurnWrites(), [], asyncio.Event()

    async def write(name: str) -> None:
        with writes.writing("turn") as is_open:
            if is_open:
                await go_on.wait()
                told.append(name)

    first = asyncio.create_task(write("first"))
    await asyncio.sleep(0)
    closing = asyncio.create_task(writes.close("turn"))
    await asyncio.sleep(0)
    late = asyncio.create_task(write("late"))
    await asyncio.sleep(0)
    assert not closing.done()
    go_on.set()
    await asyncio.gather(first, closing, late)
    assert told == ["first"]
    with writes.writing("another") as is_open:
        assert is_open
    with writes.writing(None) as is_open:
        assert is_open
