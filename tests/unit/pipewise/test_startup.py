"""Why a service did not start reaches its caller in one line."""

from typing import Any

import pytest

from pipewise.errors import SettingsError
from pipewise.startup import StartupWatch

LIFESPAN = {"type": "lifespan"}


class Application:
    """Fails at start as Starlette does: it tells the traceback and raises."""

    def __init__(self, error: Exception | None = None) -> None:
        self._error = error
        self.scopes: list[str] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.scopes.append(scope["type"])
        if self._error:
            await send({"type": "lifespan.startup.failed", "message": "Traceback (most recent call last): …"})
            raise self._error
        await send({"type": "lifespan.startup.complete"})


async def start(watch: StartupWatch) -> list[Any]:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "lifespan.startup"}

    try:
        await watch(dict(LIFESPAN), receive, send)
    except ZeroDivisionError as error:
        sent.append(error)
    return sent


async def test_a_good_start_is_passed_on() -> None:
    watch = StartupWatch(Application())
    assert await start(watch) == [{"type": "lifespan.startup.complete"}]
    assert watch.error is None


async def test_a_foreseen_error_is_told_in_its_own_words_and_kept() -> None:
    error = SettingsError("The master key does not fit.")
    watch = StartupWatch(Application(error))
    assert await start(watch) == [{"type": "lifespan.startup.failed", "message": "The master key does not fit."}]
    assert watch.error is error


async def test_any_other_error_goes_its_usual_way() -> None:
    error = ZeroDivisionError()
    watch = StartupWatch(Application(error))
    told, raised = await start(watch)
    assert told["message"].startswith("Traceback")
    assert raised is error
    assert watch.error is None


@pytest.mark.parametrize("kind", ["http", "websocket"])
async def test_requests_go_through_untouched(kind: str) -> None:
    app = Application()

    async def ignore(*_: Any) -> Any:
        return None

    await StartupWatch(app)({"type": kind}, ignore, ignore)
    assert app.scopes == [kind]
