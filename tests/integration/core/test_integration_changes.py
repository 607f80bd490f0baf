"""A connection that fails, or works again, is told in the timelines of the leads whose conversations it carries; on both databases."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from pipewise.retention import forget_expired
from pipewise.storage import accounts, timeline
from pipewise.storage import integrations as rows
from pipewise.storage.accounts import Role
from pipewise.storage.database import Database, open_database
from pipewise.storage.integrations import Integration, IntegrationStatus
from pipewise.storage.migrate import ensure_schema
from pipewise.storage.tables import events, integrations, leads
from pipewise.storage.tables_trust import integration_changes
from pipewise.storage.tenancy import Purpose, acting_for, for_every_account
from tests.fakes import NOON, FixedClock

SECOND = timedelta(seconds=1)
AWAY = {"code": "whatsapp_unavailable", "message": "WhatsApp does not answer."}
REFUSED = {"code": "whatsapp_auth_failed", "message": "WhatsApp knows the token no more."}


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = open_database(database_url)
    await ensure_schema(opened)
    yield opened
    await opened.close()


async def fill(database: Database, email: str) -> str:
    """An account with a lead who writes by one of two integrations. Their ids begin with the account's."""
    with for_every_account(Purpose.COMMAND_LINE):
        async with database.write() as connection:
            account_id = (await accounts.add_user(connection, email, Role.ADMIN, NOON)).account_id
    common: dict[str, Any] = {"account_id": account_id, "created_at": NOON, "updated_at": NOON}
    with acting_for(account_id):
        async with database.write() as connection:
            await connection.execute(insert(leads).values(id=lead_of(account_id), status="new", **common))
            for name in ("used", "unused"):
                made = {"id": f"{account_id[:20]}-{name}", "platform": "whatsapp", "name": name, "status": "connected"}
                await connection.execute(insert(integrations).values(**made, **common))
            await connection.execute(
                insert(events).values(
                    id=lead_of(account_id),
                    account_id=account_id,
                    integration_id=f"{account_id[:20]}-used",
                    lead_id=lead_of(account_id),
                    platform="whatsapp",
                    kind="message",
                    dedupe_key="one",
                    status="processed",
                    content={},
                    occurred_at=NOON,
                    received_at=NOON,
                )
            )
    return account_id


def lead_of(account_id: str) -> str:
    return f"{account_id[:20]}-lead"


async def one(database: Database, account_id: str, name: str) -> Integration:
    async with database.read() as connection:
        return await rows.get_integration(connection, account_id, f"{account_id[:20]}-{name}")


async def becomes(
    database: Database, integration: Integration, status: IntegrationStatus, error: dict[str, str] | None, at: datetime
) -> None:
    async with database.write() as connection:
        await rows.update_status(connection, integration, status, error, at)


async def told(database: Database, account_id: str, lead_id: str) -> list[tuple[str, str, str | None]]:
    with acting_for(account_id):
        async with database.read() as connection:
            found = await timeline.list_timeline(connection, account_id, lead_id, limit=50)
    facts = [entry.facts for entry in found if entry.kind == "integration"]
    return [(str(fact["before"]), str(fact["after"]), fact["code"]) for fact in facts]


async def fail_and_recover(database: Database, account_id: str) -> None:
    with acting_for(account_id):
        used = await one(database, account_id, "used")
        await becomes(database, used, IntegrationStatus.DEGRADED, AWAY, NOON + SECOND)
        await becomes(database, used, IntegrationStatus.DEGRADED, AWAY, NOON + 2 * SECOND)  # as it stands: no change
        async with database.write() as connection:
            await rows.note_stopped(connection, account_id, used.id, REFUSED, NOON + 3 * SECOND)
        async with database.write() as connection:
            await rows.note_success(connection, used, NOON + 4 * SECOND)
            await rows.note_success(connection, used, NOON + 5 * SECOND)


async def test_each_change_is_in_the_timeline_once_and_in_order(database: Database) -> None:
    account_id = await fill(database, "ana@shop.example")
    await fail_and_recover(database, account_id)
    assert await told(database, account_id, lead_of(account_id)) == [
        ("connected", "degraded", "whatsapp_unavailable"),
        ("degraded", "error", "whatsapp_auth_failed"),
        ("error", "connected", None),
    ]


async def test_pages_go_through_the_changes_one_by_one(database: Database) -> None:
    account_id = await fill(database, "ana@shop.example")
    await fail_and_recover(database, account_id)
    seen: list[str] = []
    position: timeline.Position | None = None
    with acting_for(account_id):
        while True:
            async with database.read() as connection:
                page = await timeline.list_timeline(
                    connection, account_id, lead_of(account_id), limit=1, position=position
                )
            if not page:
                break
            seen += [str(entry.facts["after"]) for entry in page]
            position = page[-1].position
    assert seen == ["degraded", "error", "connected"]


async def test_other_integrations_and_former_times_are_not_told(database: Database) -> None:
    account_id = await fill(database, "ana@shop.example")
    with acting_for(account_id):
        unused, used = await one(database, account_id, "unused"), await one(database, account_id, "used")
        await becomes(database, unused, IntegrationStatus.ERROR, REFUSED, NOON + SECOND)
        await becomes(database, used, IntegrationStatus.ERROR, REFUSED, NOON - SECOND)  # the lead was not there
    assert await told(database, account_id, lead_of(account_id)) == []


async def test_of_two_accounts_each_sees_its_own(database: Database) -> None:
    ana, ben = await fill(database, "ana@shop.example"), await fill(database, "ben@shop.example")
    await fail_and_recover(database, ana)
    assert await told(database, ben, lead_of(ben)) == []
    assert await told(database, ben, lead_of(ana)) == []
    assert len(await told(database, ana, lead_of(ana))) == 3


async def test_changes_are_kept_as_long_as_journals(database: Database) -> None:
    account_id = await fill(database, "ana@shop.example")
    await fail_and_recover(database, account_id)
    assert await forget_expired(database, FixedClock(NOON + timedelta(days=29)), 30) == 0
    assert await forget_expired(database, FixedClock(NOON + timedelta(days=31)), 30) == 3
    with acting_for(account_id):
        async with database.read() as connection:
            mine = select(func.count()).where(integration_changes.c.account_id == account_id)
            assert (await connection.execute(mine)).scalar_one() == 0
