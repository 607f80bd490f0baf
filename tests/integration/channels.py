"""Instagram and X beside each other in one world: connected over HTTP, and spoken to as leads do."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.integration.world import BASE, World, open_world

INSTAGRAM = {
    "access_token": "sandbox-instagram-token",
    "account_id": "17841400000000001",
    "app_secret": "planted-instagram-app-secret",
    "verify_token": "planted-verify-token",
}
X = {
    "access_token": "sandbox-x-token",
    "consumer_secret": "planted-x-consumer-secret",
    "account_id": "1800000000000000001",
}
LEAD_ON_INSTAGRAM = "1000000000000001"
LEAD_ON_X = "1800000000000000002"


@asynccontextmanager
async def open_channel(data_dir: Path, platform: str, **settings: Any) -> AsyncIterator[World]:
    """A world where this platform alone is connected."""
    async with open_world(data_dir, connect=False, instagram_api_url=BASE, x_api_url=BASE) as world:
        await connect(world, platform, INSTAGRAM if platform == "instagram" else X, **settings)
        yield world


async def connect(world: World, platform: str, credentials: dict[str, str], **settings: Any) -> None:
    body = {"platform": platform, "credentials": credentials, "settings": settings}
    made = await world.api.post("/api/integrations", json=body)
    assert made.status_code == 201, made.text
    assert made.json()["status"] == "connected", made.text
    world.integrations[platform] = made.json()["id"]
    callback = f"{BASE}/webhooks/{platform}/{made.json()['id']}"
    registered = await world.vendors.post(
        f"/_sandbox/{platform}/accounts", json={**credentials, "callback_url": callback}
    )
    assert registered.json()["handshake"]["ok"], registered.text


async def says(world: World, platform: str, text: str, act: str = "inbound", **more: Any) -> dict[str, Any]:
    sender = LEAD_ON_INSTAGRAM if platform == "instagram" else LEAD_ON_X
    written = await world.vendors.post(f"/_sandbox/{platform}/{act}", json={"from": sender, "text": text, **more})
    assert written.status_code == 200, written.text
    answer: dict[str, Any] = written.json()
    return answer


async def until_sent(world: World, platform: str, count: int) -> list[dict[str, Any]]:
    async def enough() -> list[dict[str, Any]] | None:
        sends = await world.ledger(platform, "send")
        return sends if len(sends) >= count else None

    found: list[dict[str, Any]] = await world.until(enough, f"{count} sends on {platform}")
    return [send["detail"] for send in found]


async def messages(world: World) -> list[dict[str, Any]]:
    lead = await world.lead()
    items: list[dict[str, Any]] = (await world.api.get(f"/api/leads/{lead['id']}/messages")).json()["items"]
    return items


async def open_tasks(world: World) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await world.api.get("/api/tasks")).json()["items"]
    return items
