"""What every vendor's token endpoint reads of a request: which client asks, and whether its PKCE verifier fits."""

import base64
import binascii
import hashlib
from collections.abc import Mapping

from fastapi import Request


def read_client(request: Request, form: Mapping[str, str]) -> str | None:
    """HTTP Basic for confidential clients, `client_id` in the body for public ones; None where neither can be read."""
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(encoded).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            return None
    return form.get("client_id") or None


def verifier_fits(challenge: str | None, verifier: str) -> bool:
    digest = hashlib.sha256(verifier.encode()).digest()
    return challenge is None or base64.urlsafe_b64encode(digest).decode().rstrip("=") == challenge
