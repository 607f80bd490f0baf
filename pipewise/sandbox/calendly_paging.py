"""Calendly's pagination: `count`, opaque `page_token`, and a `pagination` block whose ends are null."""

import base64
import binascii
from typing import Any
from urllib.parse import urlencode

from fastapi import Request

from pipewise.sandbox.calendly_answers import detail, invalid
from pipewise.sandbox.calendly_state import API

Json = dict[str, Any]

DEFAULT_COUNT = 20
MAX_COUNT = 100


def page(request: Request, items: list[Json]) -> Json:
    count = page_size(request)
    offset = page_start(request)
    shown = items[offset : offset + count]
    following = token(offset + count) if offset + count < len(items) else None
    previous = token(max(offset - count, 0)) if offset > 0 else None
    return {
        "collection": shown,
        "pagination": {
            "count": len(shown),
            "next_page": link(request, following),
            "previous_page": link(request, previous),
            "next_page_token": following,
            "previous_page_token": previous,
        },
    }


def page_size(request: Request) -> int:
    raw = request.query_params.get("count", str(DEFAULT_COUNT))
    if not raw.isdecimal() or not 1 <= int(raw) <= MAX_COUNT:
        raise invalid(detail("count", f"must be between 1 and {MAX_COUNT}"))
    return int(raw)


def page_start(request: Request) -> int:
    raw = request.query_params.get("page_token")
    if raw is None:
        return 0
    try:
        text = base64.urlsafe_b64decode(raw + "=" * (-len(raw) % 4)).decode()
        return int(text.removeprefix("at:"))
    except (binascii.Error, ValueError):
        raise invalid(detail("page_token", "is invalid")) from None


def token(offset: int) -> str:
    return base64.urlsafe_b64encode(f"at:{offset}".encode()).decode().rstrip("=")


def link(request: Request, page_token: str | None) -> str | None:
    if page_token is None:
        return None
    query = {**request.query_params, "page_token": page_token}
    return f"{API}{request.url.path}?{urlencode(query)}"


def sorted_by(request: Request, items: list[Json], default: str, allowed: tuple[str, ...]) -> list[Json]:
    """`sort=<field>:asc|desc`."""
    field, _, direction = request.query_params.get("sort", default).partition(":")
    if field not in allowed or direction not in ("", "asc", "desc"):
        raise invalid(detail("sort", "is invalid"))
    return sorted(items, key=lambda item: item[field], reverse=direction == "desc")
