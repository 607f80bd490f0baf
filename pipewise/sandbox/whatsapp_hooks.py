"""Webhooks to the business: the payload around one change, Meta's way of writing JSON, and the signature."""

import hashlib
import hmac
import json
from typing import Any

from pipewise.sandbox.deliveries import Delivery
from pipewise.sandbox.state import SandboxState
from pipewise.sandbox.whatsapp_state import ChatMessage, Number, Person

Json = dict[str, Any]

RECEIPT_DELAYS = {"sent": 0.05, "delivered": 0.3, "read": 1.0, "failed": 0.1}
PRICED_STATUSES = frozenset({"sent", "delivered"})


def meta_bytes(document: Json) -> bytes:
    r"""Meta escapes what is not ASCII as \uXXXX (lower-case hex) and every slash as \/. The signature covers these bytes."""
    return json.dumps(document, ensure_ascii=True, separators=(",", ":")).replace("/", r"\/").encode()


def signature(app_secret: str, body: bytes) -> dict[str, str]:
    digest = hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()
    return {"X-Hub-Signature-256": f"sha256={digest}", "User-Agent": "facebookexternalua"}


def envelope(number: Number, value: Json, field: str = "messages") -> Json:
    metadata = {"display_phone_number": number.digits, "phone_number_id": number.id}
    whole = {"messaging_product": "whatsapp", "metadata": metadata, **value}
    change = {"value": whole, "field": field}
    return {"object": "whatsapp_business_account", "entry": [{"id": number.waba_id, "changes": [change]}]}


def contact(person: Person) -> Json:
    profile = {"name": person.name, **({"username": person.username} if person.username else {})}
    phone = {"wa_id": person.wa_id} if person.wa_id else {}
    return {"profile": profile, **phone, "user_id": person.user_id}


def post(
    state: SandboxState, number: Number, document: Json, label: str, *, delay: float = 0.0, copies: int = 1
) -> Delivery | None:
    """Queue one signed webhook; without a callback or a subscription nobody listens and nothing is sent."""
    if number.callback_url is None or not number.subscribed:
        return None
    delivery = Delivery(
        vendor="whatsapp",
        label=label,
        url=number.callback_url,
        body=meta_bytes(document),
        sign=lambda body: signature(number.app_secret, body),
        accepts=lambda status: status == 200,
    )
    state.deliveries.add(delivery, delay=delay, copies=copies)
    return delivery


def post_message(state: SandboxState, message: ChatMessage, *, copies: int = 1) -> Delivery | None:
    value = {"contacts": [contact(message.person)], "messages": [message.content]}
    return post(state, message.number, envelope(message.number, value), "message", copies=copies)


def post_receipts(state: SandboxState, message: ChatMessage, *, by_user_id: bool, category: str) -> None:
    """The statuses that follow an accepted message; a reaction is never more than sent."""
    receipts = state.whatsapp.switches.receipts
    if message.content.get("type") == "reaction":
        receipts = tuple(name for name in receipts if name == "sent")
    for name in receipts:
        priced = {"pricing": pricing(category)} if name in PRICED_STATUSES else {}
        post_status(state, message, name, by_user_id=by_user_id, more=priced)


def pricing(category: str) -> Json:
    free = category == "service"
    kind = "free_customer_service" if free else "regular"
    return {"billable": not free, "pricing_model": "PMP", "type": kind, "category": category}


def post_status(state: SandboxState, message: ChatMessage, name: str, *, by_user_id: bool, more: Json) -> None:
    delay = RECEIPT_DELAYS[name]
    person, failed = message.person, name == "failed"
    phone = {} if by_user_id or not person.wa_id else {"recipient_id": person.wa_id}
    # A failed send names the person only the way the send did.
    user = {} if failed and phone else {"recipient_user_id": person.user_id}
    echo = {"biz_opaque_callback_data": message.callback_data} if message.callback_data else {}
    stamp = str(int(state.clock.now().timestamp() + delay))
    status = {"id": message.id, "status": name, "timestamp": stamp, **phone, **user, **echo, **more}
    contacts = {} if failed else {"contacts": [contact(person)]}
    document = envelope(message.number, {**contacts, "statuses": [status]})
    message.receipts.append((state.clock.monotonic() + delay, name))
    post(state, message.number, document, f"status.{name}", delay=delay)
    detail: Json = {"wamid": message.id, "status": name, "to": person.key}
    state.ledger.record("whatsapp", "status", **detail)
