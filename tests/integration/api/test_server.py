"""The real server on loopback: slow and endless clients are cut off, and others do not notice."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI, Request

from api.receive import ReceiveGuard
from api.server import PatientProtocol, make_config

HEADER_SECONDS = 0.6
BODY_SECONDS = 0.6


class ImpatientProtocol(PatientProtocol):
    header_seconds = HEADER_SECONDS


@pytest.fixture
async def port() -> AsyncIterator[int]:
    app = FastAPI()

    @app.post("/webhooks/echo")
    async def echo(request: Request) -> dict[str, int]:
        return {"bytes": len(await request.body())}

    app.add_middleware(ReceiveGuard, body_seconds=BODY_SECONDS)
    config = make_config(app, "127.0.0.1", 0)
    assert config.http is PatientProtocol
    config.http = ImpatientProtocol
    server = uvicorn.Server(config)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        task = asyncio.create_task(server.serve([listening]))
        while not server.started:  # noqa: ASYNC110  uvicorn tells it by this attribute alone
            await asyncio.sleep(0.01)
        yield int(listening.getsockname()[1])
        server.should_exit = True
        await task


async def read_to_the_end(reader: asyncio.StreamReader) -> bytes:
    """What came before the connection ended, however it ended."""
    said = b""
    try:
        async with asyncio.timeout(5):
            while piece := await reader.read(65536):
                said += piece
    except ConnectionResetError:
        return said
    return said


async def drip(port: int, opening: bytes, drop: bytes) -> tuple[float, bytes]:
    """Send slowly until the server closes; seconds it took, and what it said."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    started = time.perf_counter()
    answer = asyncio.create_task(read_to_the_end(reader))
    try:
        writer.write(opening)
        while not answer.done():
            writer.write(drop)
            await writer.drain()
            await asyncio.sleep(0.05)
    except ConnectionError:
        pass
    said = await answer
    writer.close()
    return time.perf_counter() - started, said


REQUEST = b"POST /webhooks/echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"


@pytest.mark.parametrize(
    ("opening", "drop", "status"),
    [
        (b"", b"", b""),  # says nothing at all
        (b"POST /webhooks/echo HTTP/1.1\r\n", b"X: y\r\n", b""),
        (REQUEST + b"Content-Length: 1000\r\n\r\n", b"x", b"408"),
        (REQUEST + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n", b"408"),
    ],
)
async def test_a_slow_client_is_closed(port: int, opening: bytes, drop: bytes, status: bytes) -> None:
    seconds, said = await drip(port, opening, drop)
    assert 0.3 < seconds < 3
    assert said[9:12] == status
    assert b"request_timeout" in said or not status


async def test_a_client_that_goes_on_after_its_answer_is_closed(port: int) -> None:
    whole = REQUEST + b"Content-Length: 2\r\n\r\n{}"
    seconds, said = await drip(port, whole, b"P")
    assert said.startswith(b"HTTP/1.1 200")
    assert seconds < 3


async def test_an_endless_chunked_body_is_answered_413(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answer = asyncio.create_task(read_to_the_end(reader))
    writer.write(REQUEST + b"Transfer-Encoding: chunked\r\n\r\n")
    sent = 0
    try:
        while not answer.done() and sent < 64 * 1024 * 1024:
            writer.write(b"10000\r\n" + b"x" * 65536 + b"\r\n")
            await writer.drain()
            sent += 65536
    except ConnectionError:
        pass
    assert (await answer).startswith(b"HTTP/1.1 413")
    assert sent < 16 * 1024 * 1024
    writer.close()


async def test_a_declared_length_is_refused_before_the_body_comes(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(REQUEST + b"Content-Length: 1048577\r\nExpect: 100-continue\r\n\r\n")
    async with asyncio.timeout(0.5):
        assert (await reader.readline()).startswith(b"HTTP/1.1 413")
    writer.close()


@pytest.mark.parametrize("size", [1024 * 1024, 1024 * 1024 + 1, 3 * 1024 * 1024])
async def test_an_ordinary_client_reads_the_answer_whatever_it_sends(port: int, size: int) -> None:
    async with httpx.AsyncClient() as http:
        answer = await http.post(f"http://127.0.0.1:{port}/webhooks/echo", content=b"x" * size)
    assert answer.status_code == (200 if size <= 1024 * 1024 else 413)
    assert "server" not in answer.headers


async def test_many_slow_clients_do_not_keep_others_waiting(port: int) -> None:
    slow = [asyncio.create_task(drip(port, REQUEST + b"Content-Length: 1000\r\n\r\n", b"x")) for _ in range(60)]
    waits: list[float] = []
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
        for _ in range(30):
            started = time.perf_counter()
            answer: Any = await http.post("/webhooks/echo", content=b"{}")
            waits.append(time.perf_counter() - started)
            assert answer.json() == {"bytes": 2}
    assert sorted(waits)[-2] < 0.5
    assert all(said[9:12] == b"408" for _, said in await asyncio.gather(*slow))


async def test_a_kept_connection_serves_again(port: int) -> None:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
        for pause in (0.0, HEADER_SECONDS * 2):
            await asyncio.sleep(pause)
            assert (await http.post("/webhooks/echo", content=b"{}")).status_code == 200
