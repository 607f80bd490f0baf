"""Controls of the Instagram side: register an account, write or comment as a lead, type as the account's own staff."""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, Field, HttpUrl

from pipewise.sandbox.instagram_hooks import direct, entry, post, post_comment, post_echo
from pipewise.sandbox.instagram_state import (
    DEFAULT_ACCOUNT_ID,
    DEFAULT_APP_SECRET,
    DEFAULT_TOKEN,
    DEFAULT_VERIFY_TOKEN,
    TOKEN_LIFE,
    Account,
    Comment,
)
from pipewise.sandbox.state import SandboxState, StateDep
from pipewise.sandbox.whatsapp_handshake import shake_hands

Json = dict[str, Any]

router = APIRouter(prefix="/_sandbox/instagram", tags=["sandbox"])
PersonId = Annotated[str, Field(pattern=r"^\d{5,20}$")]
Copies = Annotated[int, Field(ge=1, le=10, description="how often the same webhook is delivered, at once")]


class AccountRequest(BaseModel):
    account_id: Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{1,64}$")] = DEFAULT_ACCOUNT_ID
    access_token: str = DEFAULT_TOKEN
    app_secret: str = DEFAULT_APP_SECRET
    verify_token: str = DEFAULT_VERIFY_TOKEN
    callback_url: HttpUrl | None = None


class InboundRequest(BaseModel):
    """One direct message. `message` holds raw fields of a messaging event's message and wins over `text`."""

    account_id: str = DEFAULT_ACCOUNT_ID
    sender: PersonId = Field(alias="from")
    username: str | None = None
    text: str | None = None
    message: Json | None = None
    copies: Copies = 1


class CommentRequest(BaseModel):
    """One comment. `direct_id` is the id under which the same person writes direct messages, if it is another one."""

    account_id: str = DEFAULT_ACCOUNT_ID
    sender: PersonId = Field(alias="from")
    direct_id: PersonId | None = None
    username: str | None = None
    text: str = Field(min_length=1, max_length=2200)
    field: str = Field(default="comments", pattern=r"^(comments|live_comments)$")
    copies: Copies = 1


class EchoRequest(BaseModel):
    account_id: str = DEFAULT_ACCOUNT_ID
    to: PersonId
    text: str = Field(min_length=1, max_length=1000)


class RawRequest(BaseModel):
    account_id: str = DEFAULT_ACCOUNT_ID
    body: Json
    copies: Copies = 1


class TokenRequest(BaseModel):
    """How old a token is, in hours: it ends 60 days after it was made."""

    access_token: str = DEFAULT_TOKEN
    age_hours: float = Field(ge=0, le=24 * 365)


class SwitchRequest(BaseModel):
    echoes: bool | None = None
    human_agent: bool | None = None
    access_to_messages: bool | None = None
    comment_form: str | None = Field(default=None, pattern=r"^(flat|changes)$")
    consent: str | None = Field(default=None, pattern=r"^(agree|deny)$")


def account_named(state: SandboxState, account_id: str) -> Account:
    account = state.instagram.accounts.get(account_id)
    if account is None:
        raise HTTPException(404, f"No account {account_id} is registered here.")
    return account


@router.post("/accounts")
async def register(request: AccountRequest, state: StateDep) -> Json:
    """Register the account; with a callback URL also do the handshake. The URL is used only if that held."""
    account = state.instagram.add_account(
        request.account_id,
        token=request.access_token,
        app_secret=request.app_secret,
        verify_token=request.verify_token,
    )
    handshake: Json | None = None
    if request.callback_url is not None:
        handshake = await shake_hands(state, str(request.callback_url), request.verify_token, vendor="instagram")
        account.callback_url = str(request.callback_url) if handshake["ok"] else None
    return {"account_id": account.id, "callback_url": account.callback_url, "handshake": handshake}


@router.post("/inbound")
async def write_as_lead(request: InboundRequest, state: StateDep) -> Json:
    account = account_named(state, request.account_id)
    person = state.instagram.meet(request.sender, request.username)
    mid = state.instagram.new_mid()
    fields = request.message if request.message is not None else {"text": request.text or ""}
    person.last_written[account.id] = state.clock.now()
    state.ledger.record("instagram", "inbound", mid=mid, account_id=account.id, sender=person.id, message=fields)
    document = direct(state, account, person, {"message": {"mid": mid, **fields}})
    delivery = post(state, account, document, "message", copies=request.copies)
    return {"message_id": mid, "delivering": delivery is not None}


@router.post("/comment")
async def comment_as_lead(request: CommentRequest, state: StateDep) -> Json:
    account = account_named(state, request.account_id)
    author = state.instagram.meet(request.direct_id or request.sender, request.username)
    comment = Comment(state.instagram.new_id(), account, author, request.text, state.clock.now())
    state.instagram.comments[comment.id] = comment
    state.ledger.record("instagram", "comment", comment_id=comment.id, sender=request.sender, text=request.text)
    shown = Comment(
        comment.id, account, state.instagram.meet(request.sender, request.username), comment.text, comment.at
    )
    delivery = post_comment(state, shown, request.field, copies=request.copies)
    return {"comment_id": comment.id, "delivering": delivery is not None}


@router.post("/mention")
async def mention(request: RawRequest, state: StateDep) -> Json:
    """`body` is the value of a `mentions` change: media_id and, for a comment, comment_id."""
    account = account_named(state, request.account_id)
    document = entry(state, account, {"changes": [{"field": "mentions", "value": request.body}]})
    return {"delivering": post(state, account, document, "mentions", copies=request.copies) is not None}


@router.post("/echo")
async def type_as_staff(request: EchoRequest, state: StateDep) -> Json:
    """A message that a colleague typed in the Instagram app."""
    account = account_named(state, request.account_id)
    person, mid = state.instagram.meet(request.to, None), state.instagram.new_mid()
    state.ledger.record("instagram", "echo", mid=mid, to=person.id)
    return {"message_id": mid, "delivering": post_echo(state, account, person, mid, request.text) is not None}


@router.post("/deliver")
async def deliver_raw(request: RawRequest, state: StateDep) -> Json:
    """Any webhook document, rightly signed."""
    account = account_named(state, request.account_id)
    return {"delivering": post(state, account, request.body, "raw", copies=request.copies) is not None}


@router.post("/tokens")
async def age_token(request: TokenRequest, state: StateDep) -> Json:
    token = state.instagram.tokens.get(request.access_token)
    if token is None:
        raise HTTPException(404, "No such token was issued here.")
    token.issued_at = state.clock.now() - timedelta(hours=request.age_hours)
    token.expires_at = token.issued_at + TOKEN_LIFE
    return {"issued_at": token.issued_at.isoformat(), "expires_at": token.expires_at.isoformat()}


@router.post("/switches")
async def set_switches(request: SwitchRequest, state: StateDep) -> Json:
    switches = state.instagram.switches
    for name, value in request.model_dump(exclude_none=True).items():
        setattr(switches, name, value)
    return dict(vars(switches))
