"""HMAC signatures: each `verify` stands beside its `sign`, so that tests and the sandbox produce valid requests."""

import hashlib
import hmac
import re
from datetime import datetime

from pipewise.errors import InvalidSignature

_DIGITS = re.compile(r"[0-9]{1,12}\Z")


def hex_hmac(secret: str, message: bytes) -> str:
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def digest_matches(given: str, secrets: tuple[str, ...], message: bytes) -> bool:
    """True if any secret's hex HMAC of `message` equals `given`, compared in constant time; empty secrets never match."""
    candidate = given.encode("utf-8", "surrogatepass")
    matches = [hmac.compare_digest(candidate, hex_hmac(secret, message).encode()) for secret in secrets if secret]
    return any(matches)


def require_recent(stamp: str, now: datetime, tolerance_seconds: int) -> None:
    """Raise InvalidSignature unless `stamp`, plain Unix seconds, lies within the tolerance of `now` either way."""
    if not _DIGITS.match(stamp):
        raise InvalidSignature("The signature's timestamp is not a number of seconds.")
    if abs(now.timestamp() - int(stamp)) > tolerance_seconds:
        raise InvalidSignature("The signature is too old or too new; check this machine's clock.")
