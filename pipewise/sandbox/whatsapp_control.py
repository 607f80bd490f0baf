"""Controls of the WhatsApp side: register a number, write as a lead, type as the business's own staff, approve templates."""

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, Field, HttpUrl

from pipewise.sandbox.state import SandboxState, StateDep
from pipewise.sandbox.whatsapp_handshake import shake_hands
from pipewise.sandbox.whatsapp_hooks import envelope, post, post_message
from pipewise.sandbox.whatsapp_state import (
    DEFAULT_APP_SECRET,
    DEFAULT_NUMBER_ID,
    DEFAULT_TOKEN,
    DEFAULT_VERIFY_TOKEN,
    DEFAULT_WABA_ID,
    ChatMessage,
    Number,
    Person,
)

Json = dict[str, Any]

router = APIRouter(prefix="/_sandbox/whatsapp", tags=["sandbox"])
Phone = Annotated[str, Field(pattern=r"^\+?[1-9][\d ]{6,18}$")]


class AccountRequest(BaseModel):
    phone_number_id: str = DEFAULT_NUMBER_ID
    access_token: str = DEFAULT_TOKEN
    app_secret: str = DEFAULT_APP_SECRET
    verify_token: str = DEFAULT_VERIFY_TOKEN
    waba_id: str = DEFAULT_WABA_ID
    callback_url: HttpUrl | None = None


class InboundRequest(BaseModel):
    """One message of a lead. `message` holds raw fields of a Cloud API message and wins over `text`."""

    phone_number_id: str = DEFAULT_NUMBER_ID
    sender: Phone | None = Field(default=None, alias="from")
    bsuid: str | None = None
    name: str | None = None
    username: str | None = None
    text: str | None = None
    message: Json | None = None
    copies: int = Field(default=1, ge=1, le=10, description="how often the same webhook is delivered, at once")


class RawRequest(BaseModel):
    phone_number_id: str = DEFAULT_NUMBER_ID
    body: Json
    copies: int = Field(default=1, ge=1, le=10)


class EchoRequest(BaseModel):
    phone_number_id: str = DEFAULT_NUMBER_ID
    to: Phone
    text: str = Field(min_length=1, max_length=4096)


class TemplateRequest(BaseModel):
    waba_id: str = DEFAULT_WABA_ID
    name: str
    language: str = "en_US"
    status: str = Field(pattern=r"^(APPROVED|REJECTED|PENDING|PAUSED|DISABLED)$")


class SwitchRequest(BaseModel):
    window_error: str | None = Field(default=None, pattern=r"^(direct|status)$")
    pair_limit: bool | None = None
    receipts: list[str] | None = None
    media_host: str | None = None


def number_of(state: SandboxState, number_id: str) -> Number:
    number = state.whatsapp.numbers.get(number_id)
    if number is None:
        raise HTTPException(404, f"No number {number_id} is registered here.")
    return number


@router.post("/accounts")
async def register(request: AccountRequest, state: StateDep) -> Json:
    """Register the number; with a callback URL also do the handshake. The URL is used only if that held."""
    number = state.whatsapp.add_number(
        request.phone_number_id,
        token=request.access_token,
        app_secret=request.app_secret,
        verify_token=request.verify_token,
        waba_id=request.waba_id,
    )
    handshake: Json | None = None
    if request.callback_url is not None:
        handshake = await shake_hands(state, str(request.callback_url), request.verify_token)
        number.callback_url = str(request.callback_url) if handshake["ok"] else None
        number.subscribed = True
    listing = {"phone_number_id": number.id, "waba_id": number.waba_id, "display_phone_number": number.display}
    return {**listing, "callback_url": number.callback_url, "handshake": handshake}


@router.get("/accounts")
async def list_accounts(state: StateDep) -> Json:
    return {
        "items": [
            {
                "phone_number_id": n.id,
                "waba_id": n.waba_id,
                "display_phone_number": n.display,
                "callback_url": n.callback_url,
            }
            for n in state.whatsapp.numbers.values()
        ]
    }


