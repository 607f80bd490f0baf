"""How API tokens are made: a prefix that scanners know, 256 random bits, and a checksum that shows a slip of the pen."""

import base64
import binascii
import re
import secrets

PREFIX = "pw_"
RANDOM_BYTES = 32
CHECKSUM_BYTES = 4
_MADE_HERE = re.compile(r"pw_([A-Za-z0-9_-]{43})([A-Za-z0-9_-]{6})")


def make_token() -> str:
    secret = secrets.token_urlsafe(RANDOM_BYTES)
    return f"{PREFIX}{secret}{_checksum(secret)}"


def is_mistyped(token: str) -> bool:
    """Whether it has the form of tokens made here and a checksum that does not fit. One that its owner chose has no checksum."""
    found = _MADE_HERE.fullmatch(token)
    return found is not None and found[2] != _checksum(found[1])


def _checksum(secret: str) -> str:
    code = binascii.crc32(secret.encode()).to_bytes(CHECKSUM_BYTES, "big")
    return base64.urlsafe_b64encode(code).decode().rstrip("=")
