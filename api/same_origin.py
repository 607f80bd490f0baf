"""Requests that a browser sends with a cookie because some other site told it to: recognised by Fetch-Metadata and Origin.

Every browser of today sends Origin with what is not a GET or HEAD, and Sec-Fetch-Site where the page is trustworthy. A request
that carries neither comes from no browser that one of our pages could run in.
"""

from urllib.parse import urlsplit

from starlette.requests import Request

from pipewise.errors import NotAllowed

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
OWN_SITES = frozenset({"same-origin", "none"})  # `none`: typed or bookmarked by the user


def require_same_origin(request: Request, public_url: str, *, is_known_browser: bool) -> None:
    """Raises NotAllowed. `is_known_browser`: the request shows a cookie of ours, so it must also say where it comes from."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is None and origin is None and not is_known_browser:
        return
    allowed = (site is not None or origin is not None) and (site is None or site in OWN_SITES)
    if origin is not None and not _is_own(origin, request, public_url):
        allowed = False
    if not allowed:
        raise NotAllowed("This request comes from another site; act in the console itself.", code="cross_site")


def _is_own(origin: str, request: Request, public_url: str) -> bool:
    """The address that the installation is known by, or the very one that was asked."""
    asked = f"{request.scope['scheme']}://{request.headers.get('host', '')}"
    return _normal(origin) in {_normal(public_url), _normal(asked)}


def _normal(url: str) -> tuple[str, str | None, int | None]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return (url, None, -1)
    return (parts.scheme, parts.hostname, port or {"http": 80, "https": 443}.get(parts.scheme))
