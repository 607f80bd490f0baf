"""Decoding of webhook bodies that may be hostile: strict JSON with bounded depth."""

import json
import math
import re
from typing import Any

from pipewise.errors import MalformedPayload

MAX_DEPTH = 64
MAX_DIGITS = 400
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_LONG_NUMBER = re.compile(rb"[0-9]{%d}" % (MAX_DIGITS + 1))


def read_json(body: bytes) -> Any:
    """The JSON document in `body`. Raises MalformedPayload for anything that is not clean JSON:
    bad UTF-8, NaN, duplicate keys, absurd numbers, nesting over 64.

    NUL characters and lone surrogates, which no database stores as text, become U+FFFD, so that one odd character does
    not cost a whole delivery."""
    if _too_deep(body):
        raise MalformedPayload("The body is nested too deeply.")
    if _LONG_NUMBER.search(body):
        raise MalformedPayload("The body holds a number that is too long.")
    try:
        document = json.loads(
            body, parse_constant=_refuse_constant, parse_float=_read_number, object_pairs_hook=_refuse_duplicates
        )
    except (ValueError, RecursionError) as error:  # UnicodeError is a ValueError
        raise MalformedPayload("The body is not valid JSON.") from error
    return _mend(document) if b"\\u" in body else document


def _mend(value: Any) -> Any:
    if isinstance(value, str):
        return _UNSTORABLE.sub("\ufffd", value)
    if isinstance(value, list):
        return [_mend(item) for item in value]
    if isinstance(value, dict):
        return {_mend(key): _mend(item) for key, item in value.items()}
    return value


def _too_deep(body: bytes) -> bool:
    """Upper bound of the depth without parsing: brackets inside strings count too, which only errs on the strict side
    when a text holds more than 64 unclosed brackets."""
    depth = deepest = 0
    for byte in body.translate(None, delete=bytes(set(range(256)) - set(b"[]{}"))):
        depth += 1 if byte in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest > MAX_DEPTH


def _read_number(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("a number beyond all bounds")
    return number


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)


def _refuse_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) != len(pairs):
        raise ValueError("duplicate key")
    return document
