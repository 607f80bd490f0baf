"""X's webhook: challenge, signature, and both envelopes."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pipewise.events import ParsedDelivery
from pipewise.platforms.base import HandshakeAnswer
from pipewise.platforms.body import read_json
from pipewise.platforms.delivery import Delivery
from pipewise.platforms.fields import id_at, value_at
from pipewise.platforms.x import signature
from pipewise.platforms.x.envelopes import (
    read_account_activity,
    read_activity,
    read_replay_status,
    read_revocation,
)
from pipewise.platforms.x.models import XCredentials

# Whoever asks is answered, so nothing but a token is signed: no JSON body and nothing long fits this form.
_CRC_TOKEN = re.compile(r"[A-Za-z0-9_.+/=-]{1,256}\Z")

sign = signature.sign


class XWebhook:
    """A delivery of the X Activity API holds one event, one of the Account Activity API several."""

    content_types = frozenset({"application/json"})

    def signing_secrets(self, credentials: XCredentials) -> tuple[str, ...]:
        return tuple(filter(None, (credentials.consumer_secret.get_secret_value(),)))

    def handshake(self, query: Mapping[str, str], credentials: tuple[XCredentials, ...]) -> HandshakeAnswer:
        """The challenge-response check: X asks again and again, and a wrong answer disables the webhook."""
        token = query.get("crc_token", "")
        secrets = [secret for each in credentials for secret in self.signing_secrets(each)]
        if not _CRC_TOKEN.match(token) or not secrets:
            return HandshakeAnswer(400, "The crc_token is missing or not acceptable.")
        answer = signature.digest_base64(secrets[0], token.encode())
        return HandshakeAnswer(200, f'{{"response_token":"{answer}"}}', "application/json")

    def verify(self, body: bytes, headers: Mapping[str, str], secrets: tuple[str, ...], now: datetime) -> None:
        del now  # X signs no time: repeated deliveries are told by their ids
        signature.verify(body, headers, secrets)

    def decode(self, body: bytes, content_type: str) -> Any:
        del content_type
        return read_json(body)

    def account_refs(self, document: Any) -> tuple[str, ...]:
        accounts = (
            id_at(document, "data", "filter", "user_id"),
            id_at(document, "for_user_id"),
            id_at(document, "user_event", "revoke", "source", "user_id"),
        )
        return tuple(dict.fromkeys(filter(None, accounts)))

    def parse(self, document: Any, received_at: datetime, headers: Mapping[str, str]) -> ParsedDelivery:
        del received_at, headers
        delivery = Delivery()
        if isinstance(value_at(document, "data"), dict):
            read_activity(document["data"], delivery)
        elif id_at(document, "for_user_id"):
            read_account_activity(document, delivery)
        elif value_at(document, "user_event") is not None:
            delivery.read(document, read_revocation)
        elif value_at(document, "replay_job_status") is not None:
            delivery.read(document, read_replay_status)
        else:
            delivery.reject(document, "The body is neither of X's envelopes.")
        return delivery.result()
