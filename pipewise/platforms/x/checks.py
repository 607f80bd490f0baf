"""Health of an X connection: token, account and, where this token may read them, webhook and subscriptions."""

from collections.abc import Awaitable, Callable
from typing import Any

from pipewise.errors import AuthFailed, PlatformError, Rejected
from pipewise.platforms.fields import id_at, line_at, list_at, text_at, value_at
from pipewise.scheduling import Check

CALLBACK_PATH = "/webhooks/x"
NEEDED_EVENTS = ("dm.received", "post.mention.create")

Read = Callable[[str], Awaitable[Any]]


async def check_account(read: Read, account_id: str) -> tuple[Check, ...]:
    """The token is asked first: without it nothing else can be told."""
    try:
        me = await read("/2/users/me")
    except PlatformError as error:
        return (Check("token", ok=False, detail=error.message, fix=_fix(error), code=error.code),)
    name = line_at(me, "data", "username") or "an account without a name"
    findings = [Check("token", ok=True, detail=f"X knows this token as @{name}."), _account(me, account_id)]
    findings += await _optional(read, "/2/webhooks", "webhook", _webhook)
    findings += await _optional(
        read, "/2/activity/subscriptions", "subscriptions", lambda answer: _subscriptions(answer, account_id)
    )
    return tuple(findings)


async def _optional(read: Read, path: str, name: str, describe: Callable[[Any], Check]) -> list[Check]:
    """A finding on what an app-only token may read and a user's token may not: unread, nothing is known and nothing said."""
    try:
        answer = await read(path)
    except (Rejected, AuthFailed):
        return []
    except PlatformError as error:
        return [Check(name, ok=False, detail=error.message, fix="Ask again in a few minutes.", code=error.code)]
    return [describe(answer)]


def _fix(error: PlatformError) -> str:
    if isinstance(error, AuthFailed):
        return "Connect X again, with the scopes tweet.read tweet.write users.read dm.read dm.write offline.access."
    if isinstance(error, Rejected):
        return error.message
    return "Ask again in a few minutes; look at X's status page if it lasts."


def _account(me: Any, account_id: str) -> Check:
    own = id_at(me, "data", "id")
    if own == account_id:
        return Check("account", ok=True, detail=f"The account ID {account_id} is the token's own.")
    if not own:
        return Check("account", ok=True, detail="X did not tell which account this token belongs to.")
    return Check(
        "account",
        ok=False,
        detail=f"The token belongs to account {own}, not to {account_id}.",
        fix="Enter the numeric user ID of the account that gave this token.",
        code="x_wrong_account",
    )


def _webhook(answer: Any) -> Check:
    ours = [hook for hook in list_at(answer, "data") if CALLBACK_PATH in text_at(hook, "url")]
    if any(value_at(hook, "valid") is True for hook in ours):
        return Check("webhook", ok=True, detail="X has a valid webhook that leads here.")
    detail = "X has marked the webhook as invalid." if ours else "X has no webhook that leads here."
    fix = "Make the webhook URL reachable and have X check it again (PUT /2/webhooks/{id})."
    return Check("webhook", ok=False, detail=detail, fix=fix)


def _subscriptions(answer: Any, account_id: str) -> Check:
    mine = {
        text_at(one, "event_type") for one in list_at(answer, "data") if id_at(one, "filter", "user_id") == account_id
    }
    missing = [event for event in NEEDED_EVENTS if event not in mine]
    if missing:
        fix = "Create the missing subscriptions of the X Activity API for this account."
        return Check("subscriptions", ok=False, detail=f"Not subscribed to {', '.join(missing)}.", fix=fix)
    return Check("subscriptions", ok=True, detail="Direct messages and mentions are delivered.")
