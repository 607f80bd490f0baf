"""The HTTP server: uvicorn on h11, with the bounds on slow clients that it lacks."""

import asyncio
import signal
import socket
import sys
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from pipewise import garbage

HEADER_SECONDS = 5.0
KEEP_ALIVE_SECONDS = 5
GRACEFUL_SECONDS = 8  # for answers under way; the turns have graph.compose.STOP_SECONDS after that, 20 s in all
HEADER_BYTES = 32 * 1024
# A thread that comes back from the disk waits this long for a busy event loop: Python's 5 ms would be most of an
# acknowledgement, and much less would have threads interrupt each other all the time.
SWITCH_SECONDS = 0.001


class PatientProtocol(H11Protocol):
    """Closes a connection whose request line and headers do not arrive in time, and one that goes on sending after it has
    been answered."""

    header_seconds = HEADER_SECONDS
    _header_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._expect_headers()

    def data_received(self, data: bytes) -> None:
        if self._is_waiting():
            self._expect_headers()
        super().data_received(data)
        if not self._is_waiting():
            self._headers_came()

    def connection_lost(self, exc: Exception | None) -> None:
        self._headers_came()
        super().connection_lost(exc)

    def _is_waiting(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _expect_headers(self) -> None:
        if self._header_timer is None:
            self._header_timer = self.loop.call_later(self.header_seconds, self._give_up)

    def _headers_came(self) -> None:
        if self._header_timer is not None:
            self._header_timer.cancel()
            self._header_timer = None

    def _give_up(self) -> None:
        self._header_timer = None
        if not self.transport.is_closing():
            self.transport.abort()


def make_config(app: ASGIApp, host: str, port: int) -> uvicorn.Config:
    """Logging is the caller's; forwarding headers are not believed."""
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        http=PatientProtocol,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=GRACEFUL_SECONDS,
        h11_max_incomplete_event_size=HEADER_BYTES,
    )


class SettledServer(uvicorn.Server):
    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """A service that was asked to end and has ended in order exits with 0, not by the signal once more."""
        await super().shutdown(sockets)
        self._captured_signals[:] = [number for number in self._captured_signals if number != signal.SIGTERM]

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        garbage.settle()


def serve(app: ASGIApp, host: str, port: int) -> bool:
    """Runs until a signal stops it. False if it could not start."""
    sys.setswitchinterval(SWITCH_SECONDS)
    server = SettledServer(make_config(app, host, port))
    server.run()
    return server.started
