"""Requests that no honest client makes, as bytes on a socket, and JSON that no honest vendor writes."""

import asyncio
import gzip
import json
import zlib
from collections.abc import Mapping

ANSWER_SECONDS = 30.0  # far over every deadline of the server: only so that a test does not hang
JSON_HEADERS = "Host: x\r\nContent-Type: application/json\r\n"
BOMB = gzip.compress(bytes(50 * 1024 * 1024))
DEFLATED = zlib.compress(bytes(50 * 1024 * 1024))
MEBIBYTE = 1024 * 1024


def post(path: str, headers: str, body: bytes = b"") -> bytes:
    return f"POST {path} HTTP/1.1\r\n{JSON_HEADERS}{headers}\r\n".encode("latin-1") + body


def sized(path: str, headers: str, body: bytes) -> bytes:
    return post(path, f"{headers}Content-Length: {len(body)}\r\n", body)


def wire_shapes(path: str) -> Mapping[str, bytes]:
    """Each has to be closed, or answered by a 4xx."""
    chunked = "Transfer-Encoding: chunked\r\n"
    return {
        "gzip": sized(path, "Content-Encoding: gzip\r\n", BOMB),
        "deflate": sized(path, "Content-Encoding: deflate\r\n", DEFLATED),
        "gzip as a transfer coding": post(path, "Transfer-Encoding: gzip, chunked\r\n", b"0\r\n\r\n"),
        "unknown transfer coding": post(path, "Transfer-Encoding: xchunked\r\n", b"0\r\n\r\n"),
        "chunked twice": post(path, "Transfer-Encoding: chunked, chunked\r\n", b"0\r\n\r\n"),
        "negative length": post(path, "Content-Length: -1\r\n", b"{}"),
        "length with a sign": post(path, "Content-Length: +2\r\n", b"{}"),
        "length of a word": post(path, "Content-Length: two\r\n", b"{}"),
        "length without end": post(path, f"Content-Length: {'9' * 400}\r\n", b"{}"),
        "two lengths": post(path, "Content-Length: 2\r\nContent-Length: 3\r\n", b"{}x"),
        "two lengths in one": post(path, "Content-Length: 2, 3\r\n", b"{}x"),
        "length and chunks": post(path, f"Content-Length: 4\r\n{chunked}", b"1\r\nx\r\n0\r\n\r\n"),
        "chunks and length": post(path, f"{chunked}Content-Length: 5\r\n", b"0\r\n\r\nGET /healthz HTTP/1.1\r\n\r\n"),
        "chunk of no number": post(path, chunked, b"zz\r\nx\r\n0\r\n\r\n"),
        "chunk without end": post(path, chunked, b"ffffffffffffffffffff\r\n" + b"x" * 4096),
        "chunk extension without end": post(path, chunked, b"1;" + b"a" * 70_000 + b"\r\nx\r\n0\r\n\r\n"),
        "two hundred headers": sized(path, "".join(f"X-{n}: y\r\n" for n in range(200)), b"{}"),
        "ten thousand headers": sized(path, "".join(f"X-{n}: y\r\n" for n in range(10_000)), b"{}"),
        "giant header": sized(path, f"X-Big: {'y' * 200_000}\r\n", b"{}"),
        "giant address": sized(f"{path}?{'y' * 200_000}", "", b"{}"),
        "folded header": sized(path, "X-Folded: a\r\n b\r\n", b"{}"),
        "space before the colon": sized(path, "X-Space : a\r\n", b"{}"),
        "NUL in a header": sized(path, "X-Nul: a\x00b\r\n", b"{}"),
        "header of other bytes": sized(path, "X-Hub-Signature-256: sha256=\xff\xfe\r\n", b"{}"),
        "NUL in the address": sized("/webhooks/whatsapp/%00", "", b"{}"),
        "surrogate in the address": sized("/webhooks/whatsapp/%ED%A0%80", "", b"{}"),
        "traversal": sized("/webhooks/../../etc/passwd", "", b"{}"),
        "NUL in the platform": sized("/webhooks/%00", "", b"{}"),
        "another method": f"BREW {path} HTTP/1.1\r\n{JSON_HEADERS}\r\n".encode(),
        "another version": f"POST {path} HTTP/9.9\r\n{JSON_HEADERS}\r\n".encode(),
        "no host": f"POST {path} HTTP/1.1\r\n\r\n".encode(),
        "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(64),
        "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(256)) * 2,
        "noise": bytes(range(255, 0, -1)) * 40 + b"\r\n\r\n",
        "depth": sized(path, "", b"[" * 200_000),
        "empty": sized(path, "", b""),
        "garbage behind a request": sized(path, "", b"{}") + b"\x00\xff garbage \r\n\r\n" * 50,
        "requests in a row": sized(path, "", b"{}") * 100 + b"garbage\r\n\r\n",
    }


