"""PipeWise and its vendors in one process, joined by their HTTP interfaces, on a clock that runs ahead as the leads need it."""

import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from api.app import create_app
from api.dependencies import Application
from graph.compose import open_application
from pipewise.clock import ShiftedClock
from pipewise.demo_lead import read_free_times
from pipewise.sandbox.app import create_sandbox
from pipewise.settings import Settings, load_settings

Json = dict[str, Any]

BASE = "http://127.0.0.1"
OPENS = time(8, tzinfo=UTC)  # on a Monday: every day and part of a day that leads wish for is ahead, whenever this runs
TOKEN = "pw_" + "e" * 40
NUMBER_ID = "100000000000001"
CALENDLY_TOKEN = "sandbox-calendly-token"  # noqa: S105  the sandbox's own
WHATSAPP = {
    "access_token": "sandbox-whatsapp-token",
    "phone_number_id": NUMBER_ID,
    "app_secret": "sandbox-app-secret-0001",
    "verify_token": "verify-me-please",
}
SIGNING_KEY = "sandbox-signing-key-0001"
EVENTS = ("invitee.created", "invitee.canceled", "invitee_no_show.created", "invitee_no_show.deleted")


@dataclass
class Town:
    """`free` are the times that Calendly had when the town was opened; bookings only take from them."""

    api: httpx.AsyncClient
    vendors: httpx.AsyncClient
    clock: ShiftedClock
    free: list[datetime]
    _shift_file: Path
    _shift: float

    def pass_time(self, seconds: float) -> None:
        self._shift += seconds
        self._shift_file.write_text(str(self._shift))

    async def get(self, path: str, **query: Any) -> Any:
        return (await self.api.get(path, params=query)).raise_for_status().json()

    async def break_vendor(self, vendor: str, kind: str, **more: Any) -> None:
        (await self.vendors.post("/_sandbox/faults", json={"vendor": vendor, "kind": kind, **more})).raise_for_status()

    async def bookings_of(self, email: str) -> list[Json]:
        """Everything that Calendly has of an invitee, cancelled meetings included."""
        items = (await self.vendors.get("/_sandbox/calendly/bookings")).raise_for_status().json()["items"]
        return [item for item in items if item["invitee"]["email"] == email]

    async def sends(self) -> list[Json]:
        """Every message that WhatsApp has taken."""
        found = await self.vendors.get("/_sandbox/ledger", params={"vendor": "whatsapp", "kind": "send"})
        items: list[Json] = found.raise_for_status().json()["items"]
        return items

    async def lead(self, phone: str) -> Json:
        items = (await self.get("/api/leads", q=phone))["items"]
        return dict(items[0]) if items else {}

    async def tasks(self, lead_id: str) -> list[Json]:
        items = (await self.get("/api/tasks", limit=500))["items"]
        return [item for item in items if item["lead_id"] == lead_id]


@asynccontextmanager
async def open_town(model: str) -> AsyncIterator[Town]:
    """With WhatsApp and Calendly connected."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pipewise-eval-")))
        shift_file, shift = folder / "clock", until_monday(datetime.now(UTC))
        shift_file.write_text(str(shift))
        clock, to_pipewise = ShiftedClock(shift_file), _Late()
        webhooks = await stack.enter_async_context(httpx.AsyncClient(transport=to_pipewise, base_url=BASE))
        sandbox = create_sandbox(clock, webhook_http=webhooks)
        to_sandbox = httpx.ASGITransport(app=sandbox)
        app = _create_product(folder, shift_file, model, to_sandbox)
        to_pipewise.inner = httpx.ASGITransport(app=app)
        await stack.enter_async_context(app.router.lifespan_context(app))
        await app.state.services.application.turns.ready()
        await stack.enter_async_context(sandbox.router.lifespan_context(sandbox))
        vendors = await stack.enter_async_context(httpx.AsyncClient(transport=to_sandbox, base_url=BASE))
        bearer = {"Authorization": f"Bearer {TOKEN}"}
        api = await stack.enter_async_context(
            httpx.AsyncClient(transport=to_pipewise.inner, base_url=BASE, headers=bearer)
        )
        await _connect(api, vendors)
        free = await read_free_times(vendors, CALENDLY_TOKEN, clock.now())
        yield Town(api, vendors, clock, free, shift_file, shift)


def until_monday(now: datetime) -> float:
    """Seconds to the next Monday's opening."""
    opening = datetime.combine(now.date() + timedelta(days=7 - now.weekday()), OPENS)
    return (opening - now).total_seconds()


def _create_product(folder: Path, shift_file: Path, model: str, to_sandbox: httpx.ASGITransport) -> FastAPI:
    given = load_settings(
        env="test",
        data_dir=folder / "data",
        api_token=TOKEN,
        model=model,
        burst_ms=150,
        clock_file=shift_file,
        calendly_api_url=BASE,
        whatsapp_api_url=BASE,
    )

    def open_with_sandbox(
        settings: Settings, *, with_worker: bool = True
    ) -> AbstractAsyncContextManager[Application, bool | None]:
        return open_application(settings, with_worker=with_worker, transport=to_sandbox)

    return create_app(given, open_application=open_with_sandbox)


async def _connect(api: httpx.AsyncClient, vendors: httpx.AsyncClient) -> None:
    whatsapp = await _integrate(api, "whatsapp", WHATSAPP)
    callback = {**WHATSAPP, "callback_url": f"{BASE}/webhooks/whatsapp/{whatsapp}"}
    (await vendors.post("/_sandbox/whatsapp/accounts", json=callback)).raise_for_status()
    calendly = await _integrate(api, "calendly", {"access_token": CALENDLY_TOKEN, "webhook_signing_key": SIGNING_KEY})
    bearer = {"Authorization": f"Bearer {CALENDLY_TOKEN}"}
    me = (await vendors.get("/users/me", headers=bearer)).raise_for_status().json()["resource"]
    subscription = {
        "url": f"{BASE}/webhooks/calendly/{calendly}",
        "events": list(EVENTS),
        "organization": me["current_organization"],
        "user": me["uri"],
        "scope": "user",
        "signing_key": SIGNING_KEY,
    }
    (await vendors.post("/webhook_subscriptions", headers=bearer, json=subscription)).raise_for_status()


async def _integrate(api: httpx.AsyncClient, platform: str, credentials: Mapping[str, str]) -> str:
    made = await api.post("/api/integrations", json={"platform": platform, "credentials": dict(credentials)})
    return str(made.raise_for_status().json()["id"])


class _Late(httpx.AsyncBaseTransport):
    """A transport to an application that is made later: the two sides know each other."""

    inner: httpx.ASGITransport

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self.inner.handle_async_request(request)
