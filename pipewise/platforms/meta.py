"""What Meta's platforms share: webhook handshake and signature (Graph API docs, "Webhooks: Getting Started")."""

import hmac
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from pydantic import SecretStr

from pipewise.errors import InvalidSignature
from pipewise.platforms.base import HandshakeAnswer
from pipewise.platforms.body import read_json
from pipewise.platforms.signatures import digest_matches, hex_hmac

SIGNATURE_HEADER = "x-hub-signature-256"
_SIGNATURE = re.compile(r"sha256=([0-9a-f]{64})\Z")
# Meta sends digits. Whatever comes is echoed, so only text that no browser could take for markup is.
_CHALLENGE = re.compile(r"[A-Za-z0-9_.+/=-]{1,256}\Z")


def sign(body: bytes, secret: str) -> dict[str, str]:
    """The headers with which Meta delivers `body`."""
    return {SIGNATURE_HEADER: "sha256=" + hex_hmac(secret, body)}


def verify(body: bytes, headers: Mapping[str, str], secrets: tuple[str, ...]) -> None:
    """Raise InvalidSignature unless one of the app secrets signed exactly these bytes."""
    given = _SIGNATURE.match(headers.get(SIGNATURE_HEADER, ""))
    if given is None or not digest_matches(given.group(1), secrets, body):
        raise InvalidSignature(
            "The signature is missing or wrong; check that the app secret is the one of this Meta app."
        )


def answer_challenge(query: Mapping[str, str], verify_tokens: tuple[str, ...]) -> HandshakeAnswer:
    """Echo the challenge alone to whoever knows one of the verify tokens; 403 to everybody else."""
    challenge = query.get("hub.challenge", "")
    given = query.get("hub.verify_token", "").encode("utf-8", "surrogatepass")
    matches = [hmac.compare_digest(given, token.encode("utf-8", "surrogatepass")) for token in verify_tokens if token]
    if query.get("hub.mode") != "subscribe" or not any(matches) or not _CHALLENGE.match(challenge):
        return HandshakeAnswer(403, "The verify token or the challenge is not accepted.")
    return HandshakeAnswer(200, challenge)


class MetaCredentials(Protocol):
    """What both of Meta's platforms are verified with."""

    app_secret: SecretStr
    verify_token: SecretStr


class MetaWebhook:
    """What WhatsApp's and Instagram's webhooks share: everything but the shape of their documents."""

    content_types = frozenset({"application/json"})

    def signing_secrets(self, credentials: MetaCredentials) -> tuple[str, ...]:
        return tuple(filter(None, (credentials.app_secret.get_secret_value(),)))

    def handshake(self, query: Mapping[str, str], credentials: tuple[MetaCredentials, ...]) -> HandshakeAnswer:
        return answer_challenge(query, tuple(each.verify_token.get_secret_value() for each in credentials))

    def verify(self, body: bytes, headers: Mapping[str, str], secrets: tuple[str, ...], now: datetime) -> None:
        del now  # Meta signs no time: repeated deliveries are told by their ids
        verify(body, headers, secrets)

    def decode(self, body: bytes, content_type: str) -> Any:
        del content_type
        return read_json(body)
