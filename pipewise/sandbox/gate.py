"""The outermost layer: strikes with the switched-on faults and writes every vendor request into the ledger."""

import asyncio
import contextlib
import json
import re
from typing import Any

import httpx
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipewise.sandbox.fault_answers import broken_answer, status_answer
from pipewise.sandbox.faults import GATE_KINDS, REFUSAL_KINDS, STATUS_KINDS, FaultRequest
from pipewise.sandbox.state import SandboxState

HANG_UP = "pipewise.hang_up"
HOLDING = "pipewise.holding"
ANSWER_HEADERS = "pipewise.answer_headers"
DEFAULT_HOLD = 30.0
DEFAULT_SLOWNESS = 3.0
REFUSED_FROM = 400

OWN_PATHS = re.compile(r"^/(_sandbox(/.*)?|phone|favicon\.ico)?$")
GRAPH_PATHS = re.compile(r"^/(v\d+\.\d+/|debug_token$|whatsapp_business/)")
MODEL_PATHS = re.compile(r"^/v1/")
X_PATHS = re.compile(r"^/(2|i/oauth2)/")
# Instagram's hosts are its own, and its paths are also those of other vendors: inside, they carry this prefix.
INSTAGRAM = "/_instagram"
INSTAGRAM_TOKENS = frozenset({"/oauth/access_token", "/access_token", "/refresh_access_token"})
GRAPH_NODE = re.compile(r"^/v\d+\.\d+/(?P<node>[^/]+)")


def vendor_of(path: str) -> str | None:
    """Which vendor is asked, or None for the sandbox's own pages and controls."""
    if OWN_PATHS.match(path):
        return None
    if path.startswith(f"{INSTAGRAM}/"):
        return "instagram"
    if X_PATHS.match(path):
        return "x"
    if GRAPH_PATHS.match(path):
        return "whatsapp"
    return "model" if MODEL_PATHS.match(path) else "calendly"


def is_instagrams(state: SandboxState, path: str, query: bytes) -> bool:
    """Told by the object that is asked for, and at the consent page by the scopes."""
    found = GRAPH_NODE.match(path)
    if found:
        node, world = found["node"], state.instagram
        return node == "me" or node in world.accounts or node in world.comments
    return path in INSTAGRAM_TOKENS or (path == "/oauth/authorize" and b"instagram_" in query)


class Gate:
    def __init__(self, app: ASGIApp, state: SandboxState) -> None:
        self._app = app
        self._state = state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = scope["path"] if scope["type"] == "http" else ""
        if asked and is_instagrams(self._state, asked, scope["query_string"]):
            scope = {**scope, "path": INSTAGRAM + asked, "raw_path": (INSTAGRAM + asked).encode()}
        vendor = vendor_of(scope["path"]) if asked else None
        if vendor is None:
            await self._app(scope, receive, send)
            return
        scope[ANSWER_HEADERS] = {}
        route = f"{scope['method']} {asked}"
        fault = self._state.faults.take(vendor, route, GATE_KINDS)
        recorder = Recorder(self._state, vendor, scope, send)
        if fault is None:
            await self._app(scope, receive, recorder.send)
            return
        self._state.ledger.record(vendor, "fault", kind=fault.kind, route=route)
        await self._strike(fault, vendor, scope, receive, recorder)

    async def _strike(
        self, fault: FaultRequest, vendor: str, scope: Scope, receive: Receive, recorder: "Recorder"
    ) -> None:
        match fault.kind:
            case "slow":
                await asyncio.sleep(DEFAULT_SLOWNESS if fault.seconds is None else fault.seconds)
                await self._app(scope, receive, recorder.send)
            case "drop_after_accept":
                await self._app(scope, receive, recorder.swallow)
                await hang_up(scope, receive)
            case "timeout":
                await hold(scope, receive, DEFAULT_HOLD if fault.seconds is None else fault.seconds)
                await hang_up(scope, receive)
            case "reset":
                await hang_up(scope, receive)
            case _:
                answer = fault_answer(fault, vendor)
                await answer(scope, receive, recorder.send)


def fault_answer(fault: FaultRequest, vendor: str) -> Response:
    if fault.kind in STATUS_KINDS | REFUSAL_KINDS:
        return status_answer(vendor, fault.kind, fault.retry_after)
    return broken_answer(fault.kind)


async def hold(scope: Scope, receive: Receive, seconds: float) -> None:
    """Keep the caller waiting, but not longer than it waits itself nor than the server lives."""
    scope.setdefault("extensions", {})[HOLDING] = True
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(until_gone(receive), seconds)


async def until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def hang_up(scope: Scope, receive: Receive) -> None:
    """Close the socket without an answer. In process there is no socket: the client's own error stands in for it."""
    close = scope.get("extensions", {}).get(HANG_UP)
    if close is None:
        raise httpx.RemoteProtocolError("Server disconnected without sending a response.")
    close()
    await until_gone(receive)


class Recorder:
    """Passes an answer on and writes one ledger line for it: `request`, or `refused` with the vendor's error body."""

    def __init__(self, state: SandboxState, vendor: str, scope: Scope, send: Send) -> None:
        self._state = state
        self._vendor = vendor
        self._scope = scope
        self._send = send
        self._status = 0
        self._body = b""

    async def send(self, message: Message) -> None:
        self._observe(message)
        await self._send(message)

    async def swallow(self, message: Message) -> None:
        self._observe(message)

    def _observe(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            extra = self._scope[ANSWER_HEADERS].items()
            message["headers"] = [*message["headers"], *((k.lower().encode(), v.encode()) for k, v in extra)]
            return
        if self._status >= REFUSED_FROM:
            self._body += message.get("body", b"")
        if not message.get("more_body", False):
            self._record()

    def _record(self) -> None:
        detail: dict[str, Any] = {
            "method": self._scope["method"],
            "path": self._scope["path"].removeprefix(INSTAGRAM),
            "status": self._status,
        }
        refused = self._status >= REFUSED_FROM
        if refused:
            detail["answer"] = readable(self._body)
        self._state.ledger.record(self._vendor, "refused" if refused else "request", **detail)


def readable(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body.decode(errors="replace")[:200]
