"""The request body, bounded in size and time, before any framework reads it: servers have limits for neither."""

import asyncio
from collections.abc import Iterable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import error_response
from pipewise.errors import ErrorBody

MAX_BODY_BYTES = 1024 * 1024
# With the seconds that api.server gives to the headers, a whole request has 15.
BODY_SECONDS = 10.0
DRAIN_SECONDS = 1.0
DRAIN_BYTES = 4 * MAX_BODY_BYTES

TOO_LARGE = ErrorBody(f"The body is larger than {MAX_BODY_BYTES // 1024} KiB.", "too_large")
TOO_SLOW = ErrorBody("The request took too long to arrive; send it again.", "request_timeout", retry_after=1)
TWO_FRAMINGS = ErrorBody("A body has a Content-Length or comes in chunks, not both.", "bad_request")
NUL = ErrorBody("The address holds a NUL character.", "bad_request")
BAD_LENGTH = ErrorBody("The Content-Length is not a number.", "bad_request")


class _Refused(Exception):
    def __init__(self, status: int, body: ErrorBody) -> None:
        super().__init__(body.code)
        self.status = status
        self.body = body


class _Disconnected(Exception):
    """The client left before its request was complete."""


class ReceiveGuard:
    """Reads the whole body, then lets the application see the request. Other paths than those under `prefixes` pass."""

    def __init__(self, app: ASGIApp, *, prefixes: Iterable[str] = ("/",), body_seconds: float = BODY_SECONDS) -> None:
        self._app = app
        self._prefixes = tuple(prefixes)
        self._body_seconds = body_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(self._prefixes):
            await self._app(scope, receive, send)
            return
        if _has_nul(scope):
            await _refuse(receive, send, 400, NUL)
            return
        if not _has_body(scope):
            await self._app(scope, receive, send)
            return
        try:
            _check_framing(scope)
            _check_declared_length(scope)
            async with asyncio.timeout(self._body_seconds):
                body = await _read(receive)
        except _Refused as refusal:
            await _refuse(receive, send, refusal.status, refusal.body)
        except TimeoutError:
            await _refuse(receive, send, 408, TOO_SLOW)
        except _Disconnected:
            return
        else:
            await self._app(scope, _Replay(body, receive), send)


class _Replay:
    """Gives the body in one piece, then whatever the server has to say."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        self._body: bytes | None = body
        self._receive = receive

    async def __call__(self) -> Message:
        if self._body is None:
            return await self._receive()
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}


def _has_nul(scope: Scope) -> bool:
    """No database looks such a text up, and PostgreSQL raises over it."""
    return "\x00" in scope["path"] or b"%00" in scope.get("query_string", b"")


def _has_body(scope: Scope) -> bool:
    return any(
        name == b"transfer-encoding" or (name == b"content-length" and value != b"0")
        for name, value in scope["headers"]
    )


def _check_framing(scope: Scope) -> None:
    """A body framed in two ways ends at two places: a proxy that believes the other one would let what follows pass as a
    request of its own."""
    names = {name for name, _ in scope["headers"]}
    if {b"content-length", b"transfer-encoding"} <= names:
        raise _Refused(400, TWO_FRAMINGS)


def _check_declared_length(scope: Scope) -> None:
    for name, value in scope["headers"]:
        if name != b"content-length":
            continue
        if not value.isdigit() or len(value) > 18:
            raise _Refused(400, BAD_LENGTH)
        if int(value) > MAX_BODY_BYTES:
            raise _Refused(413, TOO_LARGE)


async def _read(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _Disconnected
        body += message.get("body", b"")
        if len(body) > MAX_BODY_BYTES:
            raise _Refused(413, TOO_LARGE)
        if not message.get("more_body", False):
            return bytes(body)


async def _refuse(receive: Receive, send: Send, status: int, body: ErrorBody) -> None:
    """Answer at once and close. What is on its way is read for a moment: closing on unread bytes would reset the connection
    and lose the answer."""
    response = error_response(status, body, {"Connection": "close"})
    await send({"type": "http.response.start", "status": status, "headers": response.raw_headers})
    await send({"type": "http.response.body", "body": response.body, "more_body": True})
    if status != 408:
        await _drain(receive)
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _drain(receive: Receive) -> None:
    left = DRAIN_BYTES
    try:
        async with asyncio.timeout(DRAIN_SECONDS):
            while left > 0:
                message = await receive()
                left -= len(message.get("body", b"")) + 1
                if message["type"] == "http.disconnect" or not message.get("more_body", False):
                    return
    except TimeoutError:
        return
