"""Error answers of Meta's Graph API as typed errors; what a code means is the platform's own table."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pipewise.errors import AuthFailed, Outcome, PlatformError, RateLimited, Rejected, Unavailable
from pipewise.platforms.fields import list_at, value_at

LONGEST_RETRY_AFTER = 24 * 3600


@dataclass(frozen=True)
class Meaning:
    """One code: the kind of error, what is known of the message, and a sentence a person can act on."""

    error: type[PlatformError]
    sentence: str
    outcome: Outcome = Outcome.REFUSED
    manual: bool = False
    retry_after: float | None = None


MeaningOf = Callable[[int, int | None], Meaning | None]


class GraphErrors:
    """Reads one platform's errors. Only the code decides, never the text."""

    def __init__(self, platform: str, title: str, meaning_of: MeaningOf) -> None:
        self._platform = platform
        self._title = title
        self._meaning_of = meaning_of
        self._unclear = Meaning(
            Unavailable, f"{title} failed and may or may not have taken the request.", outcome=Outcome.UNKNOWN
        )
        self.refused = Meaning(Rejected, f"{title} refused the request.")

    def read(self, http_status: int, document: Any, headers: Mapping[str, str]) -> PlatformError:
        """The typed error in an answer. The code decides; the HTTP status only where the body holds no code."""
        code = read_number(value_at(document, "error", "code"))
        if code is None:
            return self._error(self._meaning_of_status(http_status), http_status, None, headers)
        meaning = self._meaning_of(code, read_number(value_at(document, "error", "error_subcode")))
        transient = value_at(document, "error", "is_transient") is True
        if meaning is None:
            meaning = self._unclear if transient or http_status >= 500 else self.refused
        elif transient and meaning.error is Rejected:
            meaning = self._unclear
        return self._error(meaning, http_status, code, headers)

    def garbled_answer(self) -> Unavailable:
        """For a 2xx answer to a send that names no message: it was probably sent, and nobody can tell."""
        return Unavailable(
            f"{self._title} answered the send with something unreadable, so the message may or may not have gone out.",
            platform=self._platform,
            outcome=Outcome.UNKNOWN,
        )

    def _meaning_of_status(self, http_status: int) -> Meaning:
        title = self._title
        if http_status in {401, 403}:
            return Meaning(AuthFailed, f"{title} refused the access token; connect {title} again.", manual=True)
        if http_status == 429:
            return Meaning(RateLimited, f"{title} asks to slow down.")
        if 400 <= http_status < 500 and http_status != 408:
            return self.refused
        return self._unclear  # a redirect, a time-out of a proxy, a server error: somebody may have acted on it

    def _error(self, meaning: Meaning, http_status: int, code: int | None, headers: Mapping[str, str]) -> PlatformError:
        return meaning.error(
            meaning.sentence,
            platform=self._platform,
            outcome=meaning.outcome,
            http_status=http_status,
            vendor_code=None if code is None else str(code),
            retry_after=read_retry_after(headers) or _regain_access(headers) or meaning.retry_after,
            manual_action_required=meaning.manual,
        )


def read_usage(headers: Mapping[str, str]) -> dict[str, Any] | None:
    """How much of the call limits is used, in percent, from the usage headers; None where the answer has none."""
    shares = [
        share
        for use in (*_account_uses(headers), _read_object(headers, "x-app-usage"))
        for name in ("call_count", "total_cputime", "total_time")
        if (share := read_number(use.get(name))) is not None
    ]
    if not shares:
        return None
    return {"used_percent": max(shares), "retry_after": _regain_access(headers)}


def read_retry_after(headers: Mapping[str, str]) -> float | None:
    given = headers.get("retry-after", "")
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        return None
    return float(min(int(given), LONGEST_RETRY_AFTER))


def read_number(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _regain_access(headers: Mapping[str, str]) -> float | None:
    """Seconds until the call limit frees, from the usage header of an account (Graph API docs, "Rate limits")."""
    waits = [read_number(use.get("estimated_time_to_regain_access")) or 0 for use in _account_uses(headers)]
    minutes = max(waits, default=0)
    return float(min(minutes * 60, LONGEST_RETRY_AFTER)) if minutes > 0 else None


def _account_uses(headers: Mapping[str, str]) -> list[dict[str, Any]]:
    usage = _read_object(headers, "x-business-use-case-usage")
    return [use for account in usage for use in list_at(usage, account) if isinstance(use, dict)]


def _read_object(headers: Mapping[str, str], name: str) -> dict[str, Any]:
    try:
        document = json.loads(headers.get(name, "{}"))
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}
