"""Tokens that run out: one renewal for everybody, kept before use, and no loop where the vendor gives nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from pipewise import integrations
from pipewise.errors import AuthFailed, Outcome, PlatformError, RateLimited, Unavailable
from pipewise.integrations import open_credentials
from pipewise.oauth.grants import Grant
from pipewise.oauth.renewal import TokenKeeper
from pipewise.oauth.schedule import warn_of_ends
from pipewise.platforms.registry import get_platform
from pipewise.storage import accounts, oauth
from pipewise.storage import integrations as rows
from pipewise.storage.database import Database, open_database
from pipewise.storage.integrations import Integration, IntegrationStatus
from pipewise.storage.migrate import ensure_schema
from pipewise.storage.tables import tasks
from pipewise.storage.tenancy import act_for
from pipewise.storage.types import new_id
from pipewise.vault import Vault
from tests.fakes import FixedClock

HOUR = 3600.0


class RotatingVendor:
    """Gives a new pair for each refresh token, once. `failures` are raised first, one by one; `loses` answers get lost."""

    platform = "x"

    def __init__(self) -> None:
        self.renewals = 0
        self.valid = {"refresh-0"}
        self.failures: list[PlatformError] = []
        self.loses = 0
        self.life: float | None = 2 * HOUR
        self.entered, self.door = asyncio.Event(), asyncio.Event()
        self.door.set()

    def missing(self) -> tuple[str, ...]:
        return ()

    def consent_url(self, redirect_uri: str, state: str, challenge: str) -> str:
        return f"{redirect_uri}?{state}{challenge}"

    async def redeem(self, code: str, verifier: str, redirect_uri: str) -> Grant:
        raise AssertionError("not asked here")

    async def describe(self, grant: Grant, known: Any) -> dict[str, Any]:
        raise AssertionError("not asked here")

    def renewable(self, credentials: Any) -> bool:
        return credentials.refresh_token is not None

    def renew_after(self, lifetime: float | None) -> float | None:
        return lifetime / 2 if lifetime else None

    async def renew(self, credentials: Any) -> Grant:
        self.renewals += 1
        self.entered.set()
        await asyncio.sleep(0.05)
        await self.door.wait()
        if self.failures:
            raise self.failures.pop(0)
        token = credentials.refresh_token.get_secret_value()
        if token not in self.valid:
            raise AuthFailed("Connect X again.", platform="x", manual_action_required=True)
        self.valid.remove(token)
        made = f"refresh-{self.renewals}"
        self.valid.add(made)
        if self.loses:
            self.loses -= 1
            raise Unavailable("The answer was lost.", platform="x", outcome=Outcome.UNKNOWN)
        return Grant(SecretStr(f"access-{self.renewals}"), SecretStr(made), self.life)


class Site:
    """Several processes over one database, each with a keeper of its own."""

    def __init__(self, database: Database, clock: FixedClock, vault: Vault) -> None:
        self.database = database
        self.clock = clock
        self.vault = vault
        self.vendor = RotatingVendor()
        self.integration: Integration

    def keeper(self) -> TokenKeeper:
        return TokenKeeper(
            self.database,
            self.vault,
            self.clock,
            {"x": self.vendor},
            lambda _: None,
            partial(open_credentials, self.vault),
        )

    async def connect(self, expires_in: float | None) -> None:
        platform = get_platform("x")
        given = {"access_token": "access-0", "refresh_token": "refresh-0", "consumer_secret": "s", "account_id": "1"}
        async with self.database.write() as connection:
            user = await accounts.add_user(connection, "owner@shop.example", accounts.Role.ADMIN, self.clock.now())
            account_id = user.account_id
            self.integration = await integrations.connect(
                connection,
                self.vault,
                account_id,
                platform,
                name=None,
                credentials=platform.credentials.model_validate(given),
                settings=platform.settings(),
                now=self.clock.now(),
            )
            end = self.clock.now() + timedelta(seconds=expires_in) if expires_in is not None else None
            await oauth.put_token(
                connection,
                account_id,
                self.integration.id,
                issued_at=self.clock.now(),
                expires_at=end,
                renew_at=end,
            )
        act_for(account_id)

    async def stored_credentials(self) -> dict[str, Any]:
        async with self.database.read() as connection:
            row = await rows.get_integration(connection, self.integration.account_id, self.integration.id)
        return integrations.plain_credentials(integrations.open_credentials(self.vault, row, row.credentials or b""))

    async def stored(self) -> tuple[Integration, dict[str, Any], oauth.TokenRow]:
        async with self.database.read() as connection:
            row = await rows.get_integration(connection, self.integration.account_id, self.integration.id)
            token = await oauth.find_token(connection, row.account_id, row.id)
        opened = integrations.open_credentials(self.vault, row, row.credentials or b"")
        assert token is not None
        return row, integrations.plain_credentials(opened), token


@asynccontextmanager
async def open_site(url: str) -> AsyncIterator[Site]:
    database = open_database(url)
    try:
        await ensure_schema(database)
        yield Site(database, FixedClock(), Vault(["a-master-key-for-the-tests-of-renewal"]))
    finally:
        await database.close()


@pytest.fixture
async def site(database_url: str) -> AsyncIterator[Site]:
    async with open_site(database_url) as opened:
        yield opened


async def test_fifty_workers_with_an_expired_token_renew_it_once(site: Site) -> None:
    await site.connect(expires_in=HOUR)
    site.clock.advance(HOUR)
    keepers = [site.keeper() for _ in range(3)]
    asked = [keepers[n % 3].current(site.integration, "access-0") for n in range(50)]
    assert set(await asyncio.gather(*asked)) == {"access-1"}
    assert site.vendor.renewals == 1
    row, credentials, token = await site.stored()
    assert (credentials["access_token"], credentials["refresh_token"]) == ("access-1", "refresh-1")
    assert token.expires_at == site.clock.now() + timedelta(hours=2)
    assert token.claimed_by is None
    assert row.status is IntegrationStatus.CONNECTED


async def test_a_token_that_lasts_is_used_as_it_is(site: Site) -> None:
    await site.connect(expires_in=HOUR)
    assert await site.keeper().current(site.integration, "access-0") == "access-0"
    assert site.vendor.renewals == 0


async def test_fifty_refused_calls_renew_it_once(site: Site) -> None:
    await site.connect(expires_in=None)
    keeper = site.keeper()
    found = await asyncio.gather(*(keeper.renew(site.integration, "access-0") for _ in range(50)))
    assert set(found) == {"access-1"}
    assert site.vendor.renewals == 1


async def test_who_waits_may_leave_and_the_new_pair_is_kept(site: Site) -> None:
    await site.connect(expires_in=0)
    waiting = asyncio.create_task(site.keeper().current(site.integration, "access-0"))
    await site.vendor.entered.wait()
    waiting.cancel()
    for _ in range(100):
        if (await site.stored())[1]["access_token"] == "access-1":
            break
        await asyncio.sleep(0.02)
    assert (await site.stored())[1]["refresh_token"] == "refresh-1"


async def test_a_renewal_whose_answer_was_lost_ends_with_a_person_and_not_in_a_loop(site: Site) -> None:
    await site.connect(expires_in=0)
    site.vendor.loses = 1
    with pytest.raises(Unavailable) as lost:
        await site.keeper().current(site.integration, "access-0")
    assert lost.value.outcome is Outcome.NOT_SENT
    site.clock.advance(60)
    for _ in range(5):
        with pytest.raises(AuthFailed):
            await site.keeper().current(site.integration, "access-0")
    assert site.vendor.renewals == 2
    row, _, token = await site.stored()
    assert row.status is IntegrationStatus.RECONNECT_REQUIRED
    assert token.dead


async def test_a_process_that_died_while_renewing_leaves_a_claim_that_runs_out(site: Site) -> None:
    await site.connect(expires_in=0)
    async with site.database.write() as connection:
        now = site.clock.now()
        account_id = site.integration.account_id
        assert await oauth.claim_token(connection, account_id, site.integration.id, new_id(), now, now)
    site.clock.advance(31)
    assert await site.keeper().current(site.integration, "access-0") == "access-1"


async def test_a_vendor_that_is_down_is_asked_again_after_a_pause(site: Site) -> None:
    await site.connect(expires_in=0)
    site.vendor.failures = [RateLimited("Slow down.", platform="x", retry_after=60.0)]
    keeper = site.keeper()
    for _ in range(3):
        with pytest.raises(PlatformError):
            await keeper.current(site.integration, "access-0")
    assert site.vendor.renewals == 1
    site.clock.advance(61)
    assert await keeper.current(site.integration, "access-0") == "access-2"


async def test_the_schedule_renews_before_anybody_needs_it(site: Site) -> None:
    await site.connect(expires_in=HOUR)
    keeper = site.keeper()
    assert await keeper.renew_due() == 0
    site.clock.advance(HOUR)
    assert await keeper.renew_due() == 1
    assert await keeper.renew_due() == 0
    assert (await site.stored())[1]["access_token"] == "access-1"


async def test_credentials_entered_meanwhile_stand(site: Site) -> None:
    await site.connect(expires_in=0)
    site.vendor.door.clear()
    waiting = asyncio.create_task(site.keeper().current(site.integration, "access-0"))
    await site.vendor.entered.wait()
    platform = get_platform("x")
    given = {"access_token": "by-hand", "refresh_token": "by-hand", "consumer_secret": "s", "account_id": "1"}
    async with site.database.write() as connection:
        fresh = platform.credentials.model_validate(given)
        await integrations.rotate(connection, site.vault, site.integration, fresh, site.clock.now())
    site.vendor.door.set()
    with pytest.raises(Unavailable):
        await waiting
    assert (await site.stored_credentials())["access_token"] == "by-hand"


async def test_a_master_key_rotated_meanwhile_loses_no_token(site: Site) -> None:
    await site.connect(expires_in=0)
    site.vendor.door.clear()
    waiting = asyncio.create_task(site.keeper().current(site.integration, "access-0"))
    await site.vendor.entered.wait()
    row = (await site.stored())[0]
    opened = integrations.open_credentials(site.vault, row, row.credentials or b"")
    again = integrations.seal_credentials(site.vault, row.id, row.account_id, opened)
    async with site.database.write() as connection:
        await rows.update_integration(connection, row.account_id, row.id, {"credentials": again}, site.clock.now())
    site.vendor.door.set()
    assert await waiting == "access-1"
    assert (await site.stored_credentials())["refresh_token"] == "refresh-1"


async def test_an_integration_that_is_gone_meanwhile_is_a_vendor_error_to_its_client(site: Site) -> None:
    await site.connect(expires_in=0)
    row = (await site.stored())[0]
    tokens = site.keeper().source(row, integrations.open_credentials(site.vault, row, row.credentials or b""))
    assert tokens is not None
    async with site.database.write() as connection:
        await integrations.disconnect(connection, row, site.clock.now())
    with pytest.raises(Unavailable) as gone:
        await tokens.renew("access-0")
    assert gone.value.outcome is Outcome.NOT_SENT
    assert site.vendor.renewals == 0


async def test_a_person_is_told_a_week_and_a_day_before_a_long_token_ends(site: Site) -> None:
    await site.connect(expires_in=60 * 24 * HOUR)
    told = []
    for days in (52, 1, 5, 1, 1):
        site.clock.advance(days * 24 * HOUR)
        told.append(await warn_of_ends(site.database, site.clock.now()))
    assert told == [0, 1, 0, 1, 0]
    async with site.database.read() as connection:
        found = (await connection.execute(select(tasks.c.kind, tasks.c.detail))).all()
    assert [(task.kind, "day" in task.detail) for task in found] == [("token_expiring", True)] * 2
