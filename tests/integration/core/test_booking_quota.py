"""The calendar's quota, ten bookings a minute, fifty an hour, a hundred a day, is held by every process together."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from pipewise.booking_quota import WINDOWS
from pipewise.bookings import BookingIntent, Bookings, intent_key
from pipewise.crash import CrashPoints
from pipewise.errors import Outcome, RateLimited
from pipewise.scheduling import BookingRequest, Slot
from pipewise.storage.booking_tries import quota_left, take_place
from pipewise.storage.tables import meetings
from pipewise.storage.tables_trust import booking_tries
from pipewise.storage.tenancy import acting_for
from tests.fakes import NOON
from tests.fakes_vendors import CALL
from tests.integration.core.harness import Core
from tests.integration.core.test_bookings import connection_of, posts


async def intent_at(core: Core, lead_id: str, number: int) -> BookingIntent:
    lead, start = await core.lead(lead_id), NOON + timedelta(days=2, minutes=30 * number)
    key = intent_key(lead, CALL.uri, start)
    slot = Slot(start, start.isoformat().replace("+00:00", "Z"), CALL.uri)
    request = BookingRequest(key, CALL, slot, "Ana Silva", "ana@silva.example", "Europe/Lisbon")
    return BookingIntent(core.account_id, lead, request, "run-1")


async def take(core: Core) -> float:
    async with core.database.write() as connection:
        return await take_place(connection, core.account_id, None, core.clock.now())


async def test_the_eleventh_booking_of_a_minute_is_not_sent(core: Core) -> None:
    lead_id = await core.hear("hi")
    for number in range(10):
        await core.bookings.book(connection_of(core), await intent_at(core, lead_id, number))
        core.clock.advance(1)
    with pytest.raises(RateLimited) as caught:
        await core.bookings.book(connection_of(core), await intent_at(core, lead_id, 10))
    assert (caught.value.outcome, caught.value.retry_after) == (Outcome.NOT_SENT, 50.0)
    assert posts(core) == 10
    rows = [row for row in await core.rows(meetings) if row["status"] == "failed"]
    assert len(rows) == 1, "a booking that was not sent is not claimed"
    core.clock.advance(50)
    await core.bookings.book(connection_of(core), await intent_at(core, lead_id, 10))
    assert posts(core) == 11


async def test_each_window_binds_and_opens_again(core: Core) -> None:
    taken: list[float] = []
    for _ in range(400):
        if not await take(core):
            taken.append(core.clock.now().timestamp())
        core.clock.advance(31)
    assert len(taken) == 100
    for seconds, limit in WINDOWS:
        assert max(sum(m - seconds < other <= m for other in taken) for m in taken) <= limit
    core.clock.advance(86_400)
    assert await take(core) == 0
    async with core.database.read() as connection:
        tries = (await connection.execute(select(booking_tries.c.tries))).scalar_one()
        left = await quota_left(connection, core.account_id, None, core.clock.now())
    assert len(tries) == 1, "what no window counts any more is not kept"
    assert [window["left"] for window in left["bookings"]] == [9, 49, 99]


async def test_two_processes_share_it(core: Core) -> None:
    """Each with connections of its own; a counter in memory would let each have ten."""
    lead_id = await core.hear("hi")
    other = Bookings(core.database, core.vault, core.clock, CrashPoints(), reconcile_waits=(0.0, 0.0))
    intents = [await intent_at(core, lead_id, number) for number in range(24)]
    processes = [core.bookings, other]
    with acting_for(core.account_id):
        ended = await asyncio.gather(
            *(processes[place % 2].book(connection_of(core), intent) for place, intent in enumerate(intents)),
            return_exceptions=True,
        )
    refused = [one for one in ended if isinstance(one, RateLimited)]
    assert (len(ended) - len(refused), posts(core)) == (10, 10), ended
