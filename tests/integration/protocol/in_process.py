"""The official client on an application in this process, with the vendor sandbox beside it."""

from typing import Any

import httpx
from langgraph_sdk.client import LangGraphClient

from tests.integration.world import BASE, TOKEN, World


def client_of(world: World, token: str = TOKEN) -> LangGraphClient:
    transport = httpx.ASGITransport(app=world.app)
    headers = {"Authorization": f"Bearer {token}"}
    return LangGraphClient(httpx.AsyncClient(transport=transport, base_url=BASE, headers=headers, timeout=30))


async def timeline_kinds(world: World, lead_id: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await world.api.get(f"/api/leads/{lead_id}/timeline")).json()["items"]
    return items
