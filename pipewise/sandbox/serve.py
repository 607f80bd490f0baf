"""The sandbox on a real socket, with the ability to hang up on a caller."""

from typing import Any

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from pipewise.clock import Clock
from pipewise.sandbox.app import create_sandbox
from pipewise.sandbox.gate import HANG_UP, HOLDING


class HangUpProtocol(H11Protocol):
    """Offers each request a way to close its own connection, which ASGI itself does not know."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.app = self._with_hang_up(self.app)

    def shutdown(self) -> None:
        """A caller that is kept waiting by a fault does not keep the sandbox from stopping."""
        if self.scope and HOLDING in self.scope.get("extensions", {}):
            self.transport.abort()
        else:
            super().shutdown()

    def _with_hang_up(self, app: Any) -> ASGIApp:
        async def call(scope: Scope, receive: Receive, send: Send) -> None:
            scope.setdefault("extensions", {})[HANG_UP] = self.transport.abort
            await app(scope, receive, send)

        return call


async def serve_sandbox(host: str, port: int, clock: Clock) -> None:
    """Runs until it is cancelled or told to stop by a signal."""
    config = uvicorn.Config(
        create_sandbox(clock),
        host=host,
        port=port,
        http=HangUpProtocol,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=2,
    )
    await uvicorn.Server(config).serve()
