"""Calendly's webhooks: signature on the raw bytes, and bookings made, cancelled, moved or missed.

A reschedule is two deliveries in either order, joined by `old_invitee` and `new_invitee`. Deliveries have no id and may come
again with another `created_at`, so an item is known by what it reports: this invitee reached this state.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from pipewise.errors import InvalidSignature
from pipewise.events import EventKind, Identity, InboundEvent, ParsedDelivery, RejectedItem, Sender
from pipewise.platforms.base import HandshakeAnswer
from pipewise.platforms.body import read_json
from pipewise.platforms.calendly.models import WireEvent, WireInvitee, read_moment
from pipewise.platforms.calendly.phones import as_valid_e164, asks_for_phone
from pipewise.platforms.calendly.settings import CalendlyCredentials
from pipewise.platforms.calendly.uris import Resource, event_uri_of, path_of
from pipewise.platforms.signatures import digest_matches, hex_hmac, require_recent

HEADER = "calendly-webhook-signature"
TOLERANCE_SECONDS = 180  # developer.calendly.com, "Webhook signatures"
MOST_SIGNATURES = 5  # each costs a digest of the whole body, before anything is known of the sender
LONGEST_KEY = 200

# Event name → what changed, and the invitee's status that it implies.
_CHANGES = {
    "invitee.created": ("created", "active"),
    "invitee.canceled": ("canceled", "canceled"),
    "invitee_no_show.created": ("no_show", "active"),
    "invitee_no_show.deleted": ("no_show_cleared", "active"),
}


class WebhookInvitee(WireInvitee):
    """The payload; documents of 2020 have no `scheduled_event`."""

    scheduled_event: WireEvent | None = None


def sign(body: bytes, key: str, t: int) -> str:
    """The value of Calendly-Webhook-Signature for this body, key and Unix time."""
    return f"t={t},v1={hex_hmac(key, f'{t}.'.encode() + body)}"


class CalendlyWebhook:
    """WebhookAdapter for Calendly."""

    content_types = frozenset({"application/json"})

    def signing_secrets(self, credentials: CalendlyCredentials) -> tuple[str, ...]:
        key = credentials.webhook_signing_key
        return (key.get_secret_value(),) if key else ()

    def handshake(self, query: Mapping[str, str], credentials: tuple[Any, ...]) -> HandshakeAnswer:  # noqa: ARG002
        return HandshakeAnswer(404, "Calendly has no handshake; deliveries are POSTed here.")

    def verify(self, body: bytes, headers: Mapping[str, str], secrets: tuple[str, ...], now: datetime) -> None:
        stamp, signatures = _read_header(headers.get(HEADER, ""))
        require_recent(stamp, now, TOLERANCE_SECONDS)
        message = stamp.encode() + b"." + body
        matches = [digest_matches(signature, secrets, message) for signature in signatures]
        if not any(matches):
            raise InvalidSignature("The signature does not match the body.")

    def decode(self, body: bytes, content_type: str) -> Any:  # noqa: ARG002
        return read_json(body)

    def account_refs(self, document: Any) -> tuple[str, ...]:
        """The path of the user who made the subscription, e.g. `/users/…`."""
        ref = _account_ref(document)
        return (ref,) if ref else ()

    def parse(self, document: Any, received_at: datetime, headers: Mapping[str, str]) -> ParsedDelivery:  # noqa: ARG002
        name = document.get("event") if isinstance(document, dict) else None
        if not isinstance(name, str):
            return ParsedDelivery(rejected=(_reject(document, "The document names no event."),))
        if name not in _CHANGES:
            return ParsedDelivery(ignored=1)
        try:
            invitee = WebhookInvitee.model_validate(document.get("payload"))
        except ValidationError as error:
            fields = sorted({".".join(str(part) for part in e["loc"]) for e in error.errors(include_input=False)})
            where = ", ".join(field or "payload" for field in fields)[:200]
            return ParsedDelivery(rejected=(_reject(document, f"{name}: missing or unreadable: {where}."),))
        return ParsedDelivery(events=(_event(name, document, invitee),))


def _read_header(header: str) -> tuple[str, list[str]]:
    """The one `t` and every `v1`; unknown keys are ignored."""
    pairs = [part.strip().partition("=") for part in header.split(",")]
    stamps = [value for key, _, value in pairs if key == "t"]
    signatures = [value for key, _, value in pairs if key == "v1"]
    if len(stamps) != 1 or not 1 <= len(signatures) <= MOST_SIGNATURES:
        raise InvalidSignature("The Calendly-Webhook-Signature header is missing or malformed.")
    return stamps[0], signatures


def _event(name: str, document: Mapping[str, Any], invitee: WebhookInvitee) -> InboundEvent:
    created_at = document.get("created_at")
    return InboundEvent(
        kind=EventKind.BOOKING,
        dedupe_key=_dedupe_key(name, invitee, created_at),
        occurred_at=read_moment(created_at),
        sender=_sender(invitee),
        content=_content(name, invitee),
        account_ref=_account_ref(document),
        needs_turn=False,
    )


def _dedupe_key(name: str, invitee: WebhookInvitee, created_at: Any) -> str:
    """An invitee is created once and cancelled once, but may be marked as missing again after the mark was removed:
    then the mark's own URI tells two of them apart or, where a document lacks it, the time of the delivery."""
    key = f"{name}:{path_of(invitee.uri, Resource.INVITEE)}:{_CHANGES[name][1]}"
    if name.startswith("invitee_no_show."):
        mark = invitee.no_show
        key += f":{(mark and (path_of(mark.uri, Resource.NO_SHOW) or mark.created_at)) or created_at}"
    return key if len(key) <= LONGEST_KEY else f"{name}:{_digest(key)}"


