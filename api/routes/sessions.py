"""The session of a browser: logging in and out, who one is, and one's own password."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response, status
from fastapi.responses import JSONResponse

from api import session_cookie
from api.dependencies import Reader, Services, ServicesDep, address_of
from api.same_origin import require_same_origin
from api.schemas import NewLogin, OwnPassword
from api.views import user_view
from pipewise.errors import Conflict, NotAuthenticated
from pipewise.lead_view import format_time
from pipewise.storage.sessions import Session

NO_STORE = {"Cache-Control": "no-store"}
LIMITED: dict[int | str, dict[str, Any]] = {
    429: {"description": "Too many tries; `retry_after` says how long to wait."}
}
REFUSED: dict[int | str, dict[str, Any]] = {
    401: {"description": "Wrong, or unknown: the answer is the same."},
    403: {"description": "Another site had the browser send it."},
}

router = APIRouter(prefix="/api/session", tags=["session"])


async def _read_session(services: Services, request: Request) -> Session | None:
    secret = session_cookie.read_secret(request, services.resources.settings.public_url)
    if secret is None:
        return None
    return await services.authenticator.read_session(secret, address_of(services, request))


async def _find_session(services: ServicesDep, request: Request) -> Session:
    """The session itself is acted upon: a token will not do."""
    session = await _read_session(services, request)
    if session is None or request.headers.get("authorization") is not None:
        raise Conflict("There is no session here; log in first.", code="no_session")
    return session


Own = Annotated[Session, Depends(_find_session)]


@router.post("", status_code=status.HTTP_201_CREATED, response_class=JSONResponse, responses=LIMITED | REFUSED)
async def log_in(services: ServicesDep, request: Request, body: NewLogin) -> Response:
    """By e-mail and password, or by an API token. The answer sets the cookie; a session that the browser had ends."""
    require_same_origin(request, services.resources.settings.public_url, is_known_browser=False)
    address = address_of(services, request)
    try:
        former = await _read_session(services, request)
    except NotAuthenticated:
        former = None
    if body.token is not None:
        opened = await services.logins.by_token(body.token.get_secret_value(), address, former)
    else:
        password = body.password.get_secret_value() if body.password else ""
        opened = await services.logins.by_password(body.email or "", password, address, former)
    return _answer(services, *opened, status.HTTP_201_CREATED)


@router.get("")
async def show(user: Reader, services: ServicesDep, request: Request, response: Response) -> dict[str, Any]:
    """Who one is; `expires_at` is null for a token."""
    response.headers.update(NO_STORE)
    session = None if request.headers.get("authorization") else await _read_session(services, request)
    return _view(user, session)


@router.delete("", status_code=status.HTTP_204_NO_CONTENT)
async def log_out(_user: Reader, services: ServicesDep, session: Own, response: Response) -> None:
    await services.logins.end(session)
    session_cookie.clear_cookie(response, services.resources.settings.public_url)


@router.post("/password", response_class=JSONResponse, responses=LIMITED)
async def change_password(
    _user: Reader, services: ServicesDep, request: Request, session: Own, body: OwnPassword
) -> Response:
    """One's own, by the present one. Every other session of the user ends; this browser gets a new one."""
    address = address_of(services, request)
    user = await services.logins.check_password(session.user.email, body.current_password.get_secret_value(), address)
    await services.logins.set_password(user, body.new_password.get_secret_value(), user)
    return _answer(services, *await services.logins.open_again(user, address), status.HTTP_200_OK)


def _answer(services: Services, session: Session, secret: str, code: int) -> Response:
    response = JSONResponse(_view(session.user, session), code, NO_STORE)
    session_cookie.set_cookie(response, secret, services.resources.settings.public_url)
    return response


def _view(user: Any, session: Session | None) -> dict[str, Any]:
    return {"user": user_view(user), "expires_at": format_time(session.expires_at if session else None)}
