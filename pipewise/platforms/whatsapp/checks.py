"""Health of a business number: what the Graph API tells of it, as findings with a fix (Cloud API docs, "Health status")."""

from collections.abc import Awaitable, Callable
from typing import Any

from pipewise.errors import AuthFailed, PlatformError, Rejected
from pipewise.platforms.fields import line_at, list_at, object_at, value_at
from pipewise.scheduling import Check

NUMBER_FIELDS = "display_phone_number,verified_name,quality_rating,status,name_status,throughput"
MANAGER = "Open the number in WhatsApp Manager"

ReadFields = Callable[[str], Awaitable[Any]]


async def check_number(read_fields: ReadFields) -> tuple[Check, ...]:
    """Findings on access, the number, its quality, its ability to send and its webhook; the latter two where readable."""
    try:
        number = await read_fields(NUMBER_FIELDS)
    except PlatformError as error:
        return (Check("access", ok=False, detail=error.message, fix=_access_fix(error), code=error.code),)
    findings = [_access(number), _status(number), _quality(number)]
    findings += await _optional(read_fields, "health_status", _health)
    findings += await _optional(read_fields, "webhook_configuration", _webhook)
    return tuple(findings)


async def _optional(read_fields: ReadFields, field: str, read: Callable[[Any], Check]) -> list[Check]:
    """A finding on a field that not every token and version may read: without it, nothing is known and nothing said."""
    try:
        answer = await read_fields(field)
    except (Rejected, AuthFailed):
        return []
    except PlatformError as error:
        return [Check(field, ok=False, detail=error.message, fix="Ask again in a few minutes.", code=error.code)]
    return [read(answer)] if isinstance(value_at(answer, field), dict) else []


def _access_fix(error: PlatformError) -> str:
    if isinstance(error, AuthFailed):
        return "Make a new token for the system user and connect WhatsApp again."
    if isinstance(error, Rejected):
        return "Check the phone number ID and that the token's system user may use it."
    return "Ask again in a few minutes; look at Meta's status page if it lasts."


def _access(number: Any) -> Check:
    shown = line_at(number, "display_phone_number") or "the number"
    name = line_at(number, "verified_name")
    return Check("access", ok=True, detail=f"{shown} ({name}) is readable." if name else f"{shown} is readable.")


def _status(number: Any) -> Check:
    status = line_at(number, "status") or "not told"
    ok = status in {"CONNECTED", "not told"}
    return Check("number", ok=ok, detail=f"Status: {status}.", fix="" if ok else f"{MANAGER} and bring it online.")


def _quality(number: Any) -> Check:
    rating = line_at(number, "quality_rating") or "not told"
    ok = rating != "RED"
    fix = "" if ok else f"{MANAGER}, pause automatic messages and see why people block or report the number."
    return Check("quality", ok=ok, detail=f"Quality rating: {rating}.", fix=fix)


def _health(answer: Any) -> Check:
    health = object_at(answer, "health_status")
    ability = line_at(health, "can_send_message") or "not told"
    advice = [
        line_at(problem, "possible_solution") or line_at(problem, "error_description")
        for entity in list_at(health, "entities")
        for problem in list_at(entity, "errors")
    ]
    ok = ability != "BLOCKED"
    fix = "" if ok else " ".join(filter(None, advice)) or f"{MANAGER} and follow the notice there."
    return Check("sending", ok=ok, detail=f"Ability to send: {ability}.", fix=fix)


def _webhook(answer: Any) -> Check:
    configuration = object_at(answer, "webhook_configuration")
    # The nearest override wins: number, then account, then app.
    levels = ("phone_number", "whatsapp_business_account", "application")
    url = next(filter(None, (line_at(configuration, level) for level in levels)), "")
    if url:
        return Check("webhook", ok=True, detail=f"Meta delivers to {url}.")
    return Check(
        "webhook",
        ok=False,
        detail="Meta has no callback URL for this number.",
        fix="Enter the webhook URL and verify token in the Meta app's WhatsApp settings and subscribe to messages.",
    )
