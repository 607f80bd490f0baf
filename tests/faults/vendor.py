"""WhatsApp and Calendly on loopback, with a seeded script of faults and a ledger of everything that was taken.

The ledger, not the product's database, is the truth for "sent". Statuses are signed and repeated until they are accepted.
"""

import asyncio
import json
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bench.vendors import API, EVENT_TYPE
from bench.vendors import Vendors as Reads
from bench.wire import Answer, Client, Request, listen, port_of
from pipewise.platforms.meta import sign

Json = dict[str, Any]

WHATSAPP = {
    "access_token": "faults-whatsapp-token",
    "phone_number_id": "100200300400600",
    "app_secret": "faults-app-secret-0001",
    "verify_token": "faults-verify-token",
}
CALENDLY = {"access_token": "faults-calendly-token", "webhook_signing_key": "faults-signing-key-0001"}
REPEAT_SECONDS = 0.2
STATUSES_AT_ONCE = 20


@dataclass(frozen=True)
class FaultRates:
    """Shares of all sends. `unavailable` is a refusal that may be tried again; `refused` is final."""

    unavailable: float = 0.0
    refused: float = 0.0
    dropped_before: float = 0.0
    dropped_after: float = 0.0
    failed_after: float = 0.0
    silent: float = 0.0


SOUND = FaultRates()
FAILING = FaultRates(
    unavailable=0.02, refused=0.01, dropped_before=0.01, dropped_after=0.02, failed_after=0.01, silent=0.03
)


@dataclass(frozen=True)
class Taken:
    """A message that the vendor has, by the sender's own key. `at` is monotonic seconds."""

    key: str
    recipient: str
    text: str
    at: float


