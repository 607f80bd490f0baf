"""Connecting by consent: from the button to the vendor's page and back, for all three vendors, and everything that must not work."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.integration.world import BASE, World, open_world

APPS = {
    "calendly_auth_url": BASE,
    "calendly_client_id": "calendly-app",
    "calendly_client_secret": "planted-calendly-client-secret",
    "instagram_api_url": BASE,
    "instagram_auth_url": BASE,
    "instagram_token_url": BASE,
    "instagram_client_id": "instagram-app",
    "instagram_client_secret": "planted-instagram-client-secret",
    "instagram_verify_token": "planted-verify-token",
    "x_api_url": BASE,
    "x_auth_url": BASE,
    "x_client_id": "x-app",
    "x_client_secret": "planted-x-client-secret",
    "x_consumer_secret": "planted-x-consumer-secret",
}
PLATFORMS = ("calendly", "instagram", "x")
each_platform = pytest.mark.parametrize("platform", PLATFORMS)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(tmp_path, connect=False, **APPS) as opened:
        yield opened


async def begin(world: World, platform: str, **query: str) -> str:
    begun = await world.api.get(f"/api/integrations/{platform}/oauth/start", params=query)
    assert begun.status_code == 302, begun.text
    assert begun.json()["url"] == begun.headers["location"]
    return str(begun.headers["location"])


async def agree(world: World, page: str) -> str:
    """The vendor's page sends the browser back to this address."""
    address = urlsplit(page)
    answer = await world.vendors.get(f"{address.path}?{address.query}")
    assert answer.status_code == 302, answer.text
    return str(answer.headers["location"]).partition("#")[0]


def without_token(world: World) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=world.api._transport, base_url=BASE)


@each_platform
async def test_an_account_is_connected_by_consent(world: World, platform: str) -> None:
    page = await begin(world, platform)
    query = {name: values[0] for name, values in parse_qs(urlsplit(page).query).items()}
    assert query["redirect_uri"] == f"http://127.0.0.1:8000/api/integrations/{platform}/oauth/callback"
    assert ("code_challenge" in query) is (platform != "instagram")
    back = urlsplit(await agree(world, page))
    made = await world.api.get(f"{back.path}?{back.query}")
    assert made.status_code == 200, made.text
    shown = made.json()
    assert (shown["platform"], shown["status"]) == (platform, "connected")
    assert all(value.startswith("…") or value.isdigit() for value in shown["credentials"].values())
    health = (await world.api.get("/api/integrations/health")).json()[platform]
    assert health["token_expires_at"] is not None
    again = await world.api.get(f"{back.path}?{back.query}")
    assert (again.status_code, again.json()["code"]) == (409, "oauth_state")


@each_platform
async def test_consent_given_again_renews_the_same_integration(world: World, platform: str) -> None:
    ids = []
    for _ in range(2):
        back = urlsplit(await agree(world, await begin(world, platform)))
        ids.append((await world.api.get(f"{back.path}?{back.query}")).json()["id"])
    assert ids[0] == ids[1]
    assert len((await world.api.get("/api/integrations")).json()["items"]) == 1


async def test_the_browser_that_began_may_finish_without_a_token(world: World) -> None:
    back = urlsplit(await agree(world, await begin(world, "x")))
    cookie = world.api.cookies.get("pipewise_oauth")
    async with without_token(world) as browser:
        nobody = await browser.get(f"{back.path}?{back.query}")
        assert nobody.status_code == 401
        stranger = await browser.get(f"{back.path}?{back.query}", headers={"Cookie": "pipewise_oauth=other"})
        assert (stranger.status_code, stranger.json()["code"]) == (409, "oauth_state")
        headers = {"Cookie": f"pipewise_oauth={cookie}", "Accept": "text/html"}
        made = await browser.get(f"{back.path}?{back.query}", headers=headers)
    assert made.status_code == 200
    assert "You can close this page" in made.text


async def test_another_user_cannot_finish_it_and_uses_nothing_up(world: World) -> None:
    back = urlsplit(await agree(world, await begin(world, "x")))
    added = await world.api.post("/api/users", json={"email": "bo@example.com", "role": "admin"})
    token = added.json()["token"]
    async with without_token(world) as other:
        refused = await other.get(f"{back.path}?{back.query}", headers={"Authorization": f"Bearer {token}"})
    assert (refused.status_code, refused.json()["code"]) == (409, "oauth_state")
    assert (await world.api.get(f"{back.path}?{back.query}")).status_code == 200


