"""The guard in front of the framework: what it lets through, and what it refuses without reading on."""

import asyncio
import json
from collections.abc import Iterable, Sequence
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from api.receive import MAX_BODY_BYTES, ReceiveGuard

CHUNKED = ((b"transfer-encoding", b"chunked"),)


class Echo:
    """Says what body it was given, and whether it was called at all."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.after: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        message = await receive()
        self.bodies.append(message.get("body", b""))
        assert not message.get("more_body", False)
        self.after.append((await receive())["type"])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"ok"})


class Client:
    """Sends chunks, one at a time; counts how many were taken."""

    def __init__(self, chunks: Iterable[bytes], *, pause: float = 0.0, endless: bool = False) -> None:
        self._chunks = list(chunks)
        self._pause = pause
        self._endless = endless
        self.taken = 0
        self.sent: list[Message] = []

    async def receive(self) -> Message:
        if self._pause:
            await asyncio.sleep(self._pause)
        if self.taken >= len(self._chunks) and not self._endless:
            return {"type": "http.disconnect"}
        chunk = self._chunks[min(self.taken, len(self._chunks) - 1)]
        self.taken += 1
        return {"type": "http.request", "body": chunk, "more_body": self._endless or self.taken < len(self._chunks)}

    async def send(self, message: Message) -> None:
        self.sent.append(message)

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"])

    @property
    def told(self) -> Any:
        return json.loads(b"".join(message.get("body", b"") for message in self.sent[1:]))

    @property
    def headers(self) -> dict[bytes, bytes]:
        return dict(self.sent[0]["headers"])


def scope(headers: Sequence[tuple[bytes, bytes]], path: str = "/webhooks/x") -> Scope:
    return {"type": "http", "method": "POST", "path": path, "headers": list(headers)}


def length(number: int) -> tuple[tuple[bytes, bytes], ...]:
    return ((b"content-length", str(number).encode()),)


async def test_a_body_in_pieces_reaches_the_application_in_one() -> None:
    app, client = Echo(), Client([b"ab", b"", b"cd"])
    await ReceiveGuard(app)(scope(length(4)), client.receive, client.send)
    assert (app.bodies, app.after, client.status) == ([b"abcd"], ["http.disconnect"], 200)


async def test_a_body_of_exactly_the_limit_passes_and_one_byte_more_does_not() -> None:
    for headers in (CHUNKED, length(MAX_BODY_BYTES)):
        app, client = Echo(), Client([b"x" * MAX_BODY_BYTES])
        await ReceiveGuard(app)(scope(headers), client.receive, client.send)
        assert client.status == 200
    app, client = Echo(), Client([b"x" * MAX_BODY_BYTES, b"x"])
    await ReceiveGuard(app)(scope(CHUNKED), client.receive, client.send)
    assert (app.bodies, client.status, client.told["code"]) == ([], 413, "too_large")
    assert client.headers[b"connection"] == b"close"


async def test_a_declared_length_over_the_limit_is_refused_before_anything_is_read() -> None:
    app, client = Echo(), Client([])
    await ReceiveGuard(app)(scope(length(MAX_BODY_BYTES + 1)), client.receive, client.send)
    assert (app.bodies, client.status, client.taken) == ([], 413, 0)


async def test_an_endless_body_is_cut_off() -> None:
    app, client = Echo(), Client([b"x" * 65536], endless=True)
    await ReceiveGuard(app)(scope(CHUNKED), client.receive, client.send)
    assert (app.bodies, client.status) == ([], 413)
    assert client.taken < 100


async def test_a_slow_body_is_cut_off() -> None:
    app, client = Echo(), Client([b"x"], pause=0.02, endless=True)
    await ReceiveGuard(app, body_seconds=0.2)(scope(CHUNKED), client.receive, client.send)
    assert (app.bodies, client.status, client.told["code"]) == ([], 408, "request_timeout")


async def test_nobody_is_answered_who_left() -> None:
    app, client = Echo(), Client([])
    await ReceiveGuard(app)(scope(length(10)), client.receive, client.send)
    assert (app.bodies, client.sent) == ([], [])


@pytest.mark.parametrize("value", [b"-5", b"1e9", b"0x10", b"5,5", b"9" * 19, b"", b"\xb2"])
async def test_a_length_that_is_no_number_is_refused(value: bytes) -> None:
    app, client = Echo(), Client([b"x"])
    await ReceiveGuard(app)(scope(((b"content-length", value),)), client.receive, client.send)
    assert (app.bodies, client.status) == ([], 400)


async def test_of_two_lengths_none_may_be_too_large() -> None:
    app, client = Echo(), Client([b"x"])
    await ReceiveGuard(app)(scope((*length(1), *length(MAX_BODY_BYTES + 1))), client.receive, client.send)
    assert client.status == 413


async def test_requests_without_a_body_and_other_paths_pass_untouched() -> None:
    app, client = Echo(), Client([b""])
    guard = ReceiveGuard(app, prefixes=("/webhooks/",))
    await guard(scope(length(0)), client.receive, client.send)
    assert client.status == 200
    large = Client([b"x" * (MAX_BODY_BYTES + 1)])
    await guard(scope(CHUNKED, path="/threads"), large.receive, large.send)
    assert large.status == 200


async def test_a_body_framed_in_two_ways_is_refused() -> None:
    app, client = Echo(), Client([b"x"])
    await ReceiveGuard(app)(scope((*length(1), *CHUNKED)), client.receive, client.send)
    assert (app.bodies, client.status, client.headers[b"connection"]) == ([], 400, b"close")


@pytest.mark.parametrize(("path", "query"), [("/webhooks/a\x00", b""), ("/webhooks/x", b"q=%00")])
async def test_a_nul_in_the_address_is_refused_with_a_body_and_without(path: str, query: bytes) -> None:
    for headers in ((), length(1)):
        app, client = Echo(), Client([b"x"])
        given = {**scope(headers, path=path), "query_string": query}
        await ReceiveGuard(app)(given, client.receive, client.send)
        assert (app.bodies, client.status) == ([], 400)