def _content(name: str, invitee: WebhookInvitee) -> dict[str, Any]:
    change, implied_status = _CHANGES[name]
    event, cancellation = invitee.scheduled_event, invitee.cancellation
    return {
        "change": change,
        "title": event.name if event else None,
        "invitee_uri": invitee.uri,
        "event_uri": event_uri_of(invitee.uri),
        "event_type": event.event_type if event else None,
        "start_time": event.start_time.isoformat() if event else None,
        "end_time": event.end_time.isoformat() if event and event.end_time else None,
        "timezone": invitee.timezone,
        "status": invitee.present_status or implied_status,
        "rescheduled": invitee.rescheduled,
        "old_invitee": invitee.old_invitee,
        "new_invitee": invitee.new_invitee,
        "tracking": invitee.tracking,
        "join_url": event.join_url if event else None,
        "cancel_url": invitee.cancel_url,
        "reschedule_url": invitee.reschedule_url,
        # Calendly's own `canceled_by` is a display name; who it was is in `canceler_type`: host or invitee.
        "canceled_by": cancellation.canceler_type if cancellation else None,
        "reason": cancellation.reason if cancellation else None,
    }


def _sender(invitee: WebhookInvitee) -> Sender | None:
    email = _email(invitee.email)
    if email is None:
        return None
    return Sender((Identity("email", email),), name=invitee.full_name, email=email, phone=_phone(invitee))


def _email(text: str | None) -> str | None:
    """The address in lower case, if it has the shape of one."""
    if text is None or len(text) > 254 or any(character.isspace() for character in text):
        return None
    local, at, domain = text.rpartition("@")
    return text.lower() if local and at and domain and "@" not in local else None


def _phone(invitee: WebhookInvitee) -> str | None:
    """The reminder number, the answer to a question for a phone number, or the number that the host will call."""
    place = invitee.scheduled_event.location if invitee.scheduled_event else None
    candidates = [
        invitee.text_reminder_number,
        *(a.answer for a in invitee.questions_and_answers if a.question and asks_for_phone(a.question)),
        place.location if place and place.type == "outbound_call" else None,
    ]
    return next((number for number in map(as_valid_e164, candidates) if number), None)


def _account_ref(document: Any) -> str | None:
    return path_of(document.get("created_by"), Resource.USER) if isinstance(document, dict) else None


def _reject(document: Any, reason: str) -> RejectedItem:
    key = f"rejected:{_digest(document)}"
    return RejectedItem(dedupe_key=key, reason=reason, raw=document, account_ref=_account_ref(document))


def _digest(value: Any) -> str:
    try:
        text = json.dumps(value, sort_keys=True, default=str)
    except (ValueError, TypeError, RecursionError):  # `decode` lets none of these through
        text = "unprintable"
    return hashlib.sha256(text.encode()).hexdigest()
