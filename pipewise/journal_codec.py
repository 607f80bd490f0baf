"""How a journal writes what it records: canonical JSON, digests, errors, and typed values."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter

from pipewise.errors import AuthFailed, Outcome, PlatformError, RateLimited, Rejected, SlotTaken, Unavailable

T = TypeVar("T")
_ERRORS: dict[str, type[PlatformError]] = {
    kind.__name__: kind for kind in (PlatformError, AuthFailed, RateLimited, Rejected, SlotTaken, Unavailable)
}


@dataclass(frozen=True)
class Codec(Generic[T]):
    """To JSON and back; `decode(encode(value))` is what the turn goes on with, live and in a replay alike."""

    encode: Callable[[T], Any]
    decode: Callable[[Any], T]


def plain() -> Codec[Any]:
    """Of what is JSON already."""
    return Codec(lambda value: value, lambda document: document)


@cache
def typed(kind: Any) -> Codec[Any]:
    """Of a dataclass, or a tuple or union of them, by its annotations."""
    adapter: TypeAdapter[Any] = TypeAdapter(kind)
    return Codec(lambda value: adapter.dump_python(value, mode="json"), adapter.validate_python)


def canonical(document: Any) -> str:
    """The same text for the same document, whatever order its keys were put in."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(document: Any) -> str:
    """A short name of a document: 96 bits of SHA-256 of its canonical JSON."""
    return hashlib.sha256(canonical(document).encode("utf-8", "surrogatepass")).hexdigest()[:24]


def encode_error(error: PlatformError) -> dict[str, Any]:
    kind = next(name for base in type(error).__mro__ for name in (base.__name__,) if name in _ERRORS)
    return {
        "error": kind,
        "message": error.message,
        "platform": error.platform,
        "outcome": error.outcome.value,
        "http_status": error.http_status,
        "vendor_code": error.vendor_code,
        "retry_after": error.retry_after,
        "retryable": error.retryable,
        "manual_action_required": error.manual_action_required,
    }


def decode_error(document: Any) -> PlatformError:
    given = dict(document)
    kind, message = _ERRORS[given.pop("error")], given.pop("message")
    return kind(message, **{**given, "outcome": Outcome(given["outcome"])})
