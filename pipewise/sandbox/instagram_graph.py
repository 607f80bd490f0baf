"""Instagram's API around the messages: the account, its subscriptions, its conversations, public replies."""

from typing import Any

from fastapi import APIRouter, Request

from pipewise.sandbox.answers import read_object
from pipewise.sandbox.instagram_errors import invalid, no_access, unknown_object
from pipewise.sandbox.instagram_send import AccountDep, account_of
from pipewise.sandbox.instagram_state import APP_ID
from pipewise.sandbox.state import StateDep

Json = dict[str, Any]

router = APIRouter(prefix="/_instagram/v{major:int}.0/{object_id}", tags=["instagram"])
KNOWN_FIELDS = frozenset(
    {"messages", "messaging_postbacks", "messaging_seen", "message_reactions", "comments", "live_comments", "mentions"}
)


@router.get("")
async def read_account(request: Request, account: AccountDep) -> Json:
    wanted = request.query_params.get("fields", "user_id,username").split(",")
    known = {
        "user_id": account.id,
        "username": account.username,
        "account_type": "BUSINESS",
        "name": account.username.capitalize(),
    }
    return {**{name: known[name] for name in wanted if name in known}, "id": f"25{account.id[2:]}"}


@router.get("/subscribed_apps")
async def list_subscribed_apps(account: AccountDep) -> Json:
    return {"data": [{"subscribed_fields": list(account.fields), "id": APP_ID}] if account.fields else []}


@router.post("/subscribed_apps")
async def subscribe_app(request: Request, account: AccountDep) -> Json:
    fields = request.query_params.get("subscribed_fields", "").split(",")
    if not set(fields) <= KNOWN_FIELDS:
        raise invalid("Param subscribed_fields holds a field that does not exist.")
    account.fields = tuple(fields)
    return {"success": True}


@router.delete("/subscribed_apps")
async def unsubscribe_app(account: AccountDep) -> Json:
    account.fields = ()
    return {"success": True}


@router.get("/conversations")
async def list_conversations(account: AccountDep, state: StateDep) -> Json:
    if not state.instagram.switches.access_to_messages:
        raise no_access()
    written = [
        person.last_written[account.id]
        for person in state.instagram.people.values()
        if account.id in person.last_written
    ]
    times = sorted(written, reverse=True)
    return {"data": [{"id": f"aWdfZAG0{n}", "updated_time": at.isoformat()} for n, at in enumerate(times)]}


@router.post("/replies")
async def reply_publicly(request: Request, object_id: str, state: StateDep) -> Json:
    """Under a comment, for everybody to read."""
    account = account_of(state, request)
    comment = state.instagram.comments.get(object_id)
    if comment is None or comment.account is not account:
        raise unknown_object(object_id)
    body = await read_object(request, invalid("The request body is not a JSON object."))
    message = body.get("message") or request.query_params.get("message")
    if not isinstance(message, str) or not message.strip():
        raise invalid("Param message is required.")
    reply_id = state.instagram.new_id()
    state.ledger.record("instagram", "public_reply", comment_id=comment.id, reply_id=reply_id, text=message)
    return {"id": reply_id}