class FaultyVendor:
    """`seconds` is how long a send takes. `webhook` is where statuses go, once it is known."""

    def __init__(self, ledger: Path, seed: int, rates: FaultRates = SOUND) -> None:
        self.rates = rates
        self.seconds = 0.0
        self.port = 0
        self.taken: list[Taken] = []
        self.bookings: list[Json] = []
        self.under_way: set[str] = set()
        self.model_seconds = 0.0
        self.model_calls = 0
        self._ledger = ledger.open("a", buffering=1)
        self._rng = random.Random(seed)
        self._reads = Reads()
        self._webhook: tuple[Client, str] | None = None
        self._reports: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(STATUSES_AT_ONCE)
        self._closed = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def report_to(self, port: int, path: str) -> None:
        """Statuses are posted there from now on."""
        self._webhook = Client(port), path

    @property
    def unreported(self) -> int:
        """Statuses that the product has not accepted yet."""
        return len(self._reports)

    async def close(self) -> None:
        self._closed = True
        for task in self._reports:
            task.cancel()
        await asyncio.gather(*self._reports, return_exceptions=True)
        if self._webhook:
            self._webhook[0].close()
        self._ledger.close()

    async def answer(self, request: Request) -> Answer:
        """Raises ConnectionResetError to drop the connection."""
        match request.method, request.path.strip("/").split("/"):
            case "POST", [_, _, "messages"]:
                return await self._send(json.loads(request.body))
            case "POST", ["invitees"]:
                return self._book(json.loads(request.body))
            case "GET", ["event_types", _]:
                return 200, _document(resource=EVENT_TYPE)
            case "GET", ["scheduled_events"]:
                return 200, self._find(request)
            case "GET", ["scheduled_events", event]:
                return self._one(f"{API}/scheduled_events/{event}", "event")
            case "GET", ["scheduled_events", event, "invitees"]:
                found = [b["invitee"] for b in self.bookings if b["event"]["uri"].endswith(f"/{event}")]
                return 200, _document(collection=found, pagination={})
            case "GET", ["scheduled_events", event, "invitees", invitee]:
                return self._one(f"{API}/scheduled_events/{event}/invitees/{invitee}", "invitee")
            case "POST", ["v1", "chat", "completions"]:
                self.model_calls += 1
                self._reads.model_seconds = self.model_seconds
        return await self._reads.answer(request)

    async def _send(self, body: Json) -> Answer:
        if "status" in body:
            return 200, b'{"success": true}'
        recipient = body["to"].removeprefix("+")
        self.under_way.add(recipient)
        try:
            return await self._receive(body)
        finally:
            self.under_way.discard(recipient)

    async def _receive(self, body: Json) -> Answer:
        rates, draw = self.rates, self._rng.random()
        silent = self._rng.random() < rates.silent
        if draw < (edge := rates.unavailable):
            return 400, _document(error={"message": "rate", "code": 130429})
        if draw < (edge := edge + rates.refused):
            return 400, _document(error={"message": "undeliverable", "code": 131026})
        if draw < (edge := edge + rates.dropped_before):
            raise ConnectionResetError("dropped before taking")
        await asyncio.sleep(self.seconds)
        vendor_id = self._take(body, silent=silent)
        if draw < (edge := edge + rates.dropped_after):
            raise ConnectionResetError("dropped after taking")
        if draw < edge + rates.failed_after:
            return 500, b"{}"
        contacts = [{"input": body["to"], "wa_id": body["to"].removeprefix("+")}]
        return 200, _document(messaging_product="whatsapp", contacts=contacts, messages=[{"id": vendor_id}])

    def _take(self, body: Json, *, silent: bool) -> str:
        text = str(body.get("text", {}).get("body") or body.get("interactive", {}).get("body", {}).get("text", ""))
        entry = Taken(
            str(body["biz_opaque_callback_data"]), body["to"].removeprefix("+"), text, round(time.monotonic(), 6)
        )
        self.taken.append(entry)
        self._ledger.write(json.dumps(asdict(entry)) + "\n")
        vendor_id = f"wamid.taken{len(self.taken)}"
        if not silent:
            task = asyncio.create_task(self._report(entry, vendor_id))
            self._reports.add(task)
            task.add_done_callback(self._reports.discard)
        return vendor_id

    async def _report(self, entry: Taken, vendor_id: str) -> None:
        for word in ("sent", "delivered"):
            status = {
                "id": vendor_id,
                "status": word,
                "timestamp": str(int(time.time())),
                "recipient_id": entry.recipient,
                "biz_opaque_callback_data": entry.key,
            }
            body = delivery(statuses=[status])
            while self._webhook and not self._closed:
                async with self._slots:
                    if await post(*self._webhook, body) == 200:
                        break
                await asyncio.sleep(self._rng.uniform(REPEAT_SECONDS, 2 * REPEAT_SECONDS))

    def _book(self, body: Json) -> Answer:
        number, start = len(self.bookings) + 1, datetime.fromisoformat(body["start_time"])
        event_uri = f"{API}/scheduled_events/EVENT{number}"
        event = {
            "uri": event_uri,
            "name": EVENT_TYPE["name"],
            "status": "active",
            "start_time": start.isoformat(),
            "end_time": None,
            "event_type": body["event_type"],
        }
        invitee = {
            "uri": f"{event_uri}/invitees/INVITEE{number}",
            "status": "active",
            "tracking": body["tracking"],
            **body["invitee"],
        }
        self.bookings.append({"event": event, "invitee": invitee})
        self._ledger.write(json.dumps({"booking": body["tracking"]["utm_content"]}) + "\n")
        return 201, _document(resource=invitee)

    def _find(self, request: Request) -> bytes:
        asked = parse_qs(urlsplit(request.target).query).get("invitee_email", [])
        found = [b["event"] for b in self.bookings if not asked or b["invitee"]["email"] in asked]
        return _document(collection=found, pagination={})

    def _one(self, uri: str, kind: str) -> Answer:
        found = [b[kind] for b in self.bookings if b[kind]["uri"] == uri]
        return (200, _document(resource=found[0])) if found else (404, b"{}")


def delivery(**lists: Any) -> bytes:
    """A webhook body of WhatsApp's, for our one number."""
    metadata = {"display_phone_number": "351210000000", "phone_number_id": WHATSAPP["phone_number_id"]}
    value = {"messaging_product": "whatsapp", "metadata": metadata, **lists}
    entry = {"id": "9001", "changes": [{"field": "messages", "value": value}]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


async def post(client: Client, path: str, body: bytes) -> int:
    """The status of a signed delivery's answer, 0 if there was none."""
    try:
        status, _ = await client.request("POST", path, body, sign(body, WHATSAPP["app_secret"]))
    except (OSError, TimeoutError, asyncio.IncompleteReadError):
        return 0
    return status


def _document(**fields: Any) -> bytes:
    return json.dumps(fields).encode()


@asynccontextmanager
async def open_vendor(ledger: Path, seed: int, rates: FaultRates = SOUND) -> AsyncIterator[FaultyVendor]:
    vendor = FaultyVendor(ledger, seed, rates)
    server = await listen(vendor.answer)
    vendor.port = port_of(server)
    try:
        yield vendor
    finally:
        await vendor.close()
        server.close()
