"""What Calendly's error answers mean: status first, then `details[].code`, then words where Calendly gives no code.

Body: `{"title", "message", "details"?: [{"parameter"?, "message", "code"?}]}`; only `message` is promised. Calendly's own
sentences are matched but never repeated: they may hold what was sent.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipewise.errors import AuthFailed, Outcome, PlatformError, RateLimited, Rejected, SlotTaken, Unavailable

NAME = "calendly"
DEFAULT_WAIT_SECONDS = 60.0
LONGEST_WAIT_SECONDS = 86_400.0

_CODE = re.compile(r"[a-z][a-z_]{1,39}\Z")
_PARAMETER = re.compile(r"[a-z][a-z_.]{1,59}\Z")
_SCOPE = re.compile(r"[a-z_]{1,40}:(?:read|write)\Z")
_SECONDS = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,6})?\Z")
# "name must be filled" is about a missing field, "has been filled" about a taken time.
_GONE = re.compile(r"(?<!\bbe )\bfilled\b|no longer available|\bunavailable\b|not available")

# Refusals seen at POST /invitees and GET /event_type_available_times that carry no code, and what to do about each.
_REFUSALS = (
    (
        "invalid_location_choice",
        re.compile(r"invalid location choice|location kind is not configured"),
        "Calendly does not offer this meeting place for the event type; read its locations again.",
    ),
    (
        "location_required",
        re.compile(r"location\.location\b.*\brequired"),
        "Calendly needs an address or phone number for this meeting place; ask the lead for it.",
    ),
    (
        "required_questions",
        re.compile(r"required questions"),
        "The event type has a required question without an answer; read its questions again and ask the lead.",
    ),
    (
        "phone_answer",
        re.compile(r"questions_and_answers.*valid phone number"),
        "Calendly does not accept the phone number given as an answer; it must be in international form.",
    ),
    (
        "tracking_incomplete",
        re.compile(r"\btracking\.\w+: is missing"),
        "Calendly refused the tracking fields of the booking.",
    ),
    ("name_missing", re.compile(r"name or first_name must"), "Calendly needs the lead's name to book."),
    ("date_range", re.compile(r"date range"), "Calendly was asked for more days of free times than it allows."),
    ("start_in_past", re.compile(r"must be in the future"), "Calendly was asked for a time that has passed."),
)

_FORBIDDEN = (
    ("already_canceled", re.compile(r"already cancell?ed"), "The meeting is already cancelled."),
    ("event_in_past", re.compile(r"in the past"), "The meeting is in the past and can no longer be cancelled."),
    ("cancel_not_allowed", re.compile(r"not allowed to cancel"), "This Calendly user may not cancel the meeting."),
    (
        "plan_required",
        re.compile(r"upgrade|paid calendly|calendly plan|standard plan"),
        "The Calendly plan does not include this; upgrade the plan to use it.",
    ),
)


@dataclass(frozen=True)
class _Detail:
    parameter: str
    message: str
    code: str


@dataclass(frozen=True)
class _Problem:
    message: str
    details: tuple[_Detail, ...]
    scopes: tuple[str, ...]
    scope_missing: bool

    @property
    def text(self) -> str:
        parts = [self.message, *(f"{detail.parameter}: {detail.message} " for detail in self.details)]
        return " ".join(parts).lower()

    @property
    def code(self) -> str | None:
        return next((detail.code for detail in self.details if _CODE.match(detail.code)), None)

    @property
    def parameters(self) -> tuple[str, ...]:
        return tuple(detail.parameter for detail in self.details if _PARAMETER.match(detail.parameter))


def read_error(status: int, document: Any, headers: Mapping[str, str]) -> PlatformError:
    """The error of a read, or of a write that may be repeated."""
    return _typed(status, _problem(document), headers, failed=Outcome.NOT_SENT)


def write_error(status: int, document: Any, headers: Mapping[str, str]) -> PlatformError:
    """The error of a write that must not be repeated: a server's failure leaves its effect unknown."""
    return _typed(status, _problem(document), headers, failed=Outcome.UNKNOWN)


def booking_error(status: int, document: Any, headers: Mapping[str, str]) -> PlatformError:
    """The error of POST /invitees, where a taken time is a 400 like many other refusals."""
    problem = _problem(document)
    if not _is_slot_gone(status, problem):
        return _typed(status, problem, headers, failed=Outcome.UNKNOWN)
    return SlotTaken(
        "This time is no longer free in Calendly; offer another one.",
        platform=NAME,
        http_status=status,
        vendor_code=problem.code or ("already_filled" if status == 400 else None),
    )


def malformed(outcome: Outcome = Outcome.NOT_SENT) -> Unavailable:
    """The error of a 2xx answer that does not hold what it must."""
    return Unavailable(
        "Calendly answered with something that PipeWise cannot read.",
        platform=NAME,
        outcome=outcome,
        vendor_code="malformed_answer",
        retryable=False,
    )


