"""Webhooks of Instagram: envelopes around one event, in the shapes that it uses, signed as all of Meta's are."""

from typing import Any

from pipewise.sandbox.deliveries import Delivery
from pipewise.sandbox.instagram_state import Account, Comment, Person
from pipewise.sandbox.state import SandboxState
from pipewise.sandbox.whatsapp_hooks import meta_bytes, signature

Json = dict[str, Any]
ECHO_DELAY = 0.2


def post(
    state: SandboxState, account: Account, document: Json, label: str, *, delay: float = 0.0, copies: int = 1
) -> Delivery | None:
    """Queue one signed webhook; without a callback nobody listens and nothing is sent."""
    if account.callback_url is None:
        return None
    delivery = Delivery(
        vendor="instagram",
        label=label,
        url=account.callback_url,
        body=meta_bytes(document),
        sign=lambda body: signature(account.app_secret, body),
        accepts=lambda status: status == 200,
    )
    state.deliveries.add(delivery, delay=delay, copies=copies)
    return delivery


def stamp(state: SandboxState) -> int:
    return int(state.clock.now().timestamp() * 1000)


def direct(state: SandboxState, account: Account, person: Person, fields: Json, *, echo: bool = False) -> Json:
    """One messaging event, from the person to the account, or the other way round."""
    sender, recipient = (account.id, person.id) if echo else (person.id, account.id)
    event = {"sender": {"id": sender}, "recipient": {"id": recipient}, "timestamp": stamp(state), **fields}
    return entry(state, account, {"messaging": [event]})


def entry(state: SandboxState, account: Account, events: Json) -> Json:
    moment = int(state.clock.now().timestamp())
    return {"object": "instagram", "entry": [{"id": account.id, "time": moment, **events}]}


def post_comment(state: SandboxState, comment: Comment, field: str, *, copies: int) -> Delivery | None:
    value = {
        "from": {"id": comment.author.id, "username": comment.author.username},
        "id": comment.id,
        "text": comment.text,
        "media": {"id": "17900000000000001", "media_product_type": "FEED"},
    }
    flat = state.instagram.switches.comment_form == "flat"
    change: Json = {"field": field, "value": value}
    document = entry(state, comment.account, change if flat else {"changes": [change]})
    return post(state, comment.account, document, field, copies=copies)


def post_echo(state: SandboxState, account: Account, person: Person, mid: str, text: str) -> Delivery | None:
    """What left the account comes back, whoever wrote it."""
    if "messages" not in account.fields:
        return None
    document = direct(state, account, person, {"message": {"mid": mid, "is_echo": True, "text": text}}, echo=True)
    return post(state, account, document, "echo", delay=ECHO_DELAY)
