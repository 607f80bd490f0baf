"""What is told where a meeting cannot be booked through the API: the owner's page, the calendar's own page, or a person."""

from collections.abc import Mapping
from typing import Any

from pipewise.errors import AuthFailed, ErrorBody, PlatformError

DEMO_URL = "https://calendly.com/pipewise-demo/intro-call"


def fallback_outcome(error: PlatformError | None, url: str | None, *, connected: bool) -> dict[str, Any]:
    """`error` None: there is nothing to book with, because no calendar is connected or it has no event type."""
    manual = url is None or error is None or isinstance(error, AuthFailed)
    if error:
        told = (error.message, error.code)
    elif connected:
        told = ("Calendly has no active event type; make one, or choose one.", "calendly_no_event_type")
    else:
        told = ("Calendly is not connected; connect it to book meetings.", "calendly_not_connected")
    body = ErrorBody(
        *told,
        fallback_available=url is not None,
        manual_action_required=manual,
        retry_after=error.retry_after if error else None,
    )
    return {"kind": "fallback", "url": url, "fallback": True, "demo": url == DEMO_URL, "error": body.as_dict()}


def overflow_outcome(link: Mapping[str, Any], error: PlatformError) -> dict[str, Any]:
    """The calendar takes no more bookings for now: its own page books, and the outcome says why it had to."""
    body = ErrorBody(error.message, error.code, fallback_available=True, retry_after=error.retry_after)
    return {**link, "fallback": True, "error": body.as_dict()}
