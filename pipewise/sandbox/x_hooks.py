"""Webhooks of X: the challenge, the envelope of the X Activity API, and the signature in base64."""

import base64
import hashlib
import hmac
import json
from datetime import UTC
from typing import Any

import httpx

from pipewise.sandbox.deliveries import Delivery
from pipewise.sandbox.state import SandboxState
from pipewise.sandbox.x_state import Account, Person

Json = dict[str, Any]
ECHO_DELAY = 0.2


def digest(secret: str, message: bytes) -> str:
    return "sha256=" + base64.b64encode(hmac.new(secret.encode(), message, hashlib.sha256).digest()).decode()


async def challenge(state: SandboxState, account: Account, url: str) -> Json:
    """The challenge-response check: only the digest of the token, in JSON, is the right answer."""
    token = state.x.new_token("crc")
    try:
        response = await state.deliveries.http.get(url, params={"crc_token": token})
        given = json.loads(response.content).get("response_token")
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, AttributeError) as error:
        outcome: Json = {"ok": False, "status": None, "problem": f"no answer ({type(error).__name__})"}
    else:
        right = response.status_code == 200 and given == digest(account.consumer_secret, token.encode())
        problem = None if right else "the answer was not the digest of the token"
        outcome = {"ok": right, "status": response.status_code, "problem": problem}
    state.ledger.record("x", "handshake", url=url, **outcome)
    return outcome


def post(
    state: SandboxState, account: Account, document: Json, label: str, *, delay: float = 0.0, copies: int = 1
) -> Delivery | None:
    """Queue one signed webhook; an invalid webhook gets no events."""
    if account.callback_url is None or not account.valid:
        return None
    delivery = Delivery(
        vendor="x",
        label=label,
        url=account.callback_url,
        body=json.dumps(document, separators=(",", ":")).encode(),
        sign=lambda body: {"x-twitter-webhooks-signature": digest(account.consumer_secret, body)},
        accepts=lambda status: 200 <= status < 300,
    )
    state.deliveries.add(delivery, delay=delay, copies=copies)
    return delivery


def activity(state: SandboxState, account: Account, event_type: str, payload: Json) -> Json:
    data = {"event_uuid": state.x.new_id(), "filter": {"user_id": account.id}, "event_type": event_type}
    return {"data": {**data, "tag": "sandbox", "payload": payload}}


def keep_message(
    state: SandboxState, account: Account, person: Person, event_id: str, text: str, *, sent: bool
) -> None:
    """As the list of direct messages shows it."""
    first, second = sorted((account.id, person.id), key=int)
    account.messages.append(
        {
            "id": event_id,
            "event_type": "MessageCreate",
            "text": text,
            "sender_id": account.id if sent else person.id,
            "dm_conversation_id": f"{first}-{second}",
            "created_at": stamp(state),
        }
    )


def stamp(state: SandboxState) -> str:
    return state.clock.now().astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def user(person_id: str, name: str, username: str) -> Json:
    return {person_id: {"data": {"id": person_id, "name": name, "username": username}}}


def message_payload(
    state: SandboxState, account: Account, person: Person, event_id: str, text: str, *, sent: bool
) -> Json:
    sender, recipient = (account.id, person.id) if sent else (person.id, account.id)
    event = {
        "type": "message_create",
        "id": event_id,
        "created_timestamp": str(int(state.clock.now().timestamp() * 1000)),
        "message_create": {
            "target": {"recipient_id": recipient},
            "sender_id": sender,
            "message_data": {"text": text, "entities": {"urls": [], "user_mentions": []}},
        },
    }
    users = user(account.id, "Harbourline", account.username) | user(person.id, person.name, person.username)
    return {"direct_message_events": [event], "users": users}


def post_sent(state: SandboxState, account: Account, person: Person, event_id: str, text: str) -> Delivery | None:
    """Direct messages that left the account are delivered too, whoever wrote them."""
    payload = message_payload(state, account, person, event_id, text, sent=True)
    return post(state, account, activity(state, account, "dm.sent", payload), "dm.sent", delay=ECHO_DELAY)
