"""The two pages, the phone's data, and the life of the background deliveries."""

import asyncio
import re

import httpx
import pytest
import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.server import ServerState

from pipewise.clock import SystemClock
from pipewise.sandbox.app import create_sandbox
from pipewise.sandbox.gate import hang_up, hold, vendor_of
from pipewise.sandbox.serve import HangUpProtocol
from tests.unit.pipewise.sandbox.world import Receiver, Sandbox


@pytest.mark.parametrize(("path", "title"), [("/", "Vendor sandbox"), ("/phone", "Phone")])
async def test_pages_load_only_what_the_sandbox_itself_serves(sandbox: Sandbox, path: str, title: str) -> None:
    page = await sandbox.http.get(path)
    assert title in page.text
    assert "default-src 'self'" in page.headers["content-security-policy"]
    assert "<script>" not in page.text
    parts = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    for part in parts:
        assert part.startswith("/")
        assert (await sandbox.http.get(part)).status_code == 200
    assert await sandbox.ledger() == [], "the sandbox's own pages are no vendor requests"


async def test_scripts_build_text_and_never_markup(sandbox: Sandbox) -> None:
    for name in ("board.js", "phone.js"):
        script = (await sandbox.http.get(f"/_sandbox/static/{name}")).text
        assert "textContent" in script
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", script)


async def test_the_phone_shows_what_can_be_tapped(sandbox: Sandbox) -> None:
    await sandbox.write()
    body = {"text": "When?"}
    choices = [{"type": "reply", "reply": {"id": "a", "title": "Monday"}}]
    await sandbox.send(type="interactive", interactive={"type": "button", "body": body, "action": {"buttons": choices}})
    rows = [{"title": "Tuesday", "rows": [{"id": "b", "title": "09:00", "description": "in Lisbon"}]}]
    listed = {"type": "list", "body": body, "footer": {"text": "Foot"}, "action": {"button": "Times", "sections": rows}}
    await sandbox.send(type="interactive", interactive=listed)
    action = {"name": "cta_url", "parameters": {"display_text": "Open", "url": "https://calendly.com/d/a/b"}}
    await sandbox.send(type="interactive", interactive={"type": "cta_url", "body": body, "action": action})
    await sandbox.settle(0.1)
    items = (await sandbox.http.get("/_sandbox/whatsapp/conversations/351910000001")).json()["items"]
    written, buttons, listing, link = items
    assert (written["direction"], written["text"]) == ("inbound", "Olá")
    assert buttons["buttons"] == [{"id": "a", "title": "Monday"}]
    assert (listing["list"]["sections"], listing["footer"]) == (rows, "Foot")
    assert link["link"] == {"title": "Open", "url": "https://calendly.com/d/a/b"}
    assert {item["status"] for item in items[1:]} == {"sent"}
    await sandbox.settle(1)
    again = (await sandbox.http.get("/_sandbox/whatsapp/conversations/351910000001")).json()["items"]
    assert {item["status"] for item in again[1:]} == {"read"}
    people = (await sandbox.http.get("/_sandbox/whatsapp/conversations")).json()["items"]
    assert [person["from"] for person in people] == ["351910000001"]


@pytest.mark.parametrize(
    ("message", "text"),
    [
        (
            {"type": "interactive", "interactive": {"type": "list_reply", "list_reply": {"id": "a", "title": "09:00"}}},
            "09:00",
        ),
        ({"type": "button", "button": {"text": "Stop", "payload": "STOP"}}, "Stop"),
        ({"type": "image", "image": {"id": "1", "caption": "Our roof"}}, "[image] Our roof"),
        ({"type": "interactive"}, ""),
        ({"type": "reaction", "reaction": {"message_id": "x"}}, ""),
    ],
)
async def test_every_kind_of_message_can_be_shown(sandbox: Sandbox, message: dict[str, object], text: str) -> None:
    await sandbox.write(message=message)
    [item] = (await sandbox.http.get("/_sandbox/whatsapp/conversations/+351910000001")).json()["items"]
    assert item["text"] == text


async def test_deliveries_run_and_stop_with_the_application() -> None:
    receiver = Receiver()
    async with httpx.AsyncClient(transport=httpx.MockTransport(receiver)) as webhook_http:
        app = create_sandbox(SystemClock(), webhook_http=webhook_http)
        async with app.router.lifespan_context(app):
            async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://sandbox") as http:
                await http.post("/_sandbox/whatsapp/accounts", json={"callback_url": "https://receiver.example/wa"})
                await http.post("/_sandbox/whatsapp/inbound", json={"from": "+351910000001", "text": "Hi"})
                async with asyncio.timeout(5):
                    await receiver.arrived.wait()
            assert any(task.get_name() == "sandbox-webhooks" for task in asyncio.all_tasks())
        assert not any(task.get_name() == "sandbox-webhooks" for task in asyncio.all_tasks())


async def test_its_own_client_is_closed_at_the_end() -> None:
    app = create_sandbox(SystemClock())
    async with app.router.lifespan_context(app):
        assert not app.state.sandbox.deliveries.http.is_closed
    assert app.state.sandbox.deliveries.http.is_closed


@pytest.mark.parametrize(
    ("path", "vendor"),
    [
        ("/users/me", "calendly"),
        ("/d/abc/call", "calendly"),
        ("/oauth/token", "calendly"),
        ("/v25.0/1/messages", "whatsapp"),
        ("/debug_token", "whatsapp"),
        ("/v1/chat/completions", "model"),
        ("/", None),
        ("/phone", None),
        ("/_sandbox/ledger", None),
    ],
)
def test_vendors_are_told_apart_by_path(path: str, vendor: str | None) -> None:
    assert vendor_of(path) == vendor


class FakeTransport(asyncio.Transport):
    aborted = False
    closed = False

    def close(self) -> None:
        self.closed = True

    def abort(self) -> None:
        self.aborted = True


def connection(app: ASGIApp) -> tuple[HangUpProtocol, FakeTransport]:
    config = uvicorn.Config(app, lifespan="off")
    config.load()
    protocol = HangUpProtocol(config, ServerState(), app_state={})
    protocol.transport = transport = FakeTransport()
    return protocol, transport


async def test_hanging_up_aborts_the_callers_connection_and_waits_until_it_is_gone() -> None:
    messages: list[Message] = [{"type": "http.request", "body": b"", "more_body": False}, {"type": "http.disconnect"}]

    async def receive() -> Message:
        return messages.pop(0)

    async def send(message: Message) -> None:
        raise AssertionError(message)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await hang_up(scope, receive)

    protocol, transport = connection(app)
    await protocol.app({"type": "http"}, receive, send)
    assert transport.aborted
    assert messages == []


async def test_a_held_caller_does_not_keep_the_server_from_stopping() -> None:
    gone = asyncio.Event()

    async def receive() -> Message:
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        raise AssertionError(message)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await hold(scope, receive, 30)

    idle, idle_transport = connection(app)
    idle.shutdown()
    assert (idle_transport.closed, idle_transport.aborted) == (True, False)
    protocol, transport = connection(app)
    scope: Scope = {"type": "http"}
    protocol.scope = scope  # type: ignore[assignment]
    waiting = asyncio.create_task(protocol.app(scope, receive, send))
    await asyncio.sleep(0)
    protocol.shutdown()
    assert transport.aborted
    gone.set()
    await waiting
