"""Why a service did not start, kept for its caller: a server only knows that it did not, and logs a traceback."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from pipewise.errors import PipewiseError

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]


class StartupWatch:
    """An ASGI application around another. A foreseen error of its start is told in one line and kept in `error`."""

    def __init__(self, app: Application) -> None:
        self._app = app
        self.error: PipewiseError | None = None

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await self._app(scope, receive, send)
            return
        failed: list[Message] = []

        async def hold_back(message: Message) -> None:
            if message["type"] == "lifespan.startup.failed":
                failed.append(message)
            else:
                await send(message)

        try:
            await self._app(scope, receive, hold_back)
        except PipewiseError as error:
            self.error = error
            await send({"type": "lifespan.startup.failed", "message": error.message})
        except BaseException:
            for message in failed:
                await send(message)
            raise
