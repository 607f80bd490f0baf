"""Calendly names everything by full URI; PipeWise uses only the path of one, and only where it has the expected shape.

The host of a URI is never called, so that a token cannot be sent to a place that an answer or a webhook names.
"""

import re
from enum import StrEnum

# Path ids are opaque ASCII (developer.calendly.com, "API conventions"); a leading dot could climb out of the path.
_ID = r"[A-Za-z0-9_~-][A-Za-z0-9_.~-]{0,254}"
_LONGEST_URI = 1024
_WEB_URL = re.compile(r"https?://[^\s/?#@\\]+(?:[/?#]\S*)?\Z")
_LONGEST_WEB_URL = 2000


class Resource(StrEnum):
    """A kind of Calendly resource that PipeWise reads or names."""

    USER = "user"
    ORGANIZATION = "organization"
    EVENT_TYPE = "event type"
    EVENT = "scheduled event"
    INVITEE = "invitee"
    NO_SHOW = "no-show mark"
    SUBSCRIPTION = "webhook subscription"


_PATHS = {
    Resource.USER: f"/users/{_ID}",
    Resource.ORGANIZATION: f"/organizations/{_ID}",
    Resource.EVENT_TYPE: f"/event_types/{_ID}",
    Resource.EVENT: f"/scheduled_events/{_ID}",
    Resource.INVITEE: f"/scheduled_events/{_ID}/invitees/{_ID}",
    Resource.NO_SHOW: f"/invitee_no_shows/{_ID}",
    Resource.SUBSCRIPTION: f"/webhook_subscriptions/{_ID}",
}
_PATTERNS = {kind: re.compile(rf"https?://[^/?#\s@\\]+({path})\Z") for kind, path in _PATHS.items()}


def path_of(uri: object, kind: Resource) -> str | None:
    """The path of a URI of this kind of resource; None for anything else."""
    if not isinstance(uri, str) or len(uri) > _LONGEST_URI:
        return None
    match = _PATTERNS[kind].match(uri)
    return match.group(1) if match else None


def event_uri_of(invitee_uri: str) -> str:
    """The URI of the event that an invitee belongs to; an invitee's own URI begins with it."""
    return invitee_uri.rsplit("/invitees/", 1)[0]


def is_web_url(value: object) -> bool:
    """True for an http or https address without user name, fit to be shown as a link."""
    return isinstance(value, str) and len(value) <= _LONGEST_WEB_URL and _WEB_URL.match(value) is not None
