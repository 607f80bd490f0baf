"""`POST /{version}/{account}/messages`: everything that Instagram checks before a message leaves ("Messaging API")."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request

from pipewise.sandbox.answers import read_object
from pipewise.sandbox.bearer import bearer
from pipewise.sandbox.instagram_errors import (
    bad_token,
    invalid,
    no_access,
    outside_window,
    refusal,
    unavailable,
    unknown_object,
    unknown_person,
)
from pipewise.sandbox.instagram_hooks import post_echo
from pipewise.sandbox.instagram_state import COMMENT_AGE, HUMAN_WINDOW, WINDOW, Account, Comment, Person
from pipewise.sandbox.state import SandboxState, StateDep

Json = dict[str, Any]

router = APIRouter(prefix="/_instagram/v{major:int}.0/{object_id}", tags=["instagram"])
MAX_TEXT_BYTES = 1000
MAX_REPLIES, MAX_TITLE, MAX_PAYLOAD = 13, 20, 1000
KINDS = ("RESPONSE", "UPDATE", "MESSAGE_TAG")


def account_of(state: SandboxState, request: Request) -> Account:
    """Whose token this is; header or query, as everywhere in the Graph API."""
    given = bearer(request) or request.query_params.get("access_token", "")
    token = state.instagram.tokens.get(given)
    if token is None:
        raise bad_token()
    if state.clock.now() >= token.expires_at:
        raise bad_token(expired=True)
    return token.account


async def calling_account(request: Request, state: StateDep, object_id: Annotated[str, Path()]) -> Account:
    """The account in the path, by its id or as `me`. A foreign token sees it as little as a missing one."""
    account = account_of(state, request)
    if object_id not in {"me", account.id}:
        raise unknown_object(object_id)
    return account


AccountDep = Annotated[Account, Depends(calling_account)]


@router.post("/messages")
async def send_message(request: Request, account: AccountDep, state: StateDep) -> Json:
    body = await read_object(request, invalid("The request body is not a JSON object."))
    if not state.instagram.switches.access_to_messages:
        raise no_access()
    recipient, message = body.get("recipient"), body.get("message")
    if not isinstance(recipient, dict) or not isinstance(message, dict):
        raise invalid("The parameters recipient and message are required.")
    check_message(message)
    comment_id = recipient.get("comment_id")
    if comment_id is not None:
        comment = open_comment(state, account, str(comment_id))
        sent = deliver(state, account, comment.author, body, comment=comment)
        comment.replied = True
        return sent
    person = state.instagram.people.get(str(recipient.get("id", "")))
    if person is None:
        raise unknown_person()
    check_window(state, account, person, body)
    return deliver(state, account, person, body)


def check_message(message: Json) -> None:
    text = message.get("text")
    if not isinstance(text, str) or not text.strip():
        raise invalid("Param message[text] must be a non-empty string.")
    if len(text.encode()) > MAX_TEXT_BYTES:
        raise invalid(f"Length of param message[text] must be less than or equal to {MAX_TEXT_BYTES}")
    replies = message.get("quick_replies", [])
    if not isinstance(replies, list) or len(replies) > MAX_REPLIES:
        raise invalid(f"Param message[quick_replies] must be a list of at most {MAX_REPLIES}.")
    for reply in replies:
        if not isinstance(reply, dict) or reply.get("content_type") != "text":
            raise invalid("A quick reply's content_type must be text.")
        title, payload = reply.get("title"), reply.get("payload")
        if not isinstance(title, str) or not 0 < len(title) <= MAX_TITLE:
            raise invalid(f"A quick reply's title must have 1 to {MAX_TITLE} characters.")
        if not isinstance(payload, str) or not 0 < len(payload.encode()) <= MAX_PAYLOAD:
            raise invalid(f"A quick reply's payload must have 1 to {MAX_PAYLOAD} bytes.")


def check_window(state: SandboxState, account: Account, person: Person, body: Json) -> None:
    """24 hours after the person's last message; 7 days for a message that a person wrote, where the app may send such."""
    kind, tag = body.get("messaging_type", "RESPONSE"), body.get("tag")
    if kind not in KINDS or (kind == "MESSAGE_TAG") != (tag is not None):
        raise invalid("Param messaging_type is not one of the supported types, or does not fit the tag.")
    if tag is not None and tag != "HUMAN_AGENT":
        raise invalid("Param tag is not supported any more.")
    if tag and not state.instagram.switches.human_agent:
        raise refusal(10, "Application does not have the Human Agent feature.", status=403)
    if person.blocked:
        raise unavailable()
    last = person.last_written.get(account.id)
    if last is None:
        raise unknown_person()
    if state.clock.now() >= last + (HUMAN_WINDOW if tag else WINDOW):
        raise outside_window()


def open_comment(state: SandboxState, account: Account, comment_id: str) -> Comment:
    comment = state.instagram.comments.get(comment_id)
    if comment is None or comment.account is not account:
        raise refusal(100, "Comment is invalid for a private reply", subcode=2534025)
    if comment.replied:
        raise refusal(10900, "Activity already replied to")
    if state.clock.now() >= comment.at + COMMENT_AGE:
        raise refusal(10903, "This comment cannot be replied to privately")
    return comment


def deliver(
    state: SandboxState, account: Account, person: Person, body: Json, *, comment: Comment | None = None
) -> Json:
    mid, message = state.instagram.new_mid(), body["message"]
    state.ledger.record(
        "instagram",
        "send",
        mid=mid,
        account_id=account.id,
        to=person.id,
        comment_id=comment.id if comment else None,
        tag=body.get("tag"),
        message=message,
    )
    if state.instagram.switches.echoes:
        post_echo(state, account, person, mid, message["text"])
    return {"recipient_id": person.id, "message_id": mid}
