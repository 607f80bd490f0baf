"""Where a browser's request comes from."""

import pytest
from starlette.requests import Request

from api.same_origin import require_same_origin
from pipewise.errors import NotAllowed

PUBLIC = "https://pipewise.example/base"


def request_with(host: str = "127.0.0.1:8000", scheme: str = "http", **headers: str) -> Request:
    told = {"host": host, **{name.replace("_", "-"): value for name, value in headers.items()}}
    raw = [(name.encode(), value.encode()) for name, value in told.items()]
    return Request({"type": "http", "method": "POST", "path": "/", "scheme": scheme, "headers": raw})


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://pipewise.example"},
        {"origin": "https://pipewise.example:443", "sec_fetch_site": "same-origin"},
        {"origin": "http://127.0.0.1:8000"},  # the very address that was asked
        {"sec_fetch_site": "same-origin"},
        {"sec_fetch_site": "none"},
    ],
)
def test_own_pages(headers: dict[str, str]) -> None:
    require_same_origin(request_with(**headers), PUBLIC, is_known_browser=True)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "http://pipewise.example"},
        {"origin": "https://127.0.0.1:8000"},
        {"origin": "http://127.0.0.1:8001"},
        {"origin": "null"},
        {"origin": ""},
        {"origin": "https://pipewise.example:99999"},
        {"origin": "https://[::1"},
        {"origin": "https://pipewise.example@evil.example"},
        {"sec_fetch_site": "same-site"},
        {"sec_fetch_site": "SAME-ORIGIN,cross-site"},
        {"sec_fetch_site": "cross-site", "origin": "https://pipewise.example"},
    ],
)
def test_everything_else(headers: dict[str, str]) -> None:
    with pytest.raises(NotAllowed):
        require_same_origin(request_with(**headers), PUBLIC, is_known_browser=True)


def test_a_program_without_a_cookie_says_nothing() -> None:
    require_same_origin(request_with(), PUBLIC, is_known_browser=False)
    with pytest.raises(NotAllowed):
        require_same_origin(request_with(origin="https://evil.example"), PUBLIC, is_known_browser=False)
