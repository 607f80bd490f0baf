"""kill -9 at named points of a real service, then a restart: one answer, one booking, nothing lost."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from pathlib import Path
from subprocess import Popen
from typing import Any

import httpx
import pytest

from pipewise.demo_setup import connect_calendly, connect_whatsapp
from tests.integration.command_line import free_port, running
from tests.integration.model_server import OFFER, call, label, says

TOKEN = "pw_" + "c" * 40
LEAD = "351911000111"
NUMBER_ID = "100000000000001"
SIGKILLED = -9


@pytest.fixture(scope="module")
def sandbox_port() -> Any:
    port = free_port()
    with running("sandbox", "--port", str(port)):
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with contextlib.suppress(httpx.TransportError):
                if httpx.get(f"http://127.0.0.1:{port}/_sandbox/health", timeout=2).is_success:
                    break
            time.sleep(0.05)
        yield port


class Site:
    """One service with its data folder, and the vendors around it."""

    def __init__(self, folder: Path, sandbox_port: int) -> None:
        self.port = free_port()
        self.clock = folder / "clock"
        self.clock.write_text("0")
        vendors = f"http://127.0.0.1:{sandbox_port}"
        self.settings = {
            "PIPEWISE_ENV": "test",
            "PIPEWISE_DATA_DIR": str(folder / "data"),
            "PIPEWISE_API_TOKEN": TOKEN,
            "PIPEWISE_MODEL": "offline",
            "PIPEWISE_BURST_MS": "20",
            "PIPEWISE_CLOCK_FILE": str(self.clock),
            "PIPEWISE_PUBLIC_URL": f"http://127.0.0.1:{self.port}",
            "PIPEWISE_CALENDLY_API_URL": vendors,
            "PIPEWISE_WHATSAPP_API_URL": vendors,
        }
        self.api = httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{self.port}", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=20
        )
        self.vendors = httpx.AsyncClient(base_url=vendors, timeout=20)

    @contextlib.asynccontextmanager
    async def serving(self, hook: str = "", **more: str) -> AsyncIterator[Popen[str]]:
        settings = {**self.settings, "PIPEWISE_TEST_HOOKS": hook, **more}
        with running("serve", "--port", str(self.port), settings=settings) as process:
            await until(self._ready, "the service is ready")
            yield process

    async def _ready(self) -> bool:
        with contextlib.suppress(httpx.TransportError):
            return (await self.api.get("/readyz")).status_code == 200
        return False

    async def says(self, text: str) -> None:
        body = {"phone_number_id": NUMBER_ID, "from": LEAD, "name": "Ana Silva", "text": text}
        (await self.vendors.post("/_sandbox/whatsapp/inbound", json=body)).raise_for_status()

    async def ledger(self, vendor: str, kind: str) -> list[dict[str, Any]]:
        found = await self.vendors.get("/_sandbox/ledger", params={"vendor": vendor, "kind": kind})
        items: list[dict[str, Any]] = found.json()["items"]
        return items

    async def messages(self) -> list[dict[str, Any]]:
        leads = (await self.api.get("/api/leads")).json()["items"]
        if not leads:
            return []
        items: list[dict[str, Any]] = (await self.api.get(f"/api/leads/{leads[0]['id']}/messages")).json()["items"]
        return items

    async def sent(self, count: int) -> list[dict[str, Any]]:
        async def enough() -> list[dict[str, Any]] | None:
            found = await self.ledger("whatsapp", "send")
            return found if len(found) >= count else None

        result: list[dict[str, Any]] = await until(enough, f"{count} messages on the phone")
        return result


async def until(check: Any, what: str, seconds: float = 75.0) -> Any:
    try:
        async with asyncio.timeout(seconds):
            while True:
                found = await check()
                if found:
                    return found
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise AssertionError(f"waited in vain until {what}") from None


@pytest.fixture
async def site(tmp_path: Path, sandbox_port: int) -> AsyncIterator[Site]:
    opened = Site(tmp_path, sandbox_port)
    (await opened.vendors.post("/_sandbox/reset", json={})).raise_for_status()
    async with opened.serving():
        await connect_calendly(opened.api, opened.vendors)
        await connect_whatsapp(opened.api, opened.vendors)
    yield opened
    await opened.api.aclose()
    await opened.vendors.aclose()


async def killed(process: Popen[str]) -> None:
    async def ended() -> bool:
        return process.poll() is not None

    await until(ended, "the process killed itself")
    assert process.returncode == SIGKILLED


@pytest.mark.parametrize("point", ["after:inbox_commit", "before:turn", "before:run_commit", "after:send"])
async def test_after_a_crash_the_lead_gets_its_one_answer(site: Site, point: str) -> None:
    async with site.serving(point) as process:
        await site.says("Schedule a demo")
        await killed(process)
    async with site.serving():
        await site.sent(1)
        await asyncio.sleep(1.5)
        assert len(await site.ledger("whatsapp", "send")) == 1

        async def settled() -> bool:
            out = [message for message in await site.messages() if message["direction"] == "out"]
            return [message["status"] in {"sent", "delivered", "read"} for message in out] == [True]

        await until(settled, "the one answer is known to have been sent")


async def test_a_crash_between_claim_and_send_is_shown_to_a_person_and_never_sent_by_itself(site: Site) -> None:
    async with site.serving("before:send") as process:
        await site.says("Schedule a demo")
        await killed(process)
    async with site.serving():
        site.clock.write_text("400")

        async def parked() -> bool:
            return any(message["status"] == "parked" for message in await site.messages())

        await until(parked, "the message is parked")
        assert await site.ledger("whatsapp", "send") == []


@pytest.mark.parametrize("point", ["before:booking", "after:booking"])
async def test_a_crash_around_the_booking_leaves_exactly_one_meeting(site: Site, point: str) -> None:
    async with site.serving(point) as process:
        await site.says("Schedule a demo")
        await site.sent(1)
        await site.says("the second one, ana@silva.example")
        await killed(process)
    async with site.serving():
        await site.sent(2)
        await asyncio.sleep(1.0)
        assert len(await site.ledger("calendly", "booking")) == 1
        assert len(await site.ledger("whatsapp", "send")) == 2
        lead = (await site.api.get("/api/leads")).json()["items"][0]
        assert lead["status"] == "meeting_scheduled"


async def test_what_a_model_has_answered_is_not_asked_again_after_a_crash(site: Site) -> None:
    """All answers are paid for before the crash; the turn that is taken up again uses them."""
    script = [*OFFER, says("Here are times that are free.")]
    (await site.vendors.post("/_sandbox/model/script", json={"responses": script})).raise_for_status()
    provider = {
        "PIPEWISE_MODEL": "openai:test",
        "OPENAI_BASE_URL": f"{site.vendors.base_url}/v1",
        "OPENAI_API_KEY": "planted-model-key",
    }
    async with site.serving("before:run_commit", **provider) as process:
        await site.says("Schedule a demo")
        await killed(process)
        paid = len(await site.ledger("model", "completion"))
        assert paid >= len(script)
    async with site.serving(**provider):
        await site.sent(1)
        assert len(await site.ledger("model", "completion")) == paid
        lead = (await site.api.get("/api/leads")).json()["items"][0]
        run = (await site.api.get(f"/api/leads/{lead['id']}/runs")).json()["items"][0]
        assert run["model"] == "openai:test"


async def test_a_booking_that_a_model_asked_for_is_confirmed_after_a_crash_and_no_model_asked_again(site: Site) -> None:
    """The meeting that stands by then is this turn's own: nobody is told that there was one already."""
    provider = {
        "PIPEWISE_MODEL": "openai:test",
        "OPENAI_BASE_URL": f"{site.vendors.base_url}/v1",
        "OPENAI_API_KEY": "planted-model-key",
    }
    async with site.serving():
        await site.says("Schedule a demo")
        await site.sent(1)
    script = [label("meeting_request"), call("schedule_meeting_for_lead", slot="slot_1"), says("See you there.")]
    body = {"responses": script, "replace": True}
    (await site.vendors.post("/_sandbox/model/script", json=body)).raise_for_status()
    async with site.serving("before:run_commit", **provider) as process:
        await site.says("please take whichever suits you, ana@silva.example")
        await killed(process)
        paid = len(await site.ledger("model", "completion"))
        assert len(await site.ledger("calendly", "booking")) == 1
    async with site.serving(**provider):
        confirmation = (await site.sent(2))[1]
        assert "booked" in str(confirmation)
        assert "already" not in str(confirmation)
        assert len(await site.ledger("model", "completion")) == paid
        assert len(await site.ledger("calendly", "booking")) == 1
