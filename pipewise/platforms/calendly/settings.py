"""What an owner enters to connect Calendly: credentials and settings, with the texts of their forms."""

import re
from functools import cache
from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr

from pipewise.platforms.base import Credentials
from pipewise.platforms.calendly.uris import Resource, is_web_url, path_of

_HEADER_SAFE = re.compile(r"[\x21-\x7e]+\Z")


def _strip(value: object) -> object:
    """Tokens are pasted; the newline that comes along is no part of them."""
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    return value.strip() if isinstance(value, str) else value


def _strip_or_none(value: object) -> object:
    return _strip(value) or None


def _require_token(value: SecretStr) -> SecretStr:
    if not _HEADER_SAFE.match(value.get_secret_value()):
        raise ValueError("a token has no spaces and only plain characters")
    return value


def _require_event_type(value: str) -> str:
    if path_of(value, Resource.EVENT_TYPE) is None:
        raise ValueError("this is not the URI of an event type, like https://api.calendly.com/event_types/…")
    return value


def _require_web_url(value: str) -> str:
    if not is_web_url(value):
        raise ValueError("this is not an http or https address")
    return value


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _require_zone(value: str) -> str:
    if value not in _zones():
        raise ValueError("this is not an IANA time zone, like Europe/Lisbon")
    return value


Token = Annotated[SecretStr, BeforeValidator(_strip), Field(min_length=1), AfterValidator(_require_token)]
OptionalToken = Annotated[Token | None, BeforeValidator(_strip_or_none)]
OptionalSecret = Annotated[SecretStr | None, BeforeValidator(_strip_or_none)]


class CalendlyCredentials(Credentials):
    """A personal access token, or the token pair of an OAuth connection."""

    access_token: Token = Field(
        title="Access token",
        description=(
            "Calendly: Integrations, API & Webhooks, Personal access tokens. Scopes: users:read, event_types:read, "
            "availability:read, scheduled_events:write, scheduling_links:write, webhooks:write."
        ),
    )
    refresh_token: OptionalToken = Field(
        default=None,
        title="Refresh token",
        description="Only for OAuth connections. A personal access token has none.",
    )
    webhook_signing_key: OptionalSecret = Field(
        default=None,
        title="Webhook signing key",
        description="The signing key of a webhook subscription that you made yourself. Leave empty to let PipeWise make one.",
    )


class CalendlySettings(BaseModel):
    """What is offered to leads, and how."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    event_type: Annotated[str, AfterValidator(_require_event_type)] | None = Field(
        default=None,
        title="Event type",
        description="URI of the event type that leads book. Empty: the first active one.",
        json_schema_extra={"format": "uri"},
    )
    mode: Literal["slots", "link"] = Field(
        default="slots",
        title="Booking mode",
        description="slots: offer times in the conversation and book the chosen one. link: send a single-use booking link.",
    )
    fallback_booking_url: Annotated[str, Field(max_length=2000), AfterValidator(_require_web_url)] | None = Field(
        default=None,
        title="Fallback booking link",
        description="Your public booking page. Given to leads while Calendly cannot be reached.",
        json_schema_extra={"format": "uri"},
    )
    timezone: Annotated[str, AfterValidator(_require_zone)] | None = Field(
        default=None,
        title="Time zone",
        description="IANA name, like Europe/Lisbon, for leads whose zone is not known. Empty: the zone of the Calendly user.",
    )
