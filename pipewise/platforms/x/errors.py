"""Turns X's error answers into typed errors (X API docs, "Response codes"): problems told by the tail of their type, and the
older numbered form."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipewise.errors import AuthFailed, Outcome, PlatformError, RateLimited, Rejected, Unavailable
from pipewise.platforms.fields import line_at, list_at, text_at, value_at

RESET_MARGIN_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 24 * 3600.0
CREDITS_DEPLETED = "credits_depleted"
USAGE_CAPPED = "usage_capped"
ACCOUNT_LOCKED = "account_locked"
STOPPING = frozenset({CREDITS_DEPLETED, USAGE_CAPPED, ACCOUNT_LOCKED})


@dataclass(frozen=True)
class Meaning:
    error: type[PlatformError]
    code: str
    sentence: str
    outcome: Outcome = Outcome.REFUSED
    manual: bool = False


_TOKEN = Meaning(AuthFailed, "unauthorized", "X no longer accepts the access token; connect X again.", manual=True)
_CLIENT = Meaning(
    AuthFailed,
    "client_forbidden",
    "X does not let this app use the call; check its access level and permissions in the developer portal.",
    manual=True,
)
_CREDITS = Meaning(
    Rejected, CREDITS_DEPLETED, "The X account's credits are used up; buy credits in the developer portal.", manual=True
)
_CAPPED = Meaning(
    Rejected, USAGE_CAPPED, "The app's usage cap at X is reached; raise it in the developer portal.", manual=True
)
_LOCKED = Meaning(
    Rejected, ACCOUNT_LOCKED, "X has locked or suspended this account; sign in to X to see why.", manual=True
)
_INVALID = Meaning(Rejected, "invalid_request", "X did not accept a part of the request.")
_GONE = Meaning(Rejected, "not_found", "What was to be answered is not there any more.")
_CLOSED = Meaning(Rejected, "not_allowed", "This person does not take direct messages from the account.")
_DUPLICATE = Meaning(Rejected, "duplicate", "X has this very text from the account already, so it was probably posted.")
_FORBIDDEN = Meaning(
    Rejected, "forbidden", "X does not allow this message: not asked for, closed to the account, or said already."
)
_RATE = Meaning(RateLimited, "rate_limited", "X asks to slow down.")
_UNCLEAR = Meaning(
    Unavailable, "unavailable", "X failed and may or may not have taken the request.", outcome=Outcome.UNKNOWN
)
_PROBLEMS = {
    "invalid-request": _INVALID,
    "resource-not-found": _GONE,
    "not-authorized-for-resource": _FORBIDDEN,
    "client-forbidden": _CLIENT,
    "unsupported-authentication": _CLIENT,
    "usage-capped": _CAPPED,
    "rate-limit-exceeded": _RATE,
    "credits": _CREDITS,
}
_TITLES = {"CreditsDepleted": _CREDITS, "UsageCapExceeded": _CAPPED}
_NUMBERED = {32: _TOKEN, 89: _TOKEN, 64: _LOCKED, 326: _LOCKED, 88: _RATE, 144: _GONE, 187: _DUPLICATE, 349: _CLOSED}
_STATUSES = {400: _INVALID, 401: _TOKEN, 402: _CREDITS, 403: _FORBIDDEN, 404: _GONE, 429: _RATE}


def read_error(http_status: int, document: Any, headers: Mapping[str, str], now: datetime) -> PlatformError:
    """The typed error in an answer; the words of its detail are never looked at."""
    meaning = _meaning(http_status, document)
    return meaning.error(
        meaning.sentence,
        platform="x",
        outcome=meaning.outcome,
        http_status=http_status,
        vendor_code=meaning.code,
        retry_after=_pause(headers, now) if meaning.error in {RateLimited, Unavailable} else None,
        manual_action_required=meaning.manual,
    )


def garbled_answer() -> Unavailable:
    """For a 2xx answer to a send that names no message: it was probably sent, and nobody can tell."""
    return Unavailable(
        "X answered the send with something unreadable, so the message may or may not have gone out.",
        platform="x",
        outcome=Outcome.UNKNOWN,
    )


def read_quota(headers: Mapping[str, str]) -> dict[str, int] | None:
    """The call limit that was nearest to its end in this answer; None where it tells of none."""
    windows = [
        {"limit": limit, "remaining": remaining, "reset": reset}
        for kind in ("rate-limit", "user-limit-24hour", "app-limit-24hour")
        if (limit := _number(headers, f"x-{kind}-limit"))
        and (remaining := _number(headers, f"x-{kind}-remaining")) is not None
        and (reset := _number(headers, f"x-{kind}-reset")) is not None
    ]
    return min(windows, key=lambda window: window["remaining"] / window["limit"], default=None)


def _meaning(http_status: int, document: Any) -> Meaning:
    if http_status >= 500 or http_status in {408, 425} or http_status < 400:
        return _UNCLEAR
    told = _TITLES.get(line_at(document, "title")) or _PROBLEMS.get(text_at(document, "type").rpartition("/")[2])
    if told:
        return told
    for error in list_at(document, "errors"):
        code = value_at(error, "code")
        if isinstance(code, int) and code in _NUMBERED:
            return _NUMBERED[code]
    return _STATUSES.get(http_status, _INVALID)


def _pause(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds until the used-up window opens again."""
    resets = [
        reset
        for kind in ("rate-limit", "user-limit-24hour", "app-limit-24hour")
        if _number(headers, f"x-{kind}-remaining") == 0 and (reset := _number(headers, f"x-{kind}-reset"))
    ]
    waits = [reset - now.timestamp() + RESET_MARGIN_SECONDS for reset in resets]
    if given := _number(headers, "retry-after"):
        waits.append(float(given))
    wait = max(waits, default=0.0)
    return min(wait, LONGEST_PAUSE_SECONDS) if wait > 0 else None


def _number(headers: Mapping[str, str], name: str) -> int | None:
    given = headers.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 12 else None