def refused_here(message: str, code: str) -> Rejected:
    """A request that Calendly would refuse, refused before it is sent."""
    return Rejected(message, platform=NAME, outcome=Outcome.NOT_SENT, vendor_code=code)


def _typed(status: int, problem: _Problem, headers: Mapping[str, str], *, failed: Outcome) -> PlatformError:
    if status == 401:
        return AuthFailed(
            "Calendly no longer accepts the access token; create a new one and connect again.",
            platform=NAME,
            http_status=status,
            vendor_code="unauthenticated",
            manual_action_required=True,
        )
    if status == 403:
        return _forbidden(problem)
    if status == 424:
        return Unavailable(
            "Calendly cannot reach the connected calendar, so free times are not known now.",
            platform=NAME,
            outcome=Outcome.REFUSED,
            http_status=status,
            vendor_code="external_calendar_error",
        )
    if status == 429:
        return RateLimited(
            "Calendly's rate limit is reached.", platform=NAME, http_status=status, retry_after=_wait(headers)
        )
    if status == 408 or not 400 <= status < 500:
        return Unavailable(
            f"Calendly failed to answer (HTTP {status}).",
            platform=NAME,
            outcome=failed,
            http_status=status,
            retryable=failed is not Outcome.UNKNOWN and (status == 408 or status >= 500),
        )
    return _rejected(status, problem)


def _forbidden(problem: _Problem) -> PlatformError:
    if problem.scope_missing:
        scopes = f" ({', '.join(problem.scopes)})" if problem.scopes else ""
        message = f"The Calendly token lacks a scope that this needs{scopes}; create one that has it and connect again."
        return AuthFailed(
            message, platform=NAME, http_status=403, vendor_code="insufficient_scope", manual_action_required=True
        )
    for code, pattern, message in _FORBIDDEN:
        if pattern.search(problem.text):
            manual = code == "plan_required"
            return Rejected(message, platform=NAME, http_status=403, vendor_code=code, manual_action_required=manual)
    return AuthFailed(
        "Calendly does not let this account do that; check whose token is connected, and that user's role.",
        platform=NAME,
        http_status=403,
        vendor_code="permission_denied",
        manual_action_required=True,
    )


def _rejected(status: int, problem: _Problem) -> Rejected:
    for code, pattern, message in _REFUSALS:
        if problem.code == code or pattern.search(problem.text):
            return Rejected(message, platform=NAME, http_status=status, vendor_code=code)
    if status == 404:
        return Rejected("Calendly does not know this object.", platform=NAME, http_status=404, vendor_code="not_found")
    if status == 409:
        return Rejected("Calendly has this already.", platform=NAME, http_status=409, vendor_code="already_exists")
    about = f", about {', '.join(problem.parameters)}" if problem.parameters else ""
    return Rejected(
        f"Calendly refused the request (HTTP {status}{about}).",
        platform=NAME,
        http_status=status,
        vendor_code=problem.code,
    )


def _is_slot_gone(status: int, problem: _Problem) -> bool:
    if status in {404, 409}:
        return True
    if status != 400:
        return False
    if any(detail.code == "already_filled" for detail in problem.details):
        return True
    about_time = [detail.message for detail in problem.details if _is_about_time(detail.parameter)]
    texts = about_time if problem.details else [problem.message]
    return any(_GONE.search(text.lower()) for text in texts)


def _is_about_time(parameter: str) -> bool:
    return parameter in {"", "event"} or "start_time" in parameter


def _wait(headers: Mapping[str, str]) -> float:
    """Seconds to wait. X-RateLimit-Reset holds seconds, not a date (developer.calendly.com, "Rate limits")."""
    for name in ("retry-after", "x-ratelimit-reset"):
        value = headers.get(name, "").strip()
        if _SECONDS.match(value) and float(value) <= LONGEST_WAIT_SECONDS:
            return float(value)
    return DEFAULT_WAIT_SECONDS


def _problem(document: Any) -> _Problem:
    body = document if isinstance(document, dict) else {}
    raw_details, raw_scopes = body.get("details"), body.get("required_scopes")
    details = tuple(
        _Detail(_text(item.get("parameter")), _text(item.get("message")), _text(item.get("code")))
        for item in (raw_details if isinstance(raw_details, list) else ())
        if isinstance(item, dict)
    )
    scopes = tuple(s for s in (raw_scopes if isinstance(raw_scopes, list) else ()) if _SCOPE.match(_text(s)))
    missing = bool(raw_scopes) or "insufficient scope" in _text(body.get("title")).lower()
    return _Problem(_text(body.get("message")), details, scopes, missing)


def _text(value: Any) -> str:
    return value[:500] if isinstance(value, str) else ""
