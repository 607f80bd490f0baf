"""A sandbox in process with what nearly every test does, and the receiver of its webhooks."""

import asyncio
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import httpx

from pipewise.sandbox.state import SandboxState
from tests.fakes import FixedClock

Json = dict[str, Any]

CALENDLY = {"Authorization": "Bearer sandbox-calendly-token"}
WHATSAPP = {"Authorization": "Bearer sandbox-whatsapp-token"}
MODEL = {"Authorization": "Bearer any-key"}
NUMBER = "/v25.0/100000000000001"


class Receiver:
    """The application at the other end of the webhooks; `statuses` are its next answers, then 200."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.arrived = asyncio.Event()
        self.statuses: list[int] = []
        self.answer_handshake: Callable[[httpx.Request], httpx.Response] | None = None

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return self.answer_handshake(request) if self.answer_handshake else echo_challenge(request)
        self.requests.append(request)
        self.arrived.set()
        return httpx.Response(self.statuses.pop(0) if self.statuses else 200)

    @property
    def documents(self) -> list[Json]:
        return [json.loads(request.content) for request in self.requests]


def echo_challenge(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, text=request.url.params["hub.challenge"])


class Sandbox:
    """The running sandbox with shorthand for what nearly every test does."""

    def __init__(self, http: httpx.AsyncClient, state: SandboxState, clock: FixedClock, receiver: Receiver) -> None:
        self.http = http
        self.state = state
        self.clock = clock
        self.receiver = receiver

    async def settle(self, seconds: float = 0) -> None:
        """Move the clock and let everything that is due be delivered."""
        self.clock.advance(seconds)
        await self.state.deliveries.settle()

    async def fault(self, vendor: str, kind: str, **more: Any) -> None:
        answer = await self.http.post("/_sandbox/faults", json={"vendor": vendor, "kind": kind, **more})
        assert answer.status_code == 201, answer.text

    async def ledger(self, kind: str | None = None, vendor: str | None = None) -> list[Json]:
        query = {key: value for key, value in (("kind", kind), ("vendor", vendor)) if value}
        items: list[Json] = (await self.http.get("/_sandbox/ledger", params=query)).json()["items"]
        return items

    async def calendly(self, method: str, path: str, **more: Any) -> httpx.Response:
        return await self.http.request(method, path.removeprefix("https://api.calendly.com"), headers=CALENDLY, **more)

    async def me(self) -> Json:
        resource: Json = (await self.calendly("GET", "/users/me")).json()["resource"]
        return resource

    async def event_types(self) -> list[Json]:
        """Discovery call first, then the on-site consultation."""
        query = {"user": (await self.me())["uri"], "sort": "position:asc"}
        items: list[Json] = (await self.calendly("GET", "/event_types", params=query)).json()["collection"]
        return items

    async def slots(self, event_type: str, *, days: float = 7, start: datetime | None = None) -> list[str]:
        begin = start or self.clock.now() + timedelta(minutes=1)
        query = {
            "event_type": event_type,
            "start_time": begin.isoformat(),
            "end_time": (begin + timedelta(days=days)).isoformat(),
        }
        answer = await self.calendly("GET", "/event_type_available_times", params=query)
        assert answer.status_code == 200, answer.text
        return [item["start_time"] for item in answer.json()["collection"]]

    async def booking_request(self, **changes: Any) -> Json:
        """A request that books the first free discovery call."""
        event_type = (await self.event_types())[0]["uri"]
        request = {
            "event_type": event_type,
            "start_time": (await self.slots(event_type))[0],
            "invitee": {"name": "Aino Laine", "email": "aino@customer.example", "timezone": "Europe/Helsinki"},
            "location": {"kind": "google_conference"},
        }
        return {**request, **changes}

    async def book(self, **changes: Any) -> httpx.Response:
        return await self.calendly("POST", "/invitees", json=await self.booking_request(**changes))

    async def subscribe(self, **changes: Any) -> httpx.Response:
        me = await self.me()
        request = {
            "url": "https://receiver.example/calendly",
            "events": ["invitee.created", "invitee.canceled", "invitee_no_show.created", "invitee_no_show.deleted"],
            "organization": me["current_organization"],
            "user": me["uri"],
            "scope": "user",
            "signing_key": "a-signing-key",
        }
        wanted = {key: value for key, value in {**request, **changes}.items() if value is not None}
        return await self.calendly("POST", "/webhook_subscriptions", json=wanted)

    async def listen(self) -> None:
        """Register the receiver for the default number."""
        answer = await self.http.post(
            "/_sandbox/whatsapp/accounts", json={"callback_url": "https://receiver.example/wa"}
        )
        assert answer.json()["handshake"]["ok"], answer.text

    async def write(self, **fields: Any) -> Json:
        """A lead writes."""
        message = {"from": "+351910000001", "name": "Zoë", "text": "Olá", **fields}
        answer = await self.http.post("/_sandbox/whatsapp/inbound", json=message)
        assert answer.status_code == 200, answer.text
        written: Json = answer.json()
        return written

    async def send(self, **fields: Any) -> httpx.Response:
        """The business writes."""
        body = {"messaging_product": "whatsapp", "to": "+351910000001", **fields}
        return await self.http.post(NUMBER + "/messages", headers=WHATSAPP, json=body)
