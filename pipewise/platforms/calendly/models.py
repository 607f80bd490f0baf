"""Calendly's documents, read leniently: what PipeWise needs must be there, anything else may be missing, odd or new."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from pipewise.errors import Outcome
from pipewise.platforms.calendly.errors import malformed
from pipewise.platforms.calendly.uris import Resource, is_web_url, path_of


def read_moment(value: object) -> datetime | None:
    """An ISO 8601 time with its offset, as aware UTC."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _text(value: object) -> str | None:
    return (value.strip() or None) if isinstance(value, str) else None


def _web_url(value: object) -> str | None:
    return str(value) if is_web_url(value) else None


def _mapping(value: object) -> object:
    return value if isinstance(value, dict) else None


def _mappings(value: object) -> object:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _tracking(value: object) -> dict[str, str | None]:
    keys = ("utm_campaign", "utm_source", "utm_medium", "utm_content", "utm_term", "salesforce_uuid")
    given = value if isinstance(value, dict) else {}
    return {key: _text(given.get(key)) for key in keys}


def _uri(kind: Resource) -> Any:
    def require(value: str) -> str:
        if path_of(value, kind) is None:
            raise ValueError(f"this is not the URI of a {kind}")
        return value

    return AfterValidator(require)


def _uri_or_none(kind: Resource) -> Any:
    return BeforeValidator(lambda value: value if path_of(value, kind) else None)


Text = Annotated[str | None, BeforeValidator(_text)]
WebUrl = Annotated[str | None, BeforeValidator(_web_url)]
Moment = Annotated[datetime | None, BeforeValidator(read_moment)]
RequiredMoment = Annotated[datetime, BeforeValidator(read_moment)]
IsTrue = Annotated[bool, BeforeValidator(lambda value: value is True)]
IsNotFalse = Annotated[bool, BeforeValidator(lambda value: value is not False)]
Count = Annotated[int, BeforeValidator(lambda value: value if type(value) is int else 0)]
InviteeUri = Annotated[str, _uri(Resource.INVITEE)]
InviteeUriOrNone = Annotated[str | None, _uri_or_none(Resource.INVITEE)]


