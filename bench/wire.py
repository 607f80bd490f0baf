"""Just enough HTTP/1.1 for loopback: a library here would cost more than what is measured."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

HOST = "127.0.0.1"
REQUEST_SECONDS = 90.0
# Servers close idle connections after some seconds; one that may be closing is not used again.
IDLE_SECONDS = 2.0
_END = b"\r\n\r\n"


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


async def listen(handler: Handler) -> asyncio.Server:
    """Answer JSON on a free port."""

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                status, body = await handler(await _read_request(reader))
                head = f"HTTP/1.1 {status} OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
                writer.write(head.encode() + body)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    return await asyncio.start_server(converse, HOST, 0)


def port_of(server: asyncio.Server) -> int:
    return int(server.sockets[0].getsockname()[1])


async def _read_request(reader: asyncio.StreamReader) -> Request:
    head = await reader.readuntil(_END)
    method, target, _ = head.split(b"\r\n", 1)[0].decode().split(" ", 2)
    return Request(method, target, await reader.readexactly(_length(head)))


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line[15:])
    return 0


@dataclass
class _Connection:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    idle_since: float = 0.0


class Client:
    """One server's keep-alive connections, as many as there are requests at a time."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._idle: list[_Connection] = []

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
                connection.writer.write("\r\n".join(lines).encode() + _END + body)
                head = await connection.reader.readuntil(_END)
                answer = await connection.reader.readexactly(_length(head))
            except BaseException:
                connection.writer.close()
                raise
        connection.idle_since = time.monotonic()
        self._idle.append(connection)
        return int(head.split(b" ", 2)[1]), answer

    def close(self) -> None:
        for connection in self._idle:
            connection.writer.close()
        self._idle.clear()

    async def _take(self) -> _Connection:
        while self._idle:
            connection = self._idle.pop()
            if time.monotonic() - connection.idle_since < IDLE_SECONDS:
                return connection
            connection.writer.close()
        return _Connection(*await asyncio.open_connection(HOST, self.port))
