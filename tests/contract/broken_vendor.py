"""A vendor on a real socket that breaks in one of many ways, for every request alike."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

SECRET = "planted-secret-5f2c"
ENDLESS_CHUNK = b"x" * 65_536

Act = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True)
class Fault:
    """`certain`: the vendor did not act, or nothing reached it. A fault that is not certain may hide an effect. `url` stands in
    for an address at which nobody answers."""

    name: str
    act: Act | None = None
    certain: bool = False
    url: str | None = None


async def request_of(reader: asyncio.StreamReader) -> None:
    """Read one request to its end."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(
        (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
    )
    await reader.readexactly(length)


def raw(answer: bytes, *, then_hold: bool = False) -> Act:
    async def act(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request_of(reader)
        writer.write(answer)
        await writer.drain()
        if then_hold:
            await reader.read()

    return act


def answer(status: int, body: bytes, *headers: str, length: int | None = None, kind: str = "application/json") -> Act:
    lines = [
        f"HTTP/1.1 {status} X",
        f"Content-Type: {kind}",
        f"Content-Length: {len(body) if length is None else length}",
    ]
    head = "\r\n".join([*lines, "Connection: close", *headers]).encode()
    return raw(head + b"\r\n\r\n" + body)


async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    del writer
    await request_of(reader)
    await reader.read()


async def reset_before(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    del reader
    writer.transport.abort()


async def reset_after(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await request_of(reader)
    writer.transport.abort()


async def speak_plainly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(1)
    writer.write(b"HTTP/1.1 400 X\r\n\r\n")
    await writer.drain()


async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await request_of(reader)
    for byte in b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}":
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(0.2)


async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await request_of(reader)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
    while True:
        writer.write(ENDLESS_CHUNK)
        await writer.drain()


VENDOR_WORDS = (
    f'{{"title": "{SECRET}", "message": "{SECRET}", "error": {{"message": "{SECRET}", "code": "odd"}}}}'.encode()
)
REFUSALS = (400, 401, 402, 403, 404, 409, 410, 413, 415, 422, 424, 429)
FAILURES = (500, 501, 502, 503, 504, 529)
ODD_BODIES = {
    "html": b"<!doctype html><title>502</title>",
    "truncated json": b'{"resource": {"uri": "https:',
    "a list": b"[]",
    "a text": b'"ok"',
    "a number": b"7",
    "null": b"null",
    "wrong types": b'{"resource": 7, "collection": {}, "data": [], "messages": {}, "message_id": [], "id": {}}',
    "huge numbers": b'{"message_id": 1' + b"0" * 4000 + b"}",
    "deep nesting": b"[" * 100_000,
    "no utf-8": b'{"a": "\xff\xfe"}',
    "ten megabytes": b'"' + b"x" * 10_000_000 + b'"',
}
FAULTS = (
    *(Fault(f"status {status}", answer(status, VENDOR_WORDS), certain=True) for status in REFUSALS),
    *(Fault(f"status {status}", answer(status, VENDOR_WORDS)) for status in FAILURES),
    Fault("429 with a pause", answer(429, VENDOR_WORDS, "Retry-After: 77"), certain=True),
    Fault(
        "429 with an odd pause", answer(429, VENDOR_WORDS, "Retry-After: soon", "X-RateLimit-Reset: -1"), certain=True
    ),
    *(Fault(f"200 with {name}", answer(200, body)) for name, body in ODD_BODIES.items()),
    Fault("200 with too short a body", answer(200, b"{}", length=900)),
    Fault("200 in an unknown encoding", answer(200, b"\x1f\x8bodd", "Content-Encoding: gzip")),
    Fault("redirect to itself", answer(302, b"", "Location: /again")),
    Fault("redirect to loopback", answer(307, b"", "Location: http://127.0.0.1:9/")),
    Fault("no http at all", raw(b"SSH-2.0-odd\r\n")),
    Fault("headers without an end", raw(b"HTTP/1.1 200 OK\r\nX-Odd: ", then_hold=True)),
    Fault("no answer", hang),
    Fault("reset before the request is read", reset_before),
    Fault("reset after the request is read", reset_after),
    Fault("a byte now and then", drip),
    Fault("a body without an end", flood),
    Fault("refused connection", certain=True, url="http://127.0.0.1:9"),
    Fault("unknown host", certain=True, url="http://no-such-host.invalid"),
    Fault("tls that is none", speak_plainly, certain=True, url="https"),
)


@asynccontextmanager
async def broken(fault: Fault) -> AsyncIterator[str]:
    """The address of a vendor with this fault."""
    if fault.act is None:
        yield str(fault.url)
        return
    act, leaving = fault.act, set[asyncio.Task[None]]()
    serving: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(serve(reader, writer))
        serving.add(task)
        task.add_done_callback(serving.discard)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await break_down(reader, writer)
        finally:
            writer.transport.abort() if asyncio.current_task() in leaving else writer.close()

    async def break_down(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ssl.SSLError):
            await act(reader, writer)

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield f"{fault.url or 'http'}://127.0.0.1:{port}"
    finally:
        server.close()
        leaving.update(serving)
        for task in leaving:
            task.cancel()
        await asyncio.gather(*leaving, return_exceptions=True)