class Wire(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


Model = TypeVar("Model", bound=Wire)


class WireUser(Wire):
    uri: Annotated[str, _uri(Resource.USER)]
    current_organization: Annotated[str, _uri(Resource.ORGANIZATION)]
    name: Text = None
    email: Text = None
    timezone: Text = None
    scheduling_url: WebUrl = None


class WireQuestion(Wire):
    name: Annotated[str | None, BeforeValidator(lambda value: value if isinstance(value, str) else None)] = None
    type: Text = None
    position: Count = 0
    enabled: IsNotFalse = True
    required: IsTrue = False
    answer_choices: Annotated[
        tuple[str, ...],
        BeforeValidator(lambda v: [c for c in v if isinstance(c, str)] if isinstance(v, list) else []),
    ] = ()
    include_other: IsTrue = False


class WireLocationChoice(Wire):
    """A place configured on an event type, keyed by `kind`."""

    kind: Text = None
    location: Text = None


class WireEventType(Wire):
    uri: Annotated[str, _uri(Resource.EVENT_TYPE)]
    duration: Annotated[int, BeforeValidator(lambda value: value if type(value) is int else None), Field(gt=0)]
    name: Text = None
    active: IsTrue = False
    kind: Text = None
    kind_description: Text = None
    pooling_type: Text = None
    booking_method: Text = None
    is_paid: IsTrue = False
    secret: IsTrue = False
    deleted_at: Text = None
    scheduling_url: WebUrl = None
    locations: Annotated[tuple[WireLocationChoice, ...], BeforeValidator(_mappings)] = ()
    custom_questions: Annotated[tuple[WireQuestion, ...], BeforeValidator(_mappings)] = ()


class WireSlot(Wire):
    start_time: str
    status: Text = None
    invitees_remaining: Annotated[int, BeforeValidator(lambda value: value if type(value) is int else 1)] = 1


class WireLink(Wire):
    booking_url: Annotated[str, BeforeValidator(_web_url)]


class WireMeetingPlace(Wire):
    """The place of a scheduled event, keyed by `type`; `join_url` is there once `status` is `pushed`."""

    type: Text = None
    location: Text = None
    status: Text = None
    join_url: WebUrl = None


class WireEvent(Wire):
    uri: Annotated[str, _uri(Resource.EVENT)]
    name: Text = None
    start_time: RequiredMoment
    end_time: Moment = None
    status: Text = None
    event_type: Annotated[str | None, _uri_or_none(Resource.EVENT_TYPE)] = None
    location: Annotated[WireMeetingPlace | None, BeforeValidator(_mapping)] = None

    @property
    def join_url(self) -> str | None:
        pushed = self.location is not None and self.location.status == "pushed"
        return self.location.join_url if self.location and pushed else None


class WireCancellation(Wire):
    reason: Text = None
    canceler_type: Text = None  # `canceled_by` beside it is a display name


class WireNoShow(Wire):
    uri: Annotated[str | None, _uri_or_none(Resource.NO_SHOW)] = None
    created_at: Text = None


class WireAnswer(Wire):
    question: Text = None
    answer: Text = None


class WireInvitee(Wire):
    uri: InviteeUri
    email: Text = None
    name: Text = None
    first_name: Text = None
    last_name: Text = None
    status: Text = None
    canceled: IsTrue = False  # only in documents of 2020
    timezone: Text = None
    tracking: Annotated[dict[str, str | None], BeforeValidator(_tracking)] = Field(
        default_factory=lambda: _tracking(None)
    )
    text_reminder_number: Text = None
    questions_and_answers: Annotated[tuple[WireAnswer, ...], BeforeValidator(_mappings)] = ()
    rescheduled: IsTrue = False
    old_invitee: InviteeUriOrNone = None
    new_invitee: InviteeUriOrNone = None
    cancel_url: WebUrl = None
    reschedule_url: WebUrl = None
    cancellation: Annotated[WireCancellation | None, BeforeValidator(_mapping)] = None
    no_show: Annotated[WireNoShow | None, BeforeValidator(_mapping)] = None

    @property
    def full_name(self) -> str | None:
        return self.name or " ".join(part for part in (self.first_name, self.last_name) if part) or None

    @property
    def present_status(self) -> str | None:
        return self.status if self.status in {"active", "canceled"} else ("canceled" if self.canceled else None)


class WireNoShowMark(Wire):
    uri: Annotated[str, _uri(Resource.NO_SHOW)]


class WireSubscription(Wire):
    uri: Annotated[str, _uri(Resource.SUBSCRIPTION)]
    callback_url: str
    state: Text = None
    retry_started_at: Moment = None
    events: Annotated[
        tuple[str, ...],
        BeforeValidator(lambda v: [e for e in v if isinstance(e, str)] if isinstance(v, list) else []),
    ] = ()


def read_resource(document: Any, model: type[Model], *, outcome: Outcome = Outcome.NOT_SENT) -> Model:
    """The one object of an answer. Raises Unavailable with `outcome` when it is not there."""
    try:
        return model.model_validate(document["resource"])
    except (KeyError, TypeError, IndexError, ValidationError) as error:
        raise malformed(outcome) from error


def read_items(items: list[Any], model: type[Model]) -> tuple[Model, ...]:
    """The readable objects of a list. An empty list is an answer; a list of which nothing is readable is a failure."""
    readable = []
    for item in items:
        try:
            readable.append(model.model_validate(item))
        except ValidationError:
            continue
    if items and not readable:
        raise malformed()
    return tuple(readable)


def read_page(document: Any) -> tuple[list[Any], str | None]:
    """The objects of one page and the token of the next; a short page does not mean the last."""
    items = document.get("collection") if isinstance(document, Mapping) else None
    if not isinstance(items, list):
        raise malformed()
    pagination = document.get("pagination")
    token = pagination.get("next_page_token") if isinstance(pagination, Mapping) else None
    return items, token if isinstance(token, str) and token else None
