"""Webhooks to subscribers: the envelope, the signature, and what repeated failure does to a subscription."""

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from pipewise.sandbox.calendly_answers import event_json, invitee_json, microseconds
from pipewise.sandbox.calendly_state import Booking, CalendlyWorld, Subscription
from pipewise.sandbox.deliveries import Delivery
from pipewise.sandbox.state import SandboxState

Json = dict[str, Any]

FIRST_DELIVERY_AFTER = 0.1
SECOND_DELIVERY_AFTER = 0.3


def invitee_payload(world: CalendlyWorld, booking: Booking) -> Json:
    """The invitee with its event; a webhook's event has no calendar entry and no buffered times."""
    event = event_json(world, booking)
    del event["calendar_event"]
    for membership in event["event_memberships"]:
        del membership["buffered_start_time"], membership["buffered_end_time"]
    return {**invitee_json(world, booking), "scheduled_event": event}


def announce(state: SandboxState, event: str, booking: Booking, *, delay: float = FIRST_DELIVERY_AFTER) -> None:
    """Queue one webhook for each active subscription of the host that wants this event."""
    payload = invitee_payload(state.calendly, booking)
    for subscription in state.calendly.subscriptions:
        wants = subscription.state == "active" and event in subscription.events
        if wants and subscription.account is booking.account:
            state.deliveries.add(delivery(state, subscription, event, payload), delay=delay)


def delivery(state: SandboxState, subscription: Subscription, event: str, payload: Json) -> Delivery:
    envelope = {
        "event": event,
        "created_at": microseconds(state.clock.now().replace(microsecond=0)),
        "created_by": subscription.account.uri,
        "payload": payload,
    }
    return Delivery(
        vendor="calendly",
        label=event,
        url=subscription.url,
        body=json.dumps(envelope, ensure_ascii=False, separators=(",", ":")).encode(),
        sign=lambda body: signature_header(subscription, body, state.clock.now()),
        accepts=lambda status: 200 <= status < 300,
        done=outcome_recorder(state, subscription),
    )


def signature_header(subscription: Subscription, body: bytes, now: datetime) -> dict[str, str]:
    """`t=…,v1=…` over `t.body`. A subscription made without a signing key is not signed at all."""
    if subscription.signing_key is None:
        return {}
    stamp = str(int(now.timestamp()))
    digest = hmac.new(subscription.signing_key.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {"Calendly-Webhook-Signature": f"t={stamp},v1={digest}"}


def outcome_recorder(state: SandboxState, subscription: Subscription) -> Callable[[Delivery, bool], None]:
    """The first failure starts the retry clock, a success stops it, the last failure disables the subscription."""

    def record(attempt: Delivery, accepted: bool) -> None:  # noqa: FBT001
        now = state.clock.now()
        if accepted:
            subscription.retry_started_at = None
            return
        subscription.retry_started_at = subscription.retry_started_at or now
        if attempt.exhausted:
            subscription.state = "disabled"
            subscription.updated_at = now
            state.ledger.record("calendly", "subscription_disabled", uuid=subscription.uuid, url=subscription.url)

    return record
