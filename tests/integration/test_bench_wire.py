"""The benchmark's own HTTP over sockets: one connection for many requests, ends that are noticed."""

import asyncio

import pytest

from bench.wire import Answer, Client, Request, listen, port_of


async def test_requests_take_turns_on_one_connection() -> None:
    seen: list[Request] = []

    async def answer(request: Request) -> Answer:
        seen.append(request)
        await asyncio.sleep(0)
        return 200, b"x" * 100_000

    server = await listen(answer)
    client = Client(port_of(server))
    async with server:
        for body in (b"", b"y" * 100_000):
            assert await client.request("POST", "/a?b=c", body) == (200, b"x" * 100_000)
        client.close()
    assert [(request.method, request.path, len(request.body)) for request in seen] == [
        ("POST", "/a", 0),
        ("POST", "/a", 100_000),
    ]


async def test_a_server_that_hangs_up_is_noticed() -> None:
    class Rude(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            transport.close()

    server = await asyncio.get_running_loop().create_server(Rude, "127.0.0.1", 0)
    client = Client(port_of(server))
    async with server:
        with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
            await client.request("GET", "/")
