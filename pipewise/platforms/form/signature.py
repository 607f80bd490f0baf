"""Standard Webhooks signatures (standardwebhooks.com specification): id, time and body under HMAC-SHA256, in base64."""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import datetime

from pipewise.errors import InvalidSignature
from pipewise.platforms.signatures import require_recent

TOLERANCE_SECONDS = 300
SECRET_PREFIX = "whsec_"  # noqa: S105  the public prefix of such secrets
MAX_SIGNATURES = 16
# The signed text joins its parts with dots: an id that holds one could shift the border between id and time.
_ID = re.compile(r"[!-\-/-~]{1,256}\Z")


def sign(body: bytes, secret: str, *, message_id: str, at: datetime) -> dict[str, str]:
    """The headers with which a sender that knows `secret` delivers `body`."""
    stamp = str(int(at.timestamp()))
    key = next(iter(_keys(secret)), b"")
    signature = _digest(key, message_id, stamp, body)
    return {"webhook-id": message_id, "webhook-timestamp": stamp, "webhook-signature": f"v1,{signature}"}


def verify(body: bytes, headers: Mapping[str, str], secrets: tuple[str, ...], now: datetime) -> None:
    """Raise InvalidSignature, and nothing else, unless a secret signed exactly this id, time and body, recently."""
    message_id, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not _ID.match(message_id):
        raise InvalidSignature("The webhook-id is missing or holds characters that it may not hold, such as a dot.")
    require_recent(stamp, now, TOLERANCE_SECONDS)
    given = _read_signatures(headers.get("webhook-signature", ""))
    expected = [_digest(key, message_id, stamp, body) for secret in secrets for key in _keys(secret)]
    matches = [hmac.compare_digest(one, other.encode()) for one in given for other in expected]
    if not any(matches):
        raise InvalidSignature("The webhook-signature is missing or wrong; check the secret on both sides.")


def _read_signatures(header: str) -> list[bytes]:
    """The v1 signatures among those listed. They are compared as text, so only canonical base64 can match."""
    listed = header.encode("utf-8", "surrogatepass").split(b" ")[:MAX_SIGNATURES]
    return [each.removeprefix(b"v1,") for each in listed if each.startswith(b"v1,")]


def _keys(secret: str) -> list[bytes]:
    """The keys a secret may stand for: base64 after the prefix; without it the text itself or, as some senders do, its base64."""
    encoded = secret.removeprefix(SECRET_PREFIX)
    decoded = _decode(encoded)
    literal = [] if secret.startswith(SECRET_PREFIX) and decoded else [secret.encode("utf-8", "surrogatepass")]
    return [key for key in (*literal, decoded) if key and encoded]


def _decode(encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        return b""


def _digest(key: bytes, message_id: str, stamp: str, body: bytes) -> str:
    message = f"{message_id}.{stamp}.".encode() + body
    return base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode()
