"""Turns WhatsApp's error answers into typed errors."""

import json
from collections.abc import Mapping
from typing import Any

from pipewise.errors import AuthFailed, Outcome, PlatformError, RateLimited, Rejected, Unavailable
from pipewise.platforms.fields import list_at, value_at
from pipewise.platforms.whatsapp.codes import Meaning, meaning_of

LONGEST_RETRY_AFTER = 24 * 3600


def read_error(http_status: int, document: Any, headers: Mapping[str, str]) -> PlatformError:
    """The typed error in an answer. The code decides; the HTTP status only where the body holds no code."""
    code = _number(value_at(document, "error", "code"))
    if code is None:
        return _error(_meaning_of_status(http_status), http_status, None, headers)
    meaning = meaning_of(code, _number(value_at(document, "error", "error_subcode")))
    transient = value_at(document, "error", "is_transient") is True
    if meaning is None:
        meaning = _UNCLEAR if transient or http_status >= 500 else _REFUSED
    elif transient and meaning.error is Rejected:
        meaning = _UNCLEAR
    return _error(meaning, http_status, code, headers)


def explain_code(code: int) -> str:
    """The sentence for a code that came in a status webhook."""
    meaning = meaning_of(code)
    return meaning.sentence if meaning else _REFUSED.sentence


def garbled_answer() -> Unavailable:
    """For a 2xx answer to a send that names no message: it was probably sent, and nobody can tell."""
    return Unavailable(
        "WhatsApp answered the send with something unreadable, so the message may or may not have gone out.",
        platform="whatsapp",
        outcome=Outcome.UNKNOWN,
    )


_UNCLEAR = Meaning(Unavailable, "WhatsApp failed and may or may not have taken the request.", outcome=Outcome.UNKNOWN)
_REFUSED = Meaning(Rejected, "WhatsApp refused the request.")


def _meaning_of_status(http_status: int) -> Meaning:
    if http_status in {401, 403}:
        return Meaning(AuthFailed, "WhatsApp refused the access token; connect WhatsApp again.", manual=True)
    if http_status == 429:
        return Meaning(RateLimited, "WhatsApp asks to slow down.")
    if 400 <= http_status < 500 and http_status != 408:
        return _REFUSED
    return _UNCLEAR  # a redirect, a time-out of a proxy, a server error: somebody may have acted on it


def _error(meaning: Meaning, http_status: int, code: int | None, headers: Mapping[str, str]) -> PlatformError:
    return meaning.error(
        meaning.sentence,
        platform="whatsapp",
        outcome=meaning.outcome,
        http_status=http_status,
        vendor_code=None if code is None else str(code),
        retry_after=_retry_after(headers) or _regain_access(headers) or meaning.retry_after,
        manual_action_required=meaning.manual,
    )


def _retry_after(headers: Mapping[str, str]) -> float | None:
    given = headers.get("retry-after", "")
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        return None
    return float(min(int(given), LONGEST_RETRY_AFTER))


def _regain_access(headers: Mapping[str, str]) -> float | None:
    """Seconds until the call limit frees, from the usage header of an account (Graph API docs, "Rate limits")."""
    try:
        usage = json.loads(headers.get("x-business-use-case-usage", "{}"))
    except (ValueError, RecursionError):
        return None
    accounts = usage if isinstance(usage, dict) else {}
    waits = [
        _number(value_at(use, "estimated_time_to_regain_access")) or 0
        for account in accounts
        for use in list_at(accounts, account)
    ]
    minutes = max(waits, default=0)
    return float(min(minutes * 60, LONGEST_RETRY_AFTER)) if minutes > 0 else None


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