LONG = "9" * 5000
# Signed, so they are stored: as an event where something can be made of them, else as a dead letter.
DOCUMENTS: Mapping[str, bytes] = {
    "depth": b'{"email": "a@b.example", "message": ' + b"[" * 200_000 + b"]" * 200_000 + b"}",
    "objects in depth": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "long number": f'{{"email": "a@b.example", "n": {LONG}}}'.encode(),
    "long fraction": f'{{"email": "a@b.example", "n": 0.{LONG}}}'.encode(),
    "number beyond bounds": b'{"email": "a@b.example", "n": 1e999}',
    "numbers beyond 64 bits": b'{"email": "a@b.example", "n": 123456789012345678901234567890, "m": 1e300}',
    "NaN": b'{"email": "a@b.example", "n": NaN}',
    "Infinity": b'{"email": "a@b.example", "n": -Infinity}',
    "duplicate keys": b'{"email": "a@b.example", "email": "c@d.example"}',
    "lone surrogate": b'{"email": "a@b.example", "message": "\\ud800 hi", "\\udfff": "key"}',
    "NUL": b'{"email": "a@b.example", "message": "a\\u0000b", "k\\u0000": "\\u0000"}',
    "raw NUL": b'{"email": "a@b.example", "message": "a\x00b"}',
    "many keys": json.dumps({"email": "a@b.example"} | {f"k{n}": n for n in range(60_000)}).encode(),
    "long text": json.dumps({"email": "a@b.example", "message": "x" * 900_000}).encode(),
    "long name": json.dumps({"email": "a@b.example", "name": "x" * 100_000, "company": "y" * 100_000}).encode(),
    "odd texts": json.dumps({"email": "a@b.example", "message": "\u202e\ufeff\U0010ffff\x7f\x1b[2J" * 50}).encode(),
    "other types": b'{"email": ["a@b.example"], "phone": {"a": 1}, "message": true, "name": 5, "event_id": [1]}',
    "not UTF-8": b'{"email": "a@b.example", "message": "\xff\xfe"}',
    "UTF-16": '{"email": "a@b.example"}'.encode("utf-16"),
    "byte order mark": b'\xef\xbb\xbf{"email": "a@b.example"}',
    "two documents": b'{"email": "a@b.example"}{"email": "a@b.example"}',
    "a list": b'[{"email": "a@b.example"}]',
    "a text": b'"a@b.example"',
    "nothing": b"null",
    "empty": b"",
}


async def answers(port: int, request: bytes) -> list[int]:
    """Status codes of whatever came before the server closed; none if it closed without a word."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    reading = asyncio.create_task(_read(reader))
    try:
        writer.write(request)
        await writer.drain()
    except ConnectionError:
        pass
    said = await reading
    writer.close()
    parts = said.split(b"HTTP/1.1 ")[1:]
    return [int(part[:3]) for part in parts]


async def _read(reader: asyncio.StreamReader) -> bytes:
    said = b""
    async with asyncio.timeout(ANSWER_SECONDS):
        try:
            while piece := await reader.read(65536):
                said += piece
        except ConnectionError:
            pass
    return said


async def drip(port: int, opening: bytes, drop: bytes) -> list[int]:
    """A drop a second until the server has had enough."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    reading = asyncio.create_task(_read(reader))
    try:
        writer.write(opening)
        while not reading.done():
            writer.write(drop)
            await writer.drain()
            await asyncio.wait([reading], timeout=1.0)
    except ConnectionError:
        pass
    said = await reading
    writer.close()
    return [int(part[:3]) for part in said.split(b"HTTP/1.1 ")[1:]]


async def pour(port: int, opening: bytes, most: int, piece: bytes) -> tuple[list[int], int]:
    """Send without end; what was answered, and how many bytes the server let come."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    reading = asyncio.create_task(_read(reader))
    poured = 0
    try:
        writer.write(opening)
        while poured < most and not reading.done():
            writer.write(piece)
            await writer.drain()
            poured += len(piece)
    except ConnectionError:
        pass
    said = await reading
    writer.close()
    return [int(part[:3]) for part in said.split(b"HTTP/1.1 ")[1:]], poured
