"""Lets a test look into the tables as whoever may see all of them; what the product does keeps to its own rights.

On PostgreSQL a transaction sees one account's rows. A test that asks the database itself, or uses a part of the product that was
told by others for whom it acts, and says for no account, is its login. What passes a boundary of the product (a request, a lane, a
loop) says it for itself, and what goes on in the background has no test above it."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from pipewise.storage.database import Database
from pipewise.storage.tenancy import NOBODY, Roles, _scope, current_scope, scoped

TESTS = str(Path(__file__).parent)


class Login:
    def begin(self, roles: Roles) -> str:
        return "BEGIN; SET LOCAL ROLE NONE"

    def settle(self, roles: Roles) -> str:
        return "SET ROLE NONE"


def install() -> None:
    """For the rest of the process."""
    for name in ("ask", "transact"):
        setattr(Database, name, _awaited(getattr(Database, name)))
    for name in ("read", "write"):
        setattr(Database, name, _entered(getattr(Database, name)))


def _is_a_look() -> bool:
    """Whether a test is the one that asks, or that awaits a part of the product below whatever says for whom it acts."""
    if current_scope() is not NOBODY:
        return False
    frame: FrameType | None = sys._getframe(2)
    while frame is not None and not frame.f_code.co_filename.startswith(TESTS):
        frame = frame.f_back
    return frame is not None


def _awaited(door: Callable[..., Any]) -> Callable[..., Any]:
    async def through(self: Database, look: bool, args: tuple[Any, ...], more: dict[str, Any]) -> Any:
        if not look:
            return await door(self, *args, **more)
        with scoped(Login()):
            return await door(self, *args, **more)

    def outer(self: Database, *args: Any, **more: Any) -> Any:
        return through(self, _is_a_look(), args, more)

    return outer


class _Look:
    """The transaction begins for the login, and so does what the test does while it is open."""

    def __init__(self, door: Any) -> None:
        self._door = door

    async def __aenter__(self) -> Any:
        self._before = _scope.set(Login())
        try:
            return await self._door.__aenter__()
        except BaseException:
            _scope.reset(self._before)
            raise

    async def __aexit__(self, *problem: object) -> Any:
        try:
            return await self._door.__aexit__(*problem)
        finally:
            _scope.reset(self._before)


def _entered(door: Callable[..., Any]) -> Callable[..., Any]:
    def outer(self: Database, *args: Any, **more: Any) -> Any:
        opened = door(self, *args, **more)
        return _Look(opened) if _is_a_look() else opened

    return outer