async def test_a_state_is_of_one_platform(world: World) -> None:
    back = urlsplit(await agree(world, await begin(world, "x")))
    refused = await world.api.get(f"/api/integrations/calendly/oauth/callback?{back.query}")
    assert refused.json()["code"] == "oauth_state"


@pytest.mark.parametrize("platform", ["instagram", "x"])
async def test_who_declines_connects_nothing(world: World, platform: str) -> None:
    await world.vendors.post(f"/_sandbox/{platform}/switches", json={"consent": "deny"})
    back = urlsplit(await agree(world, await begin(world, platform)))
    denied = await world.api.get(f"{back.path}?{back.query}")
    assert (denied.status_code, denied.json()["code"]) == (409, "oauth_denied")
    assert not (await world.api.get("/api/integrations")).json()["items"]


@each_platform
async def test_a_code_that_the_vendor_does_not_know_connects_nothing(world: World, platform: str) -> None:
    state = parse_qs(urlsplit(await begin(world, platform)).query)["state"][0]
    refused = await world.api.get(
        f"/api/integrations/{platform}/oauth/callback", params={"state": state, "code": "invented"}
    )
    assert refused.status_code == 502, refused.text
    assert refused.json()["code"] == f"{platform}_auth_failed"
    assert "planted" not in refused.text


async def test_json_instead_of_a_redirect_and_platforms_without_consent(world: World) -> None:
    told = await world.api.get("/api/integrations/x/oauth/start", headers={"Accept": "application/json"})
    assert told.status_code == 200
    assert told.json()["url"].startswith(f"{BASE}/i/oauth2/authorize?")
    for name in ("whatsapp", "form", "nothing"):
        assert (await world.api.get(f"/api/integrations/{name}/oauth/start")).status_code == 404


async def test_without_an_app_it_is_said_what_to_set(tmp_path: Path) -> None:
    async with open_world(tmp_path, connect=False) as world:
        expected = {
            "calendly": ("PIPEWISE_CALENDLY_CLIENT_ID", "PIPEWISE_CALENDLY_CLIENT_SECRET"),
            "instagram": ("PIPEWISE_INSTAGRAM_CLIENT_ID", "PIPEWISE_INSTAGRAM_VERIFY_TOKEN"),
            "x": ("PIPEWISE_X_CLIENT_ID", "PIPEWISE_X_CONSUMER_SECRET"),
        }
        for platform, names in expected.items():
            refused = await world.api.get(f"/api/integrations/{platform}/oauth/start")
            body: dict[str, Any] = refused.json()
            assert (refused.status_code, body["code"]) == (409, "oauth_not_configured")
            assert body["manual_action_required"] is True
            assert all(name in body["error"] for name in names)


@pytest.mark.parametrize("platform", ["calendly", "x"])
async def test_a_refused_token_is_renewed_and_the_call_made_again(world: World, platform: str) -> None:
    back = urlsplit(await agree(world, await begin(world, platform)))
    made = (await world.api.get(f"{back.path}?{back.query}")).json()
    await world.app.state.services.background.settle()  # the first poll of it would meet the fault instead
    await world.break_vendor(platform, "http_401", route="/users/me", times=1)
    tested = await world.api.post(f"/api/integrations/{made['id']}/test")
    assert tested.json()["status"] == "connected", tested.text
    assert len(await world.ledger(platform, "token_issued")) == 2
    shown = (await world.api.get(f"/api/integrations/{made['id']}")).json()
    assert shown["credentials"]["access_token"] != made["credentials"]["access_token"]
    again = await world.api.post(f"/api/integrations/{made['id']}/test")
    assert again.json()["status"] == "connected"
    assert len(await world.ledger(platform, "token_issued")) == 2


@pytest.mark.parametrize("platform", ["calendly", "x"])
async def test_a_token_that_cannot_be_renewed_asks_for_a_person(world: World, platform: str) -> None:
    back = urlsplit(await agree(world, await begin(world, platform)))
    made = (await world.api.get(f"{back.path}?{back.query}")).json()
    await world.vendors.post("/_sandbox/reset", json={})
    tested = await world.api.post(f"/api/integrations/{made['id']}/test")
    assert tested.json()["status"] == "reconnect_required", tested.text
    health = (await world.api.get("/api/integrations/health")).json()[platform]
    assert health["status"] == "reconnect_required"
    assert "Connect it again" in health["action"]
    asked = len(await world.ledger(platform, "refused"))
    await world.api.post(f"/api/integrations/{made['id']}/test")
    paths = [entry["detail"]["path"] for entry in (await world.ledger(platform, "refused"))[asked:]]
    assert not [path for path in paths if path.endswith("token")], "a token that is dead is not asked for again"
