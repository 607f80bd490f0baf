"""Health of an Instagram account: token, account, permissions and the webhook's fields, as findings with a fix."""

from collections.abc import Awaitable, Callable
from typing import Any

from pipewise.errors import AuthFailed, PlatformError, Rejected
from pipewise.platforms.fields import id_at, line_at, list_at
from pipewise.scheduling import Check

NEEDED_FIELDS = ("messages", "messaging_postbacks", "comments")
ACCESS = "Switch on 'Allow access to messages' in the Instagram app and grant instagram_business_manage_messages."

Read = Callable[[str, dict[str, str | int]], Awaitable[Any]]


async def check_account(read: Read, account_id: str) -> tuple[Check, ...]:
    """The token is asked first: without it nothing else can be told."""
    try:
        me = await read("/me", {"fields": "user_id,username,account_type"})
    except PlatformError as error:
        return (Check("token", ok=False, detail=error.message, fix=_token_fix(error), code=error.code),)
    name = line_at(me, "username") or "an account without a name"
    findings = [Check("token", ok=True, detail=f"Instagram knows this token as {name}."), _account(me, account_id)]
    findings += [await _permissions(read), await _fields(read)]
    return tuple(findings)


def _token_fix(error: PlatformError) -> str:
    if isinstance(error, AuthFailed):
        return "Make a new long-lived token for this account and connect Instagram again."
    if isinstance(error, Rejected):
        return "Check that the token is an Instagram user token of a professional account."
    return "Ask again in a few minutes; look at Meta's status page if it lasts."


def _account(me: Any, account_id: str) -> Check:
    own = id_at(me, "user_id")
    if own == account_id:
        return Check("account", ok=True, detail=f"The account ID {account_id} is the token's own.")
    if not own:
        return Check("account", ok=True, detail="Instagram did not tell which account this token belongs to.")
    return Check(
        "account",
        ok=False,
        detail=f"The token belongs to account {own}, not to {account_id}.",
        fix="Enter the user_id that the API tells for this token as the account ID.",
        code="instagram_wrong_account",
    )


def _code(error: PlatformError) -> str | None:
    """A question that is refused tells nothing of whether messages can be sent."""
    return None if isinstance(error, Rejected) else error.code


async def _permissions(read: Read) -> Check:
    try:
        await read("/me/conversations", {"platform": "instagram", "limit": 1})
    except PlatformError as error:
        fix = ACCESS if isinstance(error, AuthFailed | Rejected) else "Ask again in a few minutes."
        return Check("permissions", ok=False, detail=error.message, fix=fix, code=_code(error))
    return Check("permissions", ok=True, detail="Messages of this account can be read and answered.")


async def _fields(read: Read) -> Check:
    fix = "Enter the webhook URL in the Meta app, subscribe to messages and comments, and subscribe this account."
    try:
        answer = await read("/me/subscribed_apps", {})
    except PlatformError as error:
        return Check("webhook", ok=False, detail=error.message, fix=fix, code=_code(error))
    fields = {field for app in list_at(answer, "data") for field in list_at(app, "subscribed_fields")}
    missing = [field for field in NEEDED_FIELDS if field not in fields]
    if missing:
        return Check("webhook", ok=False, detail=f"Not subscribed to {', '.join(missing)}.", fix=fix)
    return Check("webhook", ok=True, detail="Messages, postbacks and comments are delivered.")
