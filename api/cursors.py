"""Cursors: where the next page begins, opaque to callers and refused when changed."""

import base64
import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from api.dependencies import Page
from pipewise.errors import InvalidInput

_CHECK_BYTES = 6
_FORMS: dict[str, Callable[[Any], Any]] = {"t": datetime.fromisoformat, "n": int, "s": str}
Row = TypeVar("Row")


def write_cursor(name: str, *parts: datetime | int | str) -> str:
    """`name` is the list's: a cursor of another list does not open."""
    told = json.dumps([_pack(part) for part in parts], separators=(",", ":")).encode()
    return _encode(_check(name, told) + told)


def read_cursor(name: str, cursor: str) -> tuple[Any, ...]:
    """Raises InvalidInput unless `write_cursor` made it for this list. It grants nothing: queries stay in their account."""
    parts = _open(name, cursor)
    if parts is None:
        problem = {"field": "cursor", "problem": "use the next_cursor of the page before"}
        raise InvalidInput("The cursor is not one of this list.", details=(problem,))
    return parts


def _open(name: str, cursor: str) -> tuple[Any, ...] | None:
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except ValueError:  # binascii.Error is one
        return None
    told = raw[_CHECK_BYTES:]
    if raw[:_CHECK_BYTES] != _check(name, told) or _encode(raw) != cursor:
        return None
    return tuple(_FORMS[form](value) for form, value in json.loads(told))


def page_of(
    page: Page, rows: Sequence[Row], view: Callable[[Row], Any], position: Callable[[Row], str]
) -> dict[str, Any]:
    """The answer of a list that was asked for one row more than the page holds."""
    shown = rows[: page.limit]
    more = len(rows) > page.limit
    return {"items": [view(row) for row in shown], "next_cursor": position(shown[-1]) if more else None}


def page_of_short_list(name: str, page: Page, rows: Sequence[Row], view: Callable[[Row], Any]) -> dict[str, Any]:
    """A page of a list that is read whole because it is never long."""
    start = read_cursor(name, page.cursor)[0] if page.cursor else 0
    shown = rows[start : start + page.limit]
    end = start + len(shown)
    return {
        "items": [view(row) for row in shown],
        "next_cursor": write_cursor(name, end) if shown and end < len(rows) else None,
    }


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _pack(part: datetime | int | str) -> tuple[str, int | str]:
    if isinstance(part, datetime):
        return "t", part.isoformat()
    return ("n", part) if isinstance(part, int) else ("s", part)


def _check(name: str, told: bytes) -> bytes:
    return hashlib.blake2b(told, digest_size=_CHECK_BYTES, person=name.encode()[:16]).digest()
