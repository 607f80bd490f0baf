"""Two processes on one PostgreSQL: what one changes of the configuration, the other hears of and forgets.

The clock of the second stands still where age is measured: nothing it remembers gets old, so it forgets by the notice alone.
"""

import hashlib
import hmac
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from api.app import create_app
from graph.compose import open_application
from pipewise.clock import Clock, SystemClock
from pipewise.settings import Settings
from pipewise.storage import accounts
from tests.integration.world import APP_SECRET, BASE, TOKEN, World, open_world, running

KEYS = "k" * 40


class AgelessClock(SystemClock):
    def monotonic(self) -> float:
        return 1000.0


class AgelessSettings(Settings):
    def open_clock(self) -> Clock:
        return AgelessClock()


@dataclass
class Pair:
    """`receiving` has the API and the webhooks, `working` the turns, and an API of its own."""

    receiving: World
    working: FastAPI
    api: httpx.AsyncClient

    async def reply_mode(self) -> str:
        """As the working process knows it."""
        resources = self.working.state.services.resources
        async with resources.database.read() as connection:
            user = await accounts.find_token_user(connection, TOKEN, resources.clock.now())
        assert user
        found = await resources.connections.messaging_for_platform(user.account_id, "whatsapp")
        return str(found.settings.reply_mode)

    async def turns(self) -> list[dict[str, Any]]:
        lead = await self.receiving.lead()
        items: list[dict[str, Any]] = (await self.receiving.api.get(f"/api/leads/{lead['id']}/runs")).json()["items"]
        return items


@pytest.fixture
async def pair(tmp_path: Path, postgres_url: str) -> AsyncIterator[Pair]:
    async with open_world(
        tmp_path / "receiving", with_worker=False, database_url=postgres_url, secret_keys=KEYS
    ) as receiving:
        settings = AgelessSettings(
            data_dir=tmp_path / "working",
            database_url=postgres_url,
            secret_keys=KEYS,
            api_token=TOKEN,
            model="offline",
            burst_ms=0,
            calendly_api_url=BASE,
            whatsapp_api_url=BASE,
        )
        app = create_app(
            settings, open_application=lambda s, **k: open_application(s, transport=receiving.to_sandbox, **k)
        )
        transport = httpx.ASGITransport(app=app)
        async with running(app), httpx.AsyncClient(transport=transport, base_url=BASE) as api:
            yield Pair(receiving, app, api)


async def test_a_channel_that_one_process_switches_off_is_off_in_the_next_turn_of_another(pair: Pair) -> None:
    receiving = pair.receiving
    await receiving.lead_says("Schedule a demo")
    await receiving.until_sends(1)
    assert await pair.reply_mode() == "auto"
    path = f"/api/integrations/{receiving.integrations['whatsapp']}"
    assert (await receiving.api.patch(path, json={"settings": {"reply_mode": "off"}})).status_code == 200

    async def is_off() -> bool:
        return await pair.reply_mode() == "off"

    await receiving.until(is_off, "the working process has heard of it")
    await receiving.lead_says("Which days are free?")

    async def both_ended() -> bool:
        return [run["outcome"] for run in await pair.turns()] == ["committed"] * 2

    await receiving.until(both_ended, "the second turn is committed")
    await receiving.settle()
    assert len(await receiving.sends()) == 1


async def test_a_token_that_one_process_revokes_is_refused_by_another(pair: Pair) -> None:
    made = (await pair.receiving.api.post("/api/tokens", json={"name": "a phone"})).json()
    headers = {"Authorization": f"Bearer {made['token']}"}
    assert (await pair.api.get("/api/leads", headers=headers)).status_code == 200
    assert (await pair.receiving.api.delete(f"/api/tokens/{made['id']}")).status_code == 204

    async def is_refused() -> bool:
        return (await pair.api.get("/api/leads", headers=headers)).status_code == 401

    await pair.receiving.until(is_refused, "the other process has heard of it")


async def test_a_setting_that_one_process_changes_holds_in_the_next_turn_of_another(pair: Pair) -> None:
    receiving = pair.receiving
    await receiving.lead_says("Hello")
    await receiving.until_sends(1)
    assert (await receiving.api.patch("/api/settings", json={"company": "Renamed Ltd"})).status_code == 200
    resources = pair.working.state.services.resources
    async with resources.database.read() as connection:
        user = await accounts.find_token_user(connection, TOKEN, resources.clock.now())
    assert user

    async def knows() -> bool:
        return (await resources.account_settings.read(user.account_id)).company == "Renamed Ltd"

    await receiving.until(knows, "the working process has heard of it")
    await receiving.lead_says("Are you a bot?")
    assert "Renamed Ltd" in str((await receiving.until_sends(2))[1])


async def test_a_secret_that_one_process_rotates_verifies_deliveries_to_another(pair: Pair) -> None:
    """The former one too, as long as the overlap lasts; and clients of the other process use the new token."""
    receiving, identity = pair.receiving, pair.receiving.integrations["whatsapp"]
    place = f"/webhooks/whatsapp/{identity}"

    async def deliver(secret: str) -> int:
        body = b'{"object": "whatsapp_business_account", "entry": []}'
        signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        headers = {"content-type": "application/json", "x-hub-signature-256": f"sha256={signature}"}
        return (await pair.api.post(place, content=body, headers=headers)).status_code

    assert (await deliver(APP_SECRET), await deliver("the-next-app-secret-0002")) == (200, 401)
    new = {"credentials": {"app_secret": "the-next-app-secret-0002", "access_token": "the-next-token-0002"}}
    rotated = await receiving.api.post(f"/api/integrations/{identity}/rotate", json=new)
    assert rotated.status_code == 200, rotated.text
    resources = pair.working.state.services.resources

    async def knows() -> bool:
        async with resources.database.read() as connection:
            user = await accounts.find_token_user(connection, TOKEN, resources.clock.now())
        assert user
        found = await resources.connections.messaging(user.account_id, identity)
        used = resources.connections.credentials(found.integration).access_token.get_secret_value()
        return bool(await deliver("the-next-app-secret-0002") == 200 and used == "the-next-token-0002")

    await receiving.until(knows, "the other process has heard of it")
    assert await deliver(APP_SECRET) == 200
