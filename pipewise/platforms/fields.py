"""Careful look-ups in JSON that a stranger wrote: each gives a typed value, or MalformedPayload names what is missing."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pipewise.errors import MalformedPayload

MAX_ID_LENGTH = 512
MAX_KEY_LENGTH = 480  # keys are stored in 512 characters, and one that was cut would hide another
# No vendor here existed before; later years come only from a wrong unit or a broken sender.
EARLIEST = datetime(2006, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)
_DIGITS = re.compile(r"[0-9]{1,16}\Z")


def value_at(source: Any, *path: str) -> Any:
    """The value under nested keys; None where any step is missing."""
    for key in path:
        if not isinstance(source, dict):
            return None
        source = source.get(key)
    return source


def object_at(source: Any, *path: str) -> Mapping[str, Any]:
    """The object under nested keys; an empty one where there is none."""
    value = value_at(source, *path)
    return value if isinstance(value, dict) else {}


def list_at(source: Any, *path: str) -> list[Any]:
    """The list under nested keys; an empty one where there is none."""
    value = value_at(source, *path)
    return value if isinstance(value, list) else []


def text_at(source: Any, *path: str) -> str:
    """The string under nested keys; "" where there is none."""
    value = value_at(source, *path)
    return value if isinstance(value, str) else ""


def line_at(source: Any, *path: str, limit: int = 200) -> str:
    """The string under nested keys as one line for display: no control or direction marks, bounded."""
    visible = (" " if c.isspace() else c for c in text_at(source, *path)[: limit * 4] if _is_visible(c))
    return " ".join("".join(visible).split())[:limit].rstrip()


def id_at(source: Any, *path: str) -> str:
    """The identifier under nested keys, whole numbers included; "" where there is none or it is absurdly long."""
    value = value_at(source, *path)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    return value if isinstance(value, str) and len(value) <= MAX_ID_LENGTH else ""


def require_id(source: Any, *path: str) -> str:
    value = id_at(source, *path)
    if not value:
        raise MalformedPayload(f"{'.'.join(path)} is missing or not an identifier.")
    return value


def require_text(source: Any, *path: str) -> str:
    value = text_at(source, *path)
    if not value:
        raise MalformedPayload(f"{'.'.join(path)} is missing or not a text.")
    return value


def require_object(source: Any, *path: str) -> Mapping[str, Any]:
    value = value_at(source, *path)
    if not isinstance(value, dict):
        raise MalformedPayload(f"{'.'.join(path) or 'The item'} is missing or not an object.")
    return value


def read_moment(value: Any, *, per_second: int = 1) -> datetime:
    """The time in a Unix stamp, number or digits, counted in seconds or (`per_second=1000`) milliseconds."""
    stamp = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    if not _DIGITS.match(stamp):
        raise MalformedPayload("The timestamp is missing or not a number.")
    seconds = int(stamp) / per_second
    if not EARLIEST.timestamp() <= seconds < LATEST.timestamp():
        raise MalformedPayload("The timestamp is not a plausible time.")
    return datetime.fromtimestamp(seconds, UTC)


def read_iso_moment(value: Any) -> datetime:
    """The time in an ISO 8601 string with an offset."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or not EARLIEST.year < moment.year < LATEST.year:
        raise MalformedPayload("The time is missing or not a plausible ISO 8601 time.")
    return moment.astimezone(UTC)


def dedupe_key(*parts: str) -> str:
    """The parts joined; a key too long for an index keeps its first part and a digest of the rest."""
    key = ":".join(parts)
    if len(key) <= MAX_KEY_LENGTH:
        return key
    return f"{parts[0]}:{digest(list(parts))}"


def digest(value: Any) -> str:
    """A stable short name for a JSON value that carries no identifier of its own."""
    canonical = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:40]


def _is_visible(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
