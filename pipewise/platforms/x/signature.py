"""X's signatures: HMAC-SHA256 with the consumer secret, in base64 (X API docs, "Securing webhooks")."""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping

from pipewise.errors import InvalidSignature

SIGNATURE_HEADER = "x-twitter-webhooks-signature"
_SIGNATURE = re.compile(r"sha256=[A-Za-z0-9+/]{43}=\Z")


def digest_base64(secret: str, message: bytes) -> str:
    digest = hmac.new(secret.encode("utf-8", "surrogatepass"), message, hashlib.sha256).digest()
    return "sha256=" + base64.b64encode(digest).decode()


def sign(body: bytes, secret: str) -> dict[str, str]:
    """The headers with which X delivers `body`."""
    return {SIGNATURE_HEADER: digest_base64(secret, body)}


def verify(body: bytes, headers: Mapping[str, str], secrets: tuple[str, ...]) -> None:
    """Raise InvalidSignature unless one of the consumer secrets signed exactly these bytes."""
    given = headers.get(SIGNATURE_HEADER, "")
    if _SIGNATURE.match(given):
        expected = [digest_base64(secret, body) for secret in secrets if secret]
        matches = [hmac.compare_digest(given, each) for each in expected]
        if any(matches):
            return
    raise InvalidSignature(
        "The signature is missing or wrong; check that the consumer secret is the one of this X app."
    )
