"""What routes are given: the running application, the caller with the right they need, and the forms of ids and pages."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Protocol

from fastapi import Depends, Path, Query, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import AfterValidator, BeforeValidator
from sqlalchemy.ext.asyncio import AsyncConnection

from api import keyed, session_cookie
from api.addresses import client_address
from api.auth import Authenticator
from api.background import Background
from api.login import Logins
from api.metrics import Metrics
from api.rights import Action, may
from api.same_origin import SAFE, require_same_origin
from api.webhook_directory import WebhookDirectory
from graph.fork import Changes
from graph.protocol import GraphProtocol
from pipewise.audit import Act
from pipewise.errors import NotAllowed, NotFound
from pipewise.inbox import Inbox
from pipewise.people import People
from pipewise.plain_text import Line
from pipewise.resources import Resources
from pipewise.storage.accounts import User

PAGE = 50
LARGEST_PAGE = 500
_NUMBER = re.compile(r"\s*[-+]?[\d_.]+(e[-+]?\d+)?\s*", re.IGNORECASE)
CALLER = "pipewise.caller"
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")


class Engine(Protocol):
    def wake(self, lead_id: str) -> None: ...


class Application(Protocol):
    """What the HTTP layer needs of the composed application."""

    @property
    def resources(self) -> Resources: ...
    @property
    def inbox(self) -> Inbox: ...
    @property
    def engine(self) -> Engine: ...
    @property
    def overdue_alerts(self) -> int:
        """Hand-offs that this process found to be overdue."""
        ...

    @property
    def protocol(self) -> GraphProtocol: ...

    async def fork(self, account_id: str, lead_id: str, run_id: str, changes: Changes) -> dict[str, Any]:
        """A committed turn once more with something changed. Raises PipewiseError."""
        ...

    async def capabilities(self, account_id: str) -> dict[str, Any]: ...

    async def schedule(self, account_id: str, request: Any) -> dict[str, Any]:
        """A booking, offer or link for a lead. Raises PipewiseError when nothing could be given."""
        ...

    async def forget_conversations(self, account_id: str, lead_id: str) -> None:
        """Remove the threads of clients in which the lead was spoken with."""
        ...

    async def forget_thread(self, account_id: str, lead_id: str) -> None:
        """Delete every checkpoint of the lead's conversation."""
        ...


@dataclass(frozen=True)
class Services:
    """Everything a request may need, made once by the lifespan."""

    application: Application
    authenticator: Authenticator
    logins: Logins
    directory: WebhookDirectory
    background: Background
    metrics: Metrics
    people: People

    @property
    def resources(self) -> Resources:
        return self.application.resources

    def now(self) -> datetime:
        return self.resources.clock.now()

    async def record(self, connection: AsyncConnection, user: User, act: Act, target: str, **detail: Any) -> None:
        """The caller's act, in its transaction and as the last thing there; see pipewise/audit.py."""
        await keyed.note_act(connection, user.account_id)
        await self.resources.audit.record(
            connection, user.account_id, act, target, actor=user.email, now=self.now(), detail=detail
        )


async def get_services(request: Request) -> Services:  # async: a plain one would cost a hop to a thread per request
    services: Services = request.app.state.services
    return services


ServicesDep = Annotated[Services, Depends(get_services)]

_BEARER = HTTPBearer(auto_error=False, scheme_name="token", description="An API token: `pw_…`")


def address_of(services: Services, request: Request) -> str:
    return client_address(request, services.resources.settings.trusted_proxies)


async def identify(services: Services, request: Request) -> User:
    """Whose request it is, by a token or by the session of a browser. Raises NotAuthenticated; NotAllowed where another site
    had the browser send it; TooManyRequests."""
    caller: User | None = request.scope.get(CALLER)  # of this very request, whatever a server keeps between them
    if caller is None:
        caller = request.scope[CALLER] = await _identify(services, request)
    return caller


async def _identify(services: Services, request: Request) -> User:
    authorization, public_url = request.headers.get("authorization"), services.resources.settings.public_url
    secret = session_cookie.read_secret(request, public_url)
    address = address_of(services, request)
    if authorization is not None or secret is None:
        return await services.authenticator.authenticate(authorization, address)
    if request.method not in SAFE:
        require_same_origin(request, public_url, is_known_browser=True)
    return (await services.authenticator.read_session(secret, address)).user


def require_right(user: User, action: Action) -> None:
    """Raises NotAllowed."""
    if not may(user.role, action):
        raise NotAllowed(f"Your role, {user.role}, does not allow this; ask an admin of your account.")


def require(action: Action) -> Callable[..., Awaitable[User]]:
    """A dependency that yields the caller, if their role allows the action."""

    async def caller(
        request: Request,
        services: ServicesDep,
        _documented: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)] = None,
    ) -> User:
        user = await identify(services, request)
        require_right(user, action)
        return user

    return caller


Reader = Annotated[User, Depends(require(Action.READ))]
Actor = Annotated[User, Depends(require(Action.ACT))]
Admin = Annotated[User, Depends(require(Action.MANAGE))]


def _require_id(value: str) -> str:
    if not _ID.match(value):
        # What has not the form of an id is answered like an id that does not exist.
        raise NotFound("There is no such object.")
    return value


Id = Annotated[str, Path(json_schema_extra={"format": "uuid"}), AfterValidator(_require_id)]


def _read_moment(value: Any) -> Any:
    """ISO 8601; without a zone it is UTC. A plus sign that came through a query as a space is put back."""
    if not isinstance(value, str):
        raise ValueError("must be a time such as 2026-11-25T09:00:00Z")  # noqa: TRY004  pydantic tells of ValueError alone
    if _NUMBER.fullmatch(value):
        raise ValueError("must be a time such as 2026-11-25T09:00:00Z, not a number")
    if re.search(r"T.* \d\d:?\d\d$", value):
        return value.replace(" ", "+")
    return value


def _require_utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    except OverflowError:
        raise ValueError("must lie between the years 1 and 9999") from None


Moment = Annotated[datetime, BeforeValidator(_read_moment), AfterValidator(_require_utc)]
Limit = Annotated[int, Query(ge=1, le=LARGEST_PAGE)]
Cursor = Annotated[str | None, Query(max_length=500)]
Filter = Annotated[Line | None, Query()]


@dataclass(frozen=True)
class Page:
    """One page of a list: how many, and after which."""

    limit: int
    cursor: str | None


def read_page(limit: Limit = PAGE, cursor: Cursor = None) -> Page:
    return Page(limit, cursor)


PageDep = Annotated[Page, Depends(read_page)]


@dataclass(frozen=True)
class Range:
    start: datetime | None
    end: datetime | None


def read_range(
    from_: Annotated[Moment | None, Query(alias="from")] = None, to: Annotated[Moment | None, Query()] = None
) -> Range:
    return Range(from_, to)


RangeDep = Annotated[Range, Depends(read_range)]
