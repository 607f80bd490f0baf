"""X's API v2: who am I, direct messages, answers to posts, and the webhook objects, with its rules and call limits."""

import re
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from pipewise.platforms.x.weights import POST_LIMIT, weighted_length
from pipewise.sandbox.answers import read_object
from pipewise.sandbox.bearer import bearer
from pipewise.sandbox.gate import ANSWER_HEADERS
from pipewise.sandbox.state import SandboxState, StateDep
from pipewise.sandbox.x_errors import (
    forbidden,
    invalid,
    missing,
    no_credits,
    too_many,
    unauthorized,
    wrong_kind_of_token,
)
from pipewise.sandbox.x_hooks import keep_message, post_sent
from pipewise.sandbox.x_state import APP_TOKEN, Account

Json = dict[str, Any]

router = APIRouter(prefix="/2", tags=["x"])
MAX_MESSAGE = 10_000
CASHTAG = re.compile(r"(?<!\w)\$[A-Za-z]{1,6}\b")
MENTION = re.compile(r"(?<!\w)@(\w+)")


async def calling_account(request: Request, state: StateDep) -> Account:
    """The account of a user's token."""
    given = bearer(request) or ""
    if given == APP_TOKEN:
        raise wrong_kind_of_token()
    known = state.x.tokens.get(given)
    if known is None or (known[1] is not None and state.clock.now() >= known[1]):
        raise unauthorized()
    return known[0]


AccountDep = Annotated[Account, Depends(calling_account)]


async def calling_app(request: Request, state: StateDep) -> None:
    if bearer(request) != APP_TOKEN:
        raise wrong_kind_of_token() if bearer(request) in state.x.tokens else unauthorized()


def spend(request: Request, state: SandboxState, account: Account, kind: str) -> None:
    """Count the call, tell what is left on whatever answer follows, refuse with 429 when nothing is."""
    if kind in ("dm", "post") and not state.x.switches.credits:
        raise no_credits()
    left = state.x.spend(account, kind)
    limit, remaining, reset = left or (0, 0, state.x.reset_of(account, kind))
    told = {"x-rate-limit-limit": limit, "x-rate-limit-remaining": remaining, "x-rate-limit-reset": reset}
    request.scope[ANSWER_HEADERS].update({name: str(value) for name, value in told.items()})
    if left is None:
        raise too_many()


@router.get("/users/me")
async def who_am_i(request: Request, account: AccountDep, state: StateDep) -> Json:
    spend(request, state, account, "read")
    return {"data": {"id": account.id, "name": "Harbourline", "username": account.username}}


@router.post("/dm_conversations/with/{participant_id}/messages", status_code=201)
async def send_direct(participant_id: str, request: Request, account: AccountDep, state: StateDep) -> Json:
    body = await read_object(request, invalid("The request body is not a JSON object."))
    if set(body) - {"text", "attachments"}:
        raise invalid("The request holds a parameter that does not exist.")
    text = body.get("text")
    if not isinstance(text, str) or not len(text.strip()) > 0 or len(text) > MAX_MESSAGE:
        raise invalid(f"text must have 1 to {MAX_MESSAGE} characters.")
    if not participant_id.isdigit():
        raise invalid("participant_id must be a number.")
    person = state.x.people.get(participant_id)
    if person is None:
        raise missing()
    if person.closed or account.id not in person.wrote_to:
        raise forbidden("You do not have permission to DM one or more participants.")
    spend(request, state, account, "dm")
    event_id = state.x.new_id()
    state.ledger.record("x", "send", kind="dm", id=event_id, account_id=account.id, to=person.id, text=text)
    keep_message(state, account, person, event_id, text, sent=True)
    if state.x.switches.echoes:
        post_sent(state, account, person, event_id, text)
    first, second = sorted((account.id, person.id), key=int)
    return {"data": {"dm_conversation_id": f"{first}-{second}", "dm_event_id": event_id}}


@router.post("/tweets", status_code=201)
async def create_post(request: Request, account: AccountDep, state: StateDep) -> Json:
    body = await read_object(request, invalid("The request body is not a JSON object."))
    text, reply = body.get("text"), body.get("reply")
    if not isinstance(text, str) or not text.strip() or weighted_length(text) > POST_LIMIT:
        raise invalid(f"text must have 1 to {POST_LIMIT} weighted characters.")
    if len(CASHTAG.findall(text)) > 1:
        raise invalid("A post may hold one cashtag at most.")
    parent = reply.get("in_reply_to_tweet_id") if isinstance(reply, dict) else None
    check_parent(state, account, parent, text)
    if text in account.posted:
        raise forbidden("You are not allowed to create a Tweet with duplicate content.")
    spend(request, state, account, "post")
    account.posted.append(text)
    post_id = state.x.new_id()
    state.ledger.record("x", "send", kind="post", id=post_id, account_id=account.id, to=parent, text=text)
    return {"data": {"id": post_id, "text": text, "edit_history_tweet_ids": [post_id]}}


def check_parent(state: SandboxState, account: Account, parent: object, text: str) -> None:
    """An app may answer only a post whose author mentioned or quoted its account, and mention nobody else."""
    if parent is None:
        allowed: set[str] = set()
    else:
        found = state.x.posts.get(str(parent))
        if found is None:
            raise missing()
        if account.id not in found.summons:
            raise forbidden("You are not permitted to reply to this conversation.")
        allowed = {found.author.username}
    if set(MENTION.findall(text)) - allowed:
        raise forbidden("You are not permitted to mention these users.")


@router.get("/webhooks", dependencies=[Depends(calling_app)])
async def list_webhooks(state: StateDep) -> Json:
    hooks = [
        {"id": f"19{account.id[2:]}", "url": account.callback_url, "valid": account.valid}
        for account in state.x.accounts.values()
        if account.callback_url
    ]
    return {"data": hooks, "meta": {"result_count": len(hooks)}}


@router.get("/activity/subscriptions", dependencies=[Depends(calling_app)])
async def list_subscriptions(state: StateDep) -> Json:
    kinds = ("dm.received", "dm.sent", "post.mention.create")
    listed = [
        {"subscription_id": f"{account.id}{n}", "event_type": kind, "filter": {"user_id": account.id}}
        for account in state.x.accounts.values()
        for n, kind in enumerate(kinds)
    ]
    return {"data": listed, "meta": {"result_count": len(listed)}}
