"""`POST /{version}/{phone_number_id}/messages`: sends, read marks and typing indicators."""

import re
from datetime import timedelta
from typing import Any

from fastapi import APIRouter, Request

from pipewise.sandbox.answers import read_object
from pipewise.sandbox.faults import STATUS_FAILURE_KINDS
from pipewise.sandbox.state import SandboxState, StateDep
from pipewise.sandbox.whatsapp_auth import NumberDep
from pipewise.sandbox.whatsapp_errors import absent, not_valid, refusal, status_error
from pipewise.sandbox.whatsapp_hooks import post_receipts, post_status
from pipewise.sandbox.whatsapp_messages import check_content, check_envelope
from pipewise.sandbox.whatsapp_state import ChatMessage, Number, Person
from pipewise.sandbox.whatsapp_templates import Template, check_template

Json = dict[str, Any]

router = APIRouter(prefix="/v{major:int}.0/{object_id}", tags=["whatsapp"])
USER_ID = re.compile(r"^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$")
WA_ID = re.compile(r"^[1-9]\d{6,14}$")
READ_MARK_AGE = timedelta(days=30)
REACTION_AGE = timedelta(days=30)
WINDOW_CLOSED = "Customer service window closed: last customer message is older than 24 hours."
TOO_FAST = "Too many messages from this number to one recipient; slow down for this pair."


@router.post("/messages")
async def send_message(request: Request, number: NumberDep, state: StateDep) -> Json:
    body = await read_object(request, refusal(100, "The request body is not a JSON object."))
    check_envelope(body)
    if "status" in body:
        return mark_read(state, number, body)
    person, by_user_id = recipient(state, number, body)
    kind = check_content(body)
    template = named_template(state, number, body, by_user_id=by_user_id) if kind == "template" else None
    check_media(state, body, kind)
    if kind == "reaction":
        check_reaction_target(state, body)
    closed = template is None and not state.whatsapp.window_is_open(number, person)
    if closed and state.whatsapp.switches.window_error == "direct":
        raise refusal(131047, WINDOW_CLOSED)
    if not state.whatsapp.spend_pair(number, person):
        raise refusal(131056, TOO_FAST)
    message = deliver(state, number, person, body, template)
    receipts(state, message, by_user_id=by_user_id, closed=closed, template=template)
    return accepted(body, message, by_user_id=by_user_id, template=template)


def mark_read(state: SandboxState, number: Number, body: Json) -> Json:
    """Also marks what came before; a typing indicator shows until the next message or for 25 s."""
    if body["status"] != "read":
        raise refusal(100, "Param status must be 'read'.")
    if not body.get("message_id"):
        raise absent("message_id")
    typing = body.get("typing_indicator")
    if typing is not None and (not isinstance(typing, dict) or typing.get("type") != "text"):
        raise not_valid("Param typing_indicator['type'] must be 'text'.")
    target = state.whatsapp.message(str(body["message_id"]))
    if target is None or target.number is not number or target.direction != "inbound":
        raise refusal(100, "Param message_id is not the id of a message received by this number.")
    if state.clock.now() - target.at > READ_MARK_AGE:
        raise not_valid("The message is older than 30 days.")
    for message in state.whatsapp.chat:
        same_chat = message.person is target.person and message.number is number
        if same_chat and message.direction == "inbound" and message.at <= target.at:
            message.receipts.append((state.clock.monotonic(), "read"))
    state.ledger.record("whatsapp", "read_mark", message_id=target.id, typing=typing is not None)
    return {"success": True}


def recipient(state: SandboxState, number: Number, body: Json) -> tuple[Person, bool]:
    """`to` is a phone number, `recipient` a business-scoped user id; with both, `to` wins."""
    to, user_id = body.get("to"), body.get("recipient")
    if to:
        digits = re.sub(r"[\s().+-]", "", str(to))
        if not WA_ID.match(digits):
            raise not_valid("Param to is not a valid phone number.")
        if digits == number.digits:
            raise refusal(131021, "Sender and recipient phone number are the same.")
        return state.whatsapp.meet(digits, None, None, None), False
    if not user_id:
        raise absent("to")
    if not isinstance(user_id, str) or not USER_ID.match(user_id):
        raise not_valid("Param recipient is not a valid business-scoped user id.")
    person = state.whatsapp.person(None, user_id)
    if person is None:
        raise refusal(131026, "Message Undeliverable.")
    return person, True


def named_template(state: SandboxState, number: Number, body: Json, *, by_user_id: bool) -> Template:
    content = body.get("template")
    if not isinstance(content, dict):
        raise absent("template")
    template = check_template(state.whatsapp.templates[number.waba_id], content)
    if by_user_id and template.category == "AUTHENTICATION":
        raise refusal(131062, "This message kind cannot go to a BSUID recipient.")
    return template


def check_media(state: SandboxState, body: Json, kind: str) -> None:
    content = body.get(kind)
    media_id = content.get("id") if isinstance(content, dict) and kind not in ("interactive", "template") else None
    if media_id is not None and str(media_id) not in state.whatsapp.media:
        raise not_valid(f"Param {kind}['id'] is not the id of an uploaded media.")


def check_reaction_target(state: SandboxState, body: Json) -> None:
    target = state.whatsapp.message(body["reaction"]["message_id"])
    if target is None or state.clock.now() - target.at > REACTION_AGE:
        raise not_valid("The message to react to is unknown or older than 30 days.")


def deliver(state: SandboxState, number: Number, person: Person, body: Json, template: Template | None) -> ChatMessage:
    kind = body.get("type", "text")
    content = {"type": kind, kind: body[kind]}
    if template is not None:
        content["rendered"] = template.rendered(body["template"].get("components") or [])
    if "context" in body:
        content["context"] = body["context"]
    message = ChatMessage(
        id=state.whatsapp.new_wamid(person),
        number=number,
        person=person,
        direction="outbound",
        at=state.clock.now(),
        content=content,
        callback_data=body.get("biz_opaque_callback_data"),
    )
    state.whatsapp.chat.append(message)
    state.ledger.record(
        "whatsapp",
        "send",
        wamid=message.id,
        phone_number_id=number.id,
        to=person.key,
        user_id=person.user_id,
        type=kind,
        content=content,
        callback_data=message.callback_data,
    )
    return message


def receipts(
    state: SandboxState, message: ChatMessage, *, by_user_id: bool, closed: bool, template: Template | None
) -> None:
    fault = state.faults.take("whatsapp", "status.failed", STATUS_FAILURE_KINDS)
    if closed or fault:
        error = (
            status_error(131047, WINDOW_CLOSED) if closed or not fault else status_error(fault.code, "Sandbox switch.")
        )
        post_status(state, message, "failed", by_user_id=by_user_id, more={"errors": [error]})
        return
    category = template.category.lower() if template else "service"
    post_receipts(state, message, by_user_id=by_user_id, category=category)


def accepted(body: Json, message: ChatMessage, *, by_user_id: bool, template: Template | None) -> Json:
    """200 means queued, no more. Only templates carry a message status."""
    person = message.person
    contact = (
        {"input": body["recipient"], "user_id": person.user_id}
        if by_user_id
        else {"input": body["to"], "wa_id": person.wa_id}
    )
    sent = {"id": message.id, **({"message_status": "accepted"} if template else {})}
    return {"messaging_product": "whatsapp", "contacts": [contact], "messages": [sent]}
