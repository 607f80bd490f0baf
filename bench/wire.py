"""Just enough HTTP/1.1 for loopback, straight on asyncio's protocols: a library or streams would cost more than what is measured."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import cast

HOST = "127.0.0.1"
REQUEST_SECONDS = 90.0
# Servers close idle connections after some seconds; one that may be closing is not used again.
IDLE_SECONDS = 2.0
_END = b"\r\n\r\n"
_LENGTH = b"\r\ncontent-length:"


@dataclass(frozen=True)
class Request:
    method: str
    target: str
    body: bytes

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]


Answer = tuple[int, bytes]
Handler = Callable[[Request], Awaitable[Answer]]


class Incoming:
    """Bytes of one connection, given back message by message: a head and as much body as it announces."""

    def __init__(self) -> None:
        self._received = b""
        self._missing = 0

    def feed(self, data: bytes) -> tuple[bytes, bytes] | None:
        """The next message, once all of it is there."""
        self._received += data
        if len(self._received) < self._missing:
            return None
        end = self._received.find(_END)
        if end < 0:
            return None
        start = end + len(_END)
        whole = start + _length(self._received[:end])
        if len(self._received) < whole:
            self._missing = whole
            return None
        head, body = self._received[:end], self._received[start:whole]
        self._received, self._missing = self._received[whole:], 0
        return head, body


async def listen(handler: Handler) -> asyncio.Server:
    """Answer JSON on a free port."""
    tasks: set[asyncio.Task[None]] = set()
    return await asyncio.get_running_loop().create_server(lambda: _Serving(handler, tasks), HOST, 0)


class _Serving(asyncio.Protocol):
    """One request at a time, as the clients here send them."""

    def __init__(self, handler: Handler, tasks: set[asyncio.Task[None]]) -> None:
        self._handler = handler
        self._tasks = tasks  # held, or they could be collected under way
        self._incoming = Incoming()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        if message := self._incoming.feed(data):
            head, body = message
            method, target, _ = head.split(b"\r\n", 1)[0].decode().split(" ", 2)
            task = asyncio.get_running_loop().create_task(self._answer(Request(method, target, body)))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _answer(self, request: Request) -> None:
        try:
            status, body = await self._handler(request)
        except BaseException:
            self._transport.close()
            raise
        head = f"HTTP/1.1 {status} OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
        self._transport.write(head.encode() + body)


def port_of(server: asyncio.Server) -> int:
    return int(server.sockets[0].getsockname()[1])


def _length(head: bytes) -> int:
    lower = head.lower()
    at = lower.find(_LENGTH)
    return int(lower[at + len(_LENGTH) :].split(b"\r\n", 1)[0]) if at >= 0 else 0


class _Asking(asyncio.Protocol):
    """One request's answer at a time."""

    def __init__(self) -> None:
        self.idle_since = 0.0
        self._incoming = Incoming()
        self._answer: asyncio.Future[tuple[bytes, bytes]] | None = None
        self._lost = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def ask(self, message: bytes) -> asyncio.Future[tuple[bytes, bytes]]:
        """Head and body. Raises IncompleteReadError where the connection ends before them."""
        answer: asyncio.Future[tuple[bytes, bytes]] = asyncio.get_running_loop().create_future()
        if self._lost:
            answer.set_exception(asyncio.IncompleteReadError(b"", None))
        else:
            self._answer = answer
            self._transport.write(message)
        return answer

    def data_received(self, data: bytes) -> None:
        message = self._incoming.feed(data)
        if message and self._answer and not self._answer.done():
            self._answer.set_result(message)

    def connection_lost(self, exc: Exception | None) -> None:
        self._lost = True
        if self._answer and not self._answer.done():
            self._answer.set_exception(exc or asyncio.IncompleteReadError(b"", None))

    def close(self) -> None:
        with suppress(AttributeError):  # it was never connected
            self._transport.close()


class Client:
    """One server's keep-alive connections, as many as there are requests at a time."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._idle: list[_Asking] = []

    async def request(
        self, method: str, target: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> Answer:
        lines = [f"{method} {target} HTTP/1.1", f"host: {HOST}:{self.port}", f"content-length: {len(body)}"]
        if body:
            lines.append("content-type: application/json")
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        async with asyncio.timeout(REQUEST_SECONDS):
            connection = await self._take()
            try:
                head, answer = await connection.ask("\r\n".join(lines).encode() + _END + body)
            except BaseException:
                connection.close()
                raise
        connection.idle_since = time.monotonic()
        self._idle.append(connection)
        return int(head.split(b" ", 2)[1]), answer

    def close(self) -> None:
        for connection in self._idle:
            connection.close()
        self._idle.clear()

    async def _take(self) -> _Asking:
        while self._idle:
            connection = self._idle.pop()
            if time.monotonic() - connection.idle_since < IDLE_SECONDS:
                return connection
            connection.close()
        _, opened = await asyncio.get_running_loop().create_connection(_Asking, HOST, self.port)
        return opened
