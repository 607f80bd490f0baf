"""Controls of the X side: register an account, write or post as a lead, type as the account's own staff."""

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, Field, HttpUrl

from pipewise.sandbox.state import SandboxState, StateDep
from pipewise.sandbox.x_hooks import activity, challenge, keep_message, message_payload, post, post_sent, stamp
from pipewise.sandbox.x_state import (
    DEFAULT_ACCOUNT_ID,
    DEFAULT_CONSUMER_SECRET,
    DEFAULT_REFRESH_TOKEN,
    DEFAULT_TOKEN,
    Account,
    Post,
)

Json = dict[str, Any]

router = APIRouter(prefix="/_sandbox/x", tags=["sandbox"])
UserId = Annotated[str, Field(pattern=r"^\d{1,20}$")]
Copies = Annotated[int, Field(ge=1, le=10, description="how often the same webhook is delivered, at once")]


class AccountRequest(BaseModel):
    account_id: UserId = DEFAULT_ACCOUNT_ID
    access_token: str = DEFAULT_TOKEN
    refresh_token: str | None = DEFAULT_REFRESH_TOKEN
    consumer_secret: str = DEFAULT_CONSUMER_SECRET
    callback_url: HttpUrl | None = None


class InboundRequest(BaseModel):
    account_id: UserId = DEFAULT_ACCOUNT_ID
    sender: UserId = Field(alias="from")
    username: str | None = None
    name: str | None = None
    text: str = Field(min_length=1, max_length=10_000)
    copies: Copies = 1


class PostRequest(BaseModel):
    """A lead's post: a mention or quote summons the account, a plain reply does not."""

    account_id: UserId = DEFAULT_ACCOUNT_ID
    sender: UserId = Field(alias="from")
    username: str | None = None
    text: str = Field(min_length=1, max_length=4000)
    how: str = Field(default="mention", pattern=r"^(mention|reply|quote)$")
    copies: Copies = 1


class EchoRequest(BaseModel):
    account_id: UserId = DEFAULT_ACCOUNT_ID
    to: UserId
    text: str = Field(min_length=1, max_length=10_000)


class RawRequest(BaseModel):
    account_id: UserId = DEFAULT_ACCOUNT_ID
    body: Json
    copies: Copies = 1


class SwitchRequest(BaseModel):
    echoes: bool | None = None
    credits: bool | None = None
    limits: bool | None = None
    consent: str | None = Field(default=None, pattern=r"^(agree|deny)$")


def account_named(state: SandboxState, account_id: str) -> Account:
    account = state.x.accounts.get(account_id)
    if account is None:
        raise HTTPException(404, f"No account {account_id} is registered here.")
    return account


@router.post("/accounts")
async def register(request: AccountRequest, state: StateDep) -> Json:
    """Register the account; with a callback URL also do the challenge. The webhook is valid only if that held."""
    account = state.x.add_account(
        request.account_id,
        token=request.access_token,
        refresh_token=request.refresh_token,
        consumer_secret=request.consumer_secret,
    )
    handshake: Json | None = None
    if request.callback_url is not None:
        handshake = await challenge(state, account, str(request.callback_url))
        account.callback_url, account.valid = str(request.callback_url), handshake["ok"]
    return {"account_id": account.id, "callback_url": account.callback_url, "handshake": handshake}


@router.post("/inbound")
async def write_as_lead(request: InboundRequest, state: StateDep) -> Json:
    account = account_named(state, request.account_id)
    person = state.x.meet(request.sender, request.username, request.name)
    person.wrote_to.add(account.id)
    event_id = state.x.new_id()
    state.ledger.record("x", "inbound", id=event_id, account_id=account.id, sender=person.id, text=request.text)
    keep_message(state, account, person, event_id, request.text, sent=False)
    payload = message_payload(state, account, person, event_id, request.text, sent=False)
    document = activity(state, account, "dm.received", payload)
    return {
        "message_id": event_id,
        "delivering": post(state, account, document, "dm", copies=request.copies) is not None,
    }


@router.post("/post")
async def post_as_lead(request: PostRequest, state: StateDep) -> Json:
    account = account_named(state, request.account_id)
    person = state.x.meet(request.sender, request.username)
    summons = frozenset({account.id} if request.how != "reply" else ())
    made = Post(state.x.new_id(), person, summons)
    state.x.posts[made.id] = made
    state.ledger.record("x", "post", id=made.id, sender=person.id, how=request.how, text=request.text)
    payload: Json = {
        "id": made.id,
        "text": request.text,
        "author_id": person.id,
        "conversation_id": made.id,
        "created_at": stamp(state),
    }
    if request.how == "mention":
        payload["entities"] = {"mentions": [{"start": 0, "end": 12, "username": account.username, "id": account.id}]}
    else:
        kind = {"reply": "replied_to", "quote": "quoted"}[request.how]
        payload["referenced_tweets"] = [{"type": kind, "id": state.x.new_id()}]
    if request.how == "mention":
        account.mentions.append(payload)
    document = activity(state, account, f"post.{request.how}.create", payload)
    return {"post_id": made.id, "delivering": post(state, account, document, "post", copies=request.copies) is not None}


@router.post("/echo")
async def type_as_staff(request: EchoRequest, state: StateDep) -> Json:
    """A direct message that a colleague typed in X itself."""
    account = account_named(state, request.account_id)
    person, event_id = state.x.meet(request.to, None), state.x.new_id()
    state.ledger.record("x", "echo", id=event_id, to=person.id)
    keep_message(state, account, person, event_id, request.text, sent=True)
    return {"message_id": event_id, "delivering": post_sent(state, account, person, event_id, request.text) is not None}


@router.post("/deliver")
async def deliver_raw(request: RawRequest, state: StateDep) -> Json:
    """Any webhook document, rightly signed."""
    account = account_named(state, request.account_id)
    return {"delivering": post(state, account, request.body, "raw", copies=request.copies) is not None}


@router.post("/switches")
async def set_switches(request: SwitchRequest, state: StateDep) -> Json:
    switches = state.x.switches
    for name, value in request.model_dump(exclude_none=True).items():
        setattr(switches, name, value)
    return dict(vars(switches))
