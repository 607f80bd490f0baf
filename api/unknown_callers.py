"""Every request acts for nobody until its caller is known."""

from starlette.types import ASGIApp, Receive, Scope, Send

from pipewise.storage.tenancy import Nobody, scoped


class UnknownCallers:
    """Outermost: whatever the server's own context was, or an embedding program's, nothing of it counts."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with scoped(Nobody()):
            await self._app(scope, receive, send)
