"""PipeWise in the test's own process, its vendors on sockets: for races that need many trials rather than many deaths."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from httpx import codes

from api.app import create_app
from pipewise.platforms.meta import sign
from pipewise.settings import load_settings
from tests.faults.feed import Feed, message_body
from tests.faults.site import TOKEN, until
from tests.faults.vendor import CALENDLY, SOUND, WHATSAPP, FaultRates, FaultyVendor, Taken, open_vendor

Json = dict[str, Any]

PATIENCE = 240.0  # seconds, of a machine that does much else beside
DELIVERIES = 10  # tries of the vendor, a second apart


@dataclass
class Desk:
    """`api` carries the admin token."""

    api: httpx.AsyncClient
    vendor: FaultyVendor
    feed: Feed
    clock: Path
    webhook: str

    async def writes(self, lead: str, at: int, text: str) -> str:
        """The lead's id, once the message is acknowledged."""
        await self.post(message_body([self.feed.write(lead, at, text)]))
        return await self.lead_id(lead)

    async def post(self, body: bytes) -> None:
        """A delivery that cannot be stored now is made again, as the vendor would."""
        headers = {**sign(body, WHATSAPP["app_secret"]), "content-type": "application/json"}
        for _ in range(DELIVERIES):
            answer = await self.api.post(self.webhook, content=body, headers=headers)
            if answer.status_code != codes.SERVICE_UNAVAILABLE:
                break
            await asyncio.sleep(1)
        answer.raise_for_status()

    async def lead_id(self, lead: str) -> str:
        found = (await self.api.get("/api/leads", params={"q": lead})).json()["items"]
        return str(found[0]["id"])

    async def act(self, path: str, **body: Any) -> Json:
        answer = await self.api.post(path, json=body)
        answer.raise_for_status()
        shown: Json = answer.json()
        return shown

    async def messages(self, lead_id: str) -> list[Json]:
        items: list[Json] = (await self.api.get(f"/api/leads/{lead_id}/messages")).json()["items"]
        return items

    def taken(self, lead: str) -> list[Taken]:
        return [one for one in self.vendor.taken if one.recipient == lead]

    async def until_taken(self, lead: str, count: int = 1) -> list[Taken]:
        async def enough() -> bool:
            return len(self.taken(lead)) >= count

        await until(enough, f"{count} messages to {lead}", PATIENCE)
        return self.taken(lead)

    def advance(self, seconds: float) -> None:
        self.clock.write_text(str(float(self.clock.read_text()) + seconds))


@asynccontextmanager
async def open_desk(folder: Path, *, rates: FaultRates = SOUND, seed: int = 1, **settings: Any) -> AsyncIterator[Desk]:
    """Connected; the vendor tells no status unless a test does."""
    clock = folder / "clock"
    clock.write_text("0")
    feed = Feed(folder / "history.jsonl", seed)
    async with open_vendor(folder / "ledger.jsonl", seed, rates) as vendor:
        chosen = {"model": "openai:test", "openai_base_url": f"{vendor.url}/v1", "openai_api_key": "faults-model-key"}
        app = create_app(
            load_settings(
                env="test",
                data_dir=folder / "data",
                api_token=TOKEN,
                burst_ms=0,
                clock_file=clock,
                calendly_api_url=vendor.url,
                whatsapp_api_url=vendor.url,
                **{**chosen, **settings},
            )
        )
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(
                transport=httpx.ASGITransport(app=app),
                base_url="http://127.0.0.1",
                headers={"Authorization": f"Bearer {TOKEN}"},
                timeout=60,
            ) as api,
        ):
            integration = await _connect(api)
            try:
                yield Desk(api, vendor, feed, clock, f"/webhooks/whatsapp/{integration}")
            finally:
                feed.close()


async def _connect(api: httpx.AsyncClient) -> str:
    made = None
    for platform, credentials in (("calendly", CALENDLY), ("whatsapp", WHATSAPP)):
        made = await api.post("/api/integrations", json={"platform": platform, "credentials": credentials})
        made.raise_for_status()
    assert made
    return str(made.json()["id"])
