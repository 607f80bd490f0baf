"""SIGTERM while turns are under way: what was accepted is kept, what was begun ends or is taken up, nothing is doubled."""

import asyncio
import signal
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from pipewise.demo_setup import connect_calendly, connect_whatsapp
from tests.integration.test_crash import NUMBER_ID, Site, sandbox_port, until

__all__ = ["sandbox_port"]

LEADS = [f"3519110002{number:02d}" for number in range(12)]
STOP_SECONDS = 20.0  # what is promised


@pytest.fixture
async def site(tmp_path: Path, sandbox_port: int) -> AsyncIterator[Site]:
    opened = Site(tmp_path, sandbox_port)
    (await opened.vendors.post("/_sandbox/reset", json={})).raise_for_status()
    yield opened
    await opened.api.aclose()
    await opened.vendors.aclose()


async def write(site: Site, lead: str) -> None:
    body = {"phone_number_id": NUMBER_ID, "from": lead, "name": "Ana Silva", "text": "Schedule a demo"}
    (await site.vendors.post("/_sandbox/whatsapp/inbound", json=body)).raise_for_status()


async def answered(site: Site) -> Counter[str]:
    return Counter(send["detail"]["to"] for send in await site.ledger("whatsapp", "send"))


async def test_a_service_that_is_stopped_under_load_loses_and_doubles_nothing(site: Site) -> None:
    async with site.serving() as process:
        await connect_calendly(site.api, site.vendors)
        await connect_whatsapp(site.api, site.vendors)
        slow = {"vendor": "calendly", "kind": "slow", "seconds": 3.0, "route": "available_times"}
        (await site.vendors.post("/_sandbox/faults", json=slow)).raise_for_status()
        for lead in LEADS:
            await write(site, lead)

        async def all_stored() -> bool:
            return len((await site.api.get("/api/leads")).json()["items"]) == len(LEADS)

        await until(all_stored, "every message is on disk")
        asking = asyncio.create_task(site.api.get("/api/leads"))
        await asyncio.sleep(0)
        process.send_signal(signal.SIGTERM)
        code = await asyncio.wait_for(asyncio.to_thread(process.wait), STOP_SECONDS)
        assert code == 0
        answer: Any = (await asyncio.gather(asking, return_exceptions=True))[0]
        assert isinstance(answer, httpx.ConnectError) or answer.status_code == 200, "accepted, so it is answered"
    (await site.vendors.delete("/_sandbox/faults")).raise_for_status()
    async with site.serving():

        async def all_answered() -> bool:
            return set(await answered(site)) == set(LEADS)

        await until(all_answered, "every lead is answered")
        await asyncio.sleep(1.0)
        assert set((await answered(site)).values()) == {1}
        leads = (await site.api.get("/api/leads")).json()["items"]
        for lead in leads:
            items = (await site.api.get(f"/api/leads/{lead['id']}/messages")).json()["items"]
            out = [item["status"] for item in items if item["direction"] == "out"]
            assert len(out) == 1
            assert out[0] in {"sent", "delivered", "read"}
