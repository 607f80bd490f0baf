"""The cookie of a session: what only the browser and we know, for no script, no other site and no other host."""

from starlette.requests import Request
from starlette.responses import Response

from pipewise.storage.sessions import LONGEST

NAME = "pipewise_session"
LONGEST_SECRET = 128


def cookie_name(public_url: str) -> str:
    """With the prefix that browsers keep for cookies of this very host; they take such only over https."""
    return f"__Host-{NAME}" if _is_secure(public_url) else NAME


def read_secret(request: Request, public_url: str) -> str | None:
    secret = request.cookies.get(cookie_name(public_url))
    return secret if secret and len(secret) <= LONGEST_SECRET else None


def set_cookie(response: Response, secret: str, public_url: str) -> None:
    response.set_cookie(
        cookie_name(public_url),
        secret,
        max_age=int(LONGEST.total_seconds()),
        path="/",
        secure=_is_secure(public_url),
        httponly=True,
        samesite="lax",
    )


def clear_cookie(response: Response, public_url: str) -> None:
    response.delete_cookie(
        cookie_name(public_url), path="/", secure=_is_secure(public_url), httponly=True, samesite="lax"
    )


def _is_secure(public_url: str) -> bool:
    return public_url.startswith("https://")
