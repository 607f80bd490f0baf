"""The form platform's webhook: one signed lead per delivery, as JSON or as an HTML form's urlencoded fields."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from pipewise.errors import MalformedPayload
from pipewise.events import EventKind, Identity, InboundEvent, ParsedDelivery, Sender
from pipewise.platforms.base import HandshakeAnswer
from pipewise.platforms.body import read_json
from pipewise.platforms.delivery import Delivery
from pipewise.platforms.fields import dedupe_key, digest, id_at, line_at, require_object, text_at
from pipewise.platforms.form import signature
from pipewise.platforms.form.field_map import YES
from pipewise.platforms.form.models import FormCredentials
from pipewise.platforms.form.reachable import read_email, read_phone

URLENCODED = "application/x-www-form-urlencoded"
MAX_FIELDS = 500
OWN_FIELDS = frozenset({"event_id", "name", "email", "phone", "company", "message", "source", "consent"})
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

sign = signature.sign


class FormWebhook:
    """A lead needs an e-mail address or an international phone number; other fields are kept as they came."""

    content_types = frozenset({"application/json", URLENCODED})

    def signing_secrets(self, credentials: FormCredentials) -> tuple[str, ...]:
        return tuple(filter(None, (credentials.secret.get_secret_value(),)))

    def handshake(self, query: Mapping[str, str], credentials: tuple[FormCredentials, ...]) -> HandshakeAnswer:
        del query, credentials
        return HandshakeAnswer(404, "This platform has no challenge; send a signed POST.")

    def verify(self, body: bytes, headers: Mapping[str, str], secrets: tuple[str, ...], now: datetime) -> None:
        signature.verify(body, headers, secrets, now)

    def decode(self, body: bytes, content_type: str) -> Any:
        if content_type.partition(";")[0].strip().lower() == URLENCODED:
            return _read_urlencoded(body)
        return read_json(body)

    def account_refs(self, document: Any) -> tuple[str, ...]:
        del document
        return ()

    def parse(self, document: Any, received_at: datetime, headers: Mapping[str, str]) -> ParsedDelivery:
        delivery = Delivery()
        message_id = headers.get("webhook-id", "")
        delivery.read(document, lambda lead: _read_lead(lead, message_id, received_at))
        return delivery.result()


def _read_urlencoded(body: bytes) -> dict[str, Any]:
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
    except ValueError as error:  # UnicodeError is a ValueError
        raise MalformedPayload("The form's fields cannot be read.") from error
    document: dict[str, Any] = {}
    for raw_name, raw_value in pairs:
        name, value = _UNSTORABLE.sub("\ufffd", raw_name), _UNSTORABLE.sub("\ufffd", raw_value)
        # Several ticked boxes of one name come as several fields.
        document[name] = f"{document[name]}, {value}" if name in document else value
    if "consent" in document:
        document["consent"] = document["consent"].strip().lower() in YES
    return document


def _read_lead(item: Any, message_id: str, received_at: datetime) -> InboundEvent:
    lead = require_object(item)
    email, phone = read_email(text_at(lead, "email")), read_phone(text_at(lead, "phone"))
    if email is None and phone is None:
        raise MalformedPayload("A lead needs an e-mail address or a phone number with its country code.")
    identities = [Identity("phone", phone)] if phone else []
    identities += [Identity("email", email)] if email else []
    sender = Sender(
        tuple(identities),
        name=line_at(lead, "name") or None,
        email=email,
        phone=phone,
        company=line_at(lead, "company") or None,
    )
    content = {
        "message": text_at(lead, "message"),
        "source": line_at(lead, "source") or None,
        "consent": lead.get("consent") is True,
        "fields": _other_fields(lead, email, phone),
    }
    return InboundEvent(EventKind.FORM, _key(lead, message_id), received_at, sender, content)


def _other_fields(lead: Mapping[str, Any], email: str | None, phone: str | None) -> dict[str, Any]:
    """Everything else, and an address that was typed but cannot be used, for a person to look at."""
    fields = {name: value for name, value in lead.items() if name not in OWN_FIELDS}
    unread = {"email": email, "phone": phone}
    return fields | {name: lead[name] for name, read in unread.items() if read is None and lead.get(name)}


def _key(lead: Mapping[str, Any], message_id: str) -> str:
    """The sender's own id of this lead, else the delivery's, which stays the same when it is sent again."""
    own = id_at(lead, "event_id")
    return dedupe_key("event", own) if own else dedupe_key("delivery", message_id or digest(dict(lead)))