@router.post("/inbound")
async def write_as_lead(request: InboundRequest, state: StateDep) -> Json:
    number = number_of(state, request.phone_number_id)
    wa_id = "".join(c for c in request.sender or "" if c.isdigit()) or None
    if wa_id is None and request.bsuid is None:
        raise HTTPException(422, "A lead needs a phone number (from) or a business-scoped id (bsuid).")
    person = state.whatsapp.meet(wa_id, request.bsuid, request.name, request.username)
    message = inbound_message(state, number, person, request)
    delivery = post_message(state, message, copies=request.copies)
    return {"message_id": message.id, "user_id": person.user_id, "delivering": delivery is not None}


def inbound_message(state: SandboxState, number: Number, person: Person, request: InboundRequest) -> ChatMessage:
    now = state.clock.now()
    fields = request.message if request.message is not None else {"type": "text", "text": {"body": request.text or ""}}
    content = {
        **({"from": person.wa_id} if person.wa_id else {}),
        "from_user_id": person.user_id,
        "id": state.whatsapp.new_wamid(person),
        "timestamp": str(int(now.timestamp())),
        **fields,
    }
    message = ChatMessage(str(content["id"]), number, person, "inbound", now, content)
    state.whatsapp.chat.append(message)
    state.whatsapp.note_inbound(number, person, now)
    state.ledger.record(
        "whatsapp", "inbound", wamid=message.id, phone_number_id=number.id, sender=person.key, content=content
    )
    return message


@router.post("/deliver")
async def deliver_raw(request: RawRequest, state: StateDep) -> Json:
    """Any webhook document, rightly signed: batches, malformed items, account events."""
    number = number_of(state, request.phone_number_id)
    return {"delivering": post(state, number, request.body, "raw", copies=request.copies) is not None}


@router.post("/echo")
async def type_as_staff(request: EchoRequest, state: StateDep) -> Json:
    """A message that a colleague typed into the WhatsApp Business app (`smb_message_echoes`)."""
    number = number_of(state, request.phone_number_id)
    person = state.whatsapp.meet("".join(c for c in request.to if c.isdigit()), None, None, None)
    now = state.clock.now()
    content = {"type": "text", "text": {"body": request.text}}
    message = ChatMessage(state.whatsapp.new_wamid(person), number, person, "outbound", now, content)
    state.whatsapp.chat.append(message)
    echo = {
        "from": number.digits,
        "to": person.wa_id,
        "id": message.id,
        "timestamp": str(int(now.timestamp())),
        **content,
    }
    document = envelope(number, {"message_echoes": [echo]}, "smb_message_echoes")
    state.ledger.record("whatsapp", "echo", wamid=message.id, to=person.key)
    return {"message_id": message.id, "delivering": post(state, number, document, "smb_message_echoes") is not None}


@router.post("/templates")
async def review_template(request: TemplateRequest, state: StateDep) -> Json:
    """Set a template's status and tell the business, as Meta's review does."""
    known = state.whatsapp.templates.get(request.waba_id, [])
    template = next((t for t in known if (t.name, t.language) == (request.name, request.language)), None)
    if template is None:
        raise HTTPException(404, f"No template {request.name} in {request.language}.")
    template.status = request.status
    value = {
        "event": request.status,
        "message_template_id": int(template.id),
        "message_template_name": template.name,
        "message_template_language": template.language,
        "reason": "NONE",
        "message_template_category": template.category,
    }
    for number in state.whatsapp.numbers.values():
        if number.waba_id == request.waba_id:
            change = {"value": value, "field": "message_template_status_update"}
            now = int(state.clock.now().timestamp())
            entry = {"id": number.waba_id, "time": now, "changes": [change]}
            post(state, number, {"object": "whatsapp_business_account", "entry": [entry]}, "template")
    return template.as_json()


@router.post("/switches")
async def set_switches(request: SwitchRequest, state: StateDep) -> Json:
    switches = state.whatsapp.switches
    for name, value in request.model_dump(exclude_none=True).items():
        setattr(switches, name, tuple(value) if isinstance(value, list) else value)
    return {**vars(switches), "receipts": list(switches.receipts)}
