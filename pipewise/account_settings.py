"""Everything an account can tune. What it has not set holds by default; docs/settings.md shows every key."""

from datetime import timedelta
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from pipewise.hours import BusinessHours, Duration, Holiday, Part, QuietHours, ascending, read_duration
from pipewise.plain_text import Line
from pipewise.qualification_rules import Qualification
from pipewise.timezones import require_zone
from pipewise.wording import Wording

Zone = Annotated[Line, AfterValidator(require_zone)]
Url = Annotated[Line, Field(pattern=r"^https?://[^\s]+$", max_length=2000)]
Email = Annotated[Line, Field(pattern=r"^[^@\s]+@[^@\s]+$", max_length=254)]
FolderName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=64)]
Money = Annotated[float, Field(gt=0, le=1_000_000)]
Count = Annotated[int, Field(gt=0, le=1_000_000_000)]
Durations = Annotated[tuple[Duration, ...], AfterValidator(ascending), Field(max_length=10)]


class FollowUp(Part):
    """What goes out without being asked for: nudges after silence, reminders before a meeting, thanks, recovery."""

    enabled: bool = True
    delays: Durations = ("4h", "1d", "3d")
    max_per_lead_per_week: int = Field(3, ge=0, le=100)
    reminders: Annotated[tuple[Duration, ...], Field(max_length=5)] = ("24h", "1h")
    thanks: bool = True
    no_show_recovery: bool = True

    @model_validator(mode="after")
    def _require_different_reminders(self) -> Self:
        if len(set(self.before_meeting)) < len(self.reminders):
            raise ValueError("reminders must differ")
        return self

    @property
    def after_silence(self) -> tuple[timedelta, ...]:
        return tuple(read_duration(text) for text in self.delays)

    @property
    def before_meeting(self) -> tuple[timedelta, ...]:
        return tuple(read_duration(text) for text in self.reminders)


class Caps(Part):
    """Upper limits; null is none. Of a day: UTC. `usd_per_day` has PIPEWISE_DAILY_MODEL_BUDGET_USD where it is null."""

    messages_per_lead_per_day: Count | None = None
    tokens_per_turn: Count | None = None
    tokens_per_lead: Count | None = None
    tokens_per_day: Count | None = None
    usd_per_turn: Money | None = None
    usd_per_lead: Money | None = None
    usd_per_day: Money | None = None


class Price(Part):
    """US dollars for a million tokens."""

    input_per_million_usd: float = Field(ge=0, le=100_000)
    output_per_million_usd: float = Field(ge=0, le=100_000)


class Disclosure(Part):
    """That an assistant writes. Asked for, it is always told; `text` stands in for the built-in sentence."""

    first_contact: bool = True
    text: Wording | None = None


class TeamHost(Part):
    """Somebody who holds meetings and owns leads."""

    email: Email
    name: Annotated[Line, Field(min_length=1)]
    calendly_user: Url | None = None
    event_type: Url | None = None


# US dollars for a million tokens (input, output).
LIST_PRICES = {
    "gpt-5-nano": (0.05, 0.40),
    "gpt-5-mini": (0.25, 2.00),
    "gpt-4.1-mini": (0.40, 1.60),
    "gpt-5": (1.25, 10.00),
}
PRICE_TABLE = {
    model: Price(input_per_million_usd=prices[0], output_per_million_usd=prices[1])
    for model, prices in LIST_PRICES.items()
}
ModelName = Annotated[Line, Field(min_length=1, max_length=100)]


class AccountSettings(Part):
    """`timezone` is the company's, null for the calendar's own; the lead's zone is found by itself."""

    company: Line | None = None
    timezone: Zone | None = None
    fallback_booking_url: Url | None = None
    business_hours: BusinessHours = BusinessHours()
    quiet_hours: QuietHours = QuietHours()
    holidays: tuple[Holiday, ...] = Field((), max_length=400)
    follow_up: FollowUp = FollowUp()
    caps: Caps = Caps()
    qualification: Qualification = Qualification()
    knowledge_folder: FolderName | None = None
    disclosure: Disclosure = Disclosure()
    holding_message: Wording | None = None
    price_table: dict[ModelName, Price] = Field(PRICE_TABLE, max_length=200)
    hosts: tuple[TeamHost, ...] = Field((), max_length=100)
    default_owner: Email | None = None

    @model_validator(mode="after")
    def _require_each_once(self) -> Self:
        for name, given in (
            ("holidays", [holiday.date for holiday in self.holidays]),
            ("hosts", [host.email.lower() for host in self.hosts]),
        ):
            if len(set(given)) < len(given):
                raise ValueError(f"{name}: each must be there once")
        return self
