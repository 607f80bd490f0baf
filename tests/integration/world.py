"""PipeWise and the vendor sandbox in one process, joined by their real HTTP interfaces without sockets."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy import select

from api.app import create_app
from graph.compose import open_application
from graph.replay import verify_turns
from graph.versions import read_versions
from pipewise.sandbox.app import create_sandbox
from pipewise.settings import Settings, load_settings
from pipewise.storage.journal import TURN, JournalRow
from pipewise.storage.tables import journal

LEAD = "351911222333"
NUMBER_ID = "100000000000001"
TOKEN = "pw_" + "t" * 40
APP_SECRET = "planted-app-secret-0001"
SIGNING_KEY = "planted-signing-key-0001"
BASE = "http://127.0.0.1"
WAIT_SECONDS = 30.0


@dataclass
class World:
    """A connected PipeWise with its vendors. `api` carries the admin token."""

    api: httpx.AsyncClient
    vendors: httpx.AsyncClient
    app: FastAPI
    to_sandbox: httpx.ASGITransport
    integrations: dict[str, str] = field(default_factory=dict)

    async def lead_says(self, text: str | None = None, *, sender: str = LEAD, **message: Any) -> None:
        body: dict[str, Any] = {"phone_number_id": NUMBER_ID, "from": sender, "name": "Ana Silva"}
        body |= {"text": text} if text is not None else {"message": message}
        (await self.vendors.post("/_sandbox/whatsapp/inbound", json=body)).raise_for_status()

    async def taps(self, choice_id: str, title: str = "x", *, sender: str = LEAD) -> None:
        reply = {"type": "button_reply", "button_reply": {"id": choice_id, "title": title}}
        await self.lead_says(sender=sender, type="interactive", interactive=reply)

    async def ledger(self, vendor: str, kind: str | None = None) -> list[dict[str, Any]]:
        entries = (await self.vendors.get("/_sandbox/ledger", params={"vendor": vendor})).json()
        rows = entries["items"] if isinstance(entries, dict) else entries
        return [row for row in rows if kind is None or row["kind"] == kind]

    async def sends(self) -> list[dict[str, Any]]:
        """What reached the phones, typing and read marks left out."""
        return await self.ledger("whatsapp", "send")

    async def break_vendor(self, vendor: str, kind: str, **more: Any) -> None:
        (await self.vendors.post("/_sandbox/faults", json={"vendor": vendor, "kind": kind, **more})).raise_for_status()

    async def until(self, check: Any, what: str) -> Any:
        """Ask until it holds; fail with what was waited for."""
        async with asyncio.timeout(WAIT_SECONDS):
            while True:
                with contextlib.suppress(LookupError):
                    found = await check()
                    if found:
                        return found
                await asyncio.sleep(0.02)
        raise AssertionError(what)

    async def until_sends(self, count: int) -> list[dict[str, Any]]:
        async def enough() -> list[dict[str, Any]] | None:
            sends = await self.sends()
            return sends if len(sends) >= count else None

        found: list[dict[str, Any]] = await self.until(enough, f"{count} sends")
        return found

    async def lead(self) -> dict[str, Any]:
        items = (await self.api.get("/api/leads")).json()["items"]
        first: dict[str, Any] = items[0]
        return first

    async def settle(self, seconds: float = 0.4) -> None:
        """Long enough for a second, unwanted answer to show."""
        await asyncio.sleep(seconds)


@contextlib.asynccontextmanager
async def open_world(
    data_dir: Any, *, connect: bool = True, with_worker: bool = True, **overrides: Any
) -> AsyncIterator[World]:
    late: dict[str, Any] = {}
    to_pipewise = httpx.AsyncClient(transport=_Late(late, "pipewise"), base_url=BASE)
    settings = load_settings(
        data_dir=data_dir,
        api_token=TOKEN,
        model=overrides.pop("model", "offline"),
        burst_ms=overrides.pop("burst_ms", 30),
        calendly_api_url=BASE,
        whatsapp_api_url=BASE,
        **overrides,
    )
    sandbox = create_sandbox(settings.open_clock(), webhook_http=to_pipewise)
    to_sandbox = httpx.ASGITransport(app=sandbox)
    app = create_app(
        settings,
        with_worker=with_worker,
        open_application=lambda s, **k: open_application(s, transport=to_sandbox, **k),
    )
    late["pipewise"] = httpx.ASGITransport(app=app)
    async with (
        to_pipewise,
        running(app),
        running(sandbox),  # ends first: a webhook after the end would open a database that was closed
        httpx.AsyncClient(transport=to_sandbox, base_url=BASE) as vendors,
        httpx.AsyncClient(
            transport=late["pipewise"], base_url=BASE, headers={"Authorization": f"Bearer {TOKEN}"}
        ) as api,
    ):
        world = World(api, vendors, app, to_sandbox)
        await app.state.services.application.turns.ready()
        if connect:
            await connect_vendors(world)
        yield world
        await replay_every_turn(world, settings)


async def replay_every_turn(world: World, settings: Settings) -> None:
    """Whatever a test did: each turn that was committed comes out of its journal as it was."""
    resources = world.app.state.services.resources
    async with resources.database.read() as connection:
        found = (await connection.execute(select(journal).where(journal.c.ordinal == TURN))).mappings()
        rows = [JournalRow(**row) for row in found]
    verdicts = await verify_turns(rows, resources.vault, resources.clock, settings, read_versions())
    problems = [verdict.line() for verdict in verdicts if verdict.problem]
    assert not problems, "\n".join(problems)


async def connect_vendors(world: World, *, calendly: bool = True) -> None:
    whatsapp = {
        "access_token": "sandbox-whatsapp-token",
        "phone_number_id": NUMBER_ID,
        "app_secret": APP_SECRET,
        "verify_token": "verify-me-please",
    }
    made = await world.api.post("/api/integrations", json={"platform": "whatsapp", "credentials": whatsapp})
    assert made.status_code == 201, made.text
    world.integrations["whatsapp"] = made.json()["id"]
    registered = await world.vendors.post(
        "/_sandbox/whatsapp/accounts",
        json={**whatsapp, "callback_url": f"{BASE}/webhooks/whatsapp/{made.json()['id']}"},
    )
    assert registered.status_code < 300, registered.text
    if calendly:
        await connect_calendly(world)


async def connect_calendly(world: World, **settings: Any) -> None:
    credentials = {"access_token": "sandbox-calendly-token", "webhook_signing_key": SIGNING_KEY}
    made = await world.api.post(
        "/api/integrations", json={"platform": "calendly", "credentials": credentials, "settings": settings}
    )
    assert made.status_code == 201, made.text
    world.integrations["calendly"] = made.json()["id"]
    auth = {"Authorization": "Bearer sandbox-calendly-token"}
    me = (await world.vendors.get("/users/me", headers=auth)).json()["resource"]
    subscribed = await world.vendors.post(
        "/webhook_subscriptions",
        headers=auth,
        json={
            "url": f"{BASE}/webhooks/calendly/{made.json()['id']}",
            "events": ["invitee.created", "invitee.canceled", "invitee_no_show.created", "invitee_no_show.deleted"],
            "organization": me["current_organization"],
            "user": me["uri"],
            "scope": "user",
            "signing_key": SIGNING_KEY,
        },
    )
    assert subscribed.status_code == 201, subscribed.text


class _Late(httpx.AsyncBaseTransport):
    """A transport to an application that is made later: the two sides know each other."""

    def __init__(self, known: dict[str, Any], name: str) -> None:
        self._known = known
        self._name = name

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        transport: httpx.ASGITransport = self._known[self._name]
        return await transport.handle_async_request(request)


@contextlib.asynccontextmanager
async def running(app: FastAPI) -> AsyncIterator[None]:
    async with app.router.lifespan_context(app):
        yield
