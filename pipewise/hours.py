"""When people work and when leads sleep: business hours, quiet hours, holidays and lengths of time, as an account sets them."""

from datetime import date, time, timedelta
from itertools import pairwise
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, model_validator

from pipewise.plain_text import Line

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MIDNIGHT = time()
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


class Part(BaseModel):
    """A part of the account's settings: unknown keys are refused, nothing is converted, values stay out of errors."""

    model_config = ConfigDict(
        frozen=True, strict=True, extra="forbid", hide_input_in_errors=True, allow_inf_nan=False, validate_default=True
    )


def _read_clock(value: Any) -> Any:
    if isinstance(value, time):
        return value
    shown = str(value) if isinstance(value, str) else ""
    hour, _, minute = shown.partition(":")
    if len(shown) != 5 or not (hour + minute).isascii() or not (hour + minute).isdigit():
        raise ValueError("must be a time of the day such as 09:30")
    try:
        return time(int(hour), int(minute))
    except ValueError:
        raise ValueError("must be a time of the day between 00:00 and 23:59") from None


ClockTime = Annotated[
    time,
    BeforeValidator(_read_clock, json_schema_input_type=str),
    PlainSerializer(lambda value: value.strftime("%H:%M"), return_type=str),
    Field(json_schema_extra={"type": "string", "pattern": r"^\d\d:\d\d$", "examples": ["09:00"]}),
]
Span = tuple[ClockTime, ClockTime]
"""From, to. A `to` of 00:00 is the end of the day."""


def _require_order(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    before = MIDNIGHT
    for place, (start, end) in enumerate(spans):
        if end != MIDNIGHT and end <= start:
            raise ValueError("each span must end after it begins; 00:00 is the end of the day")
        if place and (before == MIDNIGHT or start < before):
            raise ValueError("spans must follow one another without overlap")
        before = end
    return spans


Spans = Annotated[tuple[Span, ...], AfterValidator(_require_order), Field(max_length=10)]
NINE_TO_SIX: tuple[Span, ...] = ((time(9), time(18)),)


class BusinessHours(Part):
    """For each weekday a list of [from, to]; an empty list is a day off."""

    monday: Spans = NINE_TO_SIX
    tuesday: Spans = NINE_TO_SIX
    wednesday: Spans = NINE_TO_SIX
    thursday: Spans = NINE_TO_SIX
    friday: Spans = NINE_TO_SIX
    saturday: Spans = ()
    sunday: Spans = ()

    def on(self, day: Weekday) -> tuple[Span, ...]:
        spans: tuple[Span, ...] = getattr(self, day)
        return spans


class QuietHours(Part):
    """No message goes out first between these times of the lead's day; across midnight if `to` is the earlier one."""

    enabled: bool = True
    start: ClockTime = Field(time(21), alias="from")
    end: ClockTime = Field(time(8), alias="to")

    @model_validator(mode="after")
    def _require_length(self) -> Self:
        if self.start == self.end:
            raise ValueError("from and to must differ; set enabled to false for no quiet hours")
        return self

    def holds_at(self, local: time) -> bool:
        """Whether a message must wait at this time of the lead's day."""
        if not self.enabled:
            return False
        if self.start < self.end:
            return self.start <= local < self.end
        return local >= self.start or local < self.end


class Holiday(Part):
    """A day on which nobody works and no nudge goes out."""

    date: date
    name: Line = ""


Duration = Annotated[str, Field(pattern=r"^[1-9][0-9]{0,3}[mhdw]$", max_length=5, examples=["4h"])]


def read_duration(text: str) -> timedelta:
    """`4h` as a length of time."""
    return timedelta(**{_UNITS[text[-1]]: int(text[:-1])})


def ascending(durations: tuple[str, ...]) -> tuple[str, ...]:
    """Raises ValueError unless each is longer than the one before."""
    lengths = [read_duration(text) for text in durations]
    if any(later <= earlier for earlier, later in pairwise(lengths)):
        raise ValueError("each must be longer than the one before")
    return durations
