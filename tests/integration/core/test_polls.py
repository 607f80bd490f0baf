"""Who attends to a connection, and when: one process at a time, in good time, whatever the clock does."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from pipewise.storage import accounts, polls
from pipewise.storage.database import Database, open_database
from pipewise.storage.integrations import Integration, IntegrationStatus, insert_integration
from pipewise.storage.migrate import ensure_schema
from pipewise.storage.polls import LEASE, LONGEST_WAIT, SKEW, Poll
from pipewise.storage.tenancy import Purpose, acting_for, for_every_account
from tests.fakes import NOON

MINUTE = timedelta(minutes=1)


class Site:
    def __init__(self, database: Database, integration: Integration) -> None:
        self.database = database
        self.integration = integration

    async def claim(self, now: datetime) -> Poll | None:
        with acting_for(self.integration.account_id):
            return await self.database.transact(lambda connection: polls.claim(connection, self.integration, now))

    async def note(self, poll: Poll, **values: object) -> None:
        with acting_for(self.integration.account_id):
            await self.database.transact(lambda connection: polls.note(connection, poll, values))

    async def due(self, now: datetime) -> int:
        with for_every_account(Purpose.UPKEEP):
            return len(await self.database.ask(lambda connection: polls.list_due(connection, ["calendly"], now, 10)))


@pytest.fixture
async def site(database_url: str) -> AsyncIterator[Site]:
    database = open_database(database_url)
    await ensure_schema(database)
    async with database.write() as connection:
        user = await accounts.add_user(connection, "owner@shop.example", accounts.Role.ADMIN, NOON)
        row = {
            "id": "00000000-0000-4000-8000-000000000001",
            "account_id": user.account_id,
            "platform": "calendly",
            "name": "Calendly",
            "status": IntegrationStatus.CONNECTED,
            "settings": {},
            "hints": {},
            "account_ref": None,
            "vendor_state": {},
            "credentials": b"sealed",
            "created_at": NOON,
            "updated_at": NOON,
        }
        await insert_integration(connection, row)
    yield Site(database, Integration(**row))
    await database.close()


async def test_one_process_attends_and_a_dead_one_is_followed(site: Site) -> None:
    assert await site.due(NOON) == 1
    claimed = [poll for poll in await asyncio.gather(*(site.claim(NOON) for _ in range(6))) if poll]
    assert len(claimed) == 1
    assert (claimed[0].cursor, claimed[0].since) == (None, NOON - SKEW)
    async with site.database.write() as connection:
        await polls.hasten(connection, site.integration, NOON)
    assert await site.claim(NOON) is None, "a change does not set a second process on it"
    assert await site.claim(NOON + LEASE + MINUTE), "the first one died"


async def test_what_was_noted_is_read_again_when_it_is_due(site: Site) -> None:
    poll = await site.claim(NOON)
    assert poll
    await site.note(poll, mode="polling", cursor={"complete": True, "events": {}}, next_at=NOON + MINUTE)
    assert (await site.due(NOON + MINUTE / 2), await site.claim(NOON + MINUTE / 2)) == (0, None)
    again = await site.claim(NOON + MINUTE)
    assert again
    assert (again.mode, again.cursor) == ("polling", {"complete": True, "events": {}})
    await site.note(again, mode="webhook", cursor=None, since=NOON, next_at=NOON + 5 * MINUTE)
    last = await site.claim(NOON + 5 * MINUTE)
    assert last
    assert (last.mode, last.cursor, last.since) == ("webhook", None, NOON)


async def test_a_clock_that_went_back_holds_nothing_up(site: Site) -> None:
    poll = await site.claim(NOON + timedelta(days=400))
    assert poll
    await site.note(poll, next_at=NOON + timedelta(days=400) + LONGEST_WAIT)
    assert await site.due(NOON) == 1
    assert await site.claim(NOON)
