"""Bodies of requests. Unknown fields are refused, so nothing is set that a route does not mean to set."""

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator

from api.dependencies import Moment
from graph.fork import Changes
from pipewise.leads import Status
from pipewise.plain_text import LINE_PATTERN, Line, Text, require_line
from pipewise.platforms.registry import PLATFORMS
from pipewise.storage.accounts import Role
from pipewise.timezones import require_zone

Zone = Annotated[Line, AfterValidator(require_zone)]
Language = Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=16)]
Email = Annotated[str, AfterValidator(require_line), Field(max_length=254, json_schema_extra=LINE_PATTERN)]
Key = Annotated[str, Field(pattern=r"^[0-9a-f-]{36}$")]
Number = Annotated[float, Field(allow_inf_nan=False)]
MOST_TAGS = 50
MODELS = r"^(offline|openai:[^\s\x00-\x20,]+)(,(offline|openai:[^\s\x00-\x20,]+))*$"
ADDRESS = r"^[^@\s\x00-\x1f\x7f-\x9f]+@[^@\s\x00-\x1f\x7f-\x9f]+$"


class RequestBody(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, hide_input_in_errors=True)


class NewLead(RequestBody):
    """An inbound event of source `api`. `consent`: the lead agreed to be written to first."""

    name: Line | None = None
    email: Email | None = None
    phone: Line | None = None
    company: Line | None = None
    message: Text = ""
    source: Line | None = None
    consent: bool = False
    fields: dict[Line, Text | int | Number | bool | None] = Field({}, max_length=100)

    @model_validator(mode="after")
    def _require_address(self) -> Self:
        if not (self.email or self.phone):
            raise ValueError("needs an email or a phone number")
        return self


class LeadChange(RequestBody):
    """What a person may change; what is left out stays."""

    name: Line | None = None
    email: Email | None = None
    phone: Line | None = None
    company: Line | None = None
    owner: Line | None = None
    tags: list[Annotated[Line, Field(min_length=1, max_length=64)]] = Field([], max_length=MOST_TAGS)
    timezone: Zone | None = None
    language: Language | None = None
    status: Status = Status.NEW

    def given(self) -> dict[str, Any]:
        return self.model_dump(exclude_unset=True, exclude={"status"})

    def given_status(self) -> Status | None:
        return self.status if "status" in self.model_fields_set else None


class PersonMessage(RequestBody):
    text: Annotated[Text, Field(min_length=1)]


class ParkedDecision(RequestBody):
    action: Literal["resend", "leave"]


class ApprovalDecision(RequestBody):
    """`text` replaces the draft (edit), or is the person's own answer (respond)."""

    action: Literal["accept", "edit", "respond", "ignore"]
    text: Text | None = None

    @model_validator(mode="after")
    def _require_text(self) -> Self:
        if self.action in {"edit", "respond"} and not self.text:
            raise ValueError(f"{self.action} needs a text")
        return self


class TaskChange(RequestBody):
    status: Literal["open", "done"] = "open"
    owner: Line | None = None


class MeetingLead(RequestBody):
    name: Line | None = None
    email: Email | None = None
    phone: Line | None = None
    company: Line | None = None


class NewMeeting(RequestBody):
    """For a known lead, or for one described here. `preferences` are words such as "Tuesday afternoon", in any arrangement."""

    lead_id: Key | None = None
    lead: MeetingLead | None = None
    event_type: Line | None = None
    preferences: Text | list[Text] | dict[Line, Text | int | Number | bool | list[Text] | None] | None = None

    @model_validator(mode="after")
    def _require_one_lead(self) -> Self:
        if (self.lead_id is None) == (self.lead is None):
            raise ValueError("give either lead_id or lead")
        return self


class MeetingCancellation(RequestBody):
    reason: Annotated[Text, Field(max_length=1000)] = ""


class NewIntegration(RequestBody):
    platform: Annotated[Line, Field(json_schema_extra={"enum": sorted(PLATFORMS)})]
    name: Annotated[Line, Field(min_length=1)] | None = None
    credentials: dict[str, Any]
    settings: dict[str, Any] = {}


class IntegrationChange(RequestBody):
    """`settings` are merged key by key; null removes a key."""

    name: Annotated[Line, Field(min_length=1)] = ""
    settings: dict[str, Any] = {}


class NewCredentials(RequestBody):
    """Fields that are left out keep their value."""

    credentials: dict[str, Any] = Field(min_length=1)


class NewUser(RequestBody):
    email: Annotated[Email, Field(pattern=ADDRESS, json_schema_extra={"pattern": ADDRESS})]
    role: Role


class RoleChange(RequestBody):
    role: Role


class NewToken(RequestBody):
    """For oneself, unless `user_id` names another user of the account. `scope` is the role that the token may act as at most,
    by default its user's; without `expires_at` it works until it is revoked."""

    name: Line = ""
    user_id: Key | None = None
    scope: Role | None = None
    expires_at: Moment | None = None


class SecretBody(RequestBody):
    model_config = ConfigDict(str_strip_whitespace=False)  # a password may begin or end with a space


Secret = Annotated[SecretStr, Field(min_length=1, max_length=512)]


class NewLogin(SecretBody):
    """`email` and `password`, or `token` alone."""

    email: Annotated[str, Field(max_length=254)] | None = None
    password: Secret | None = None
    token: Secret | None = None

    @model_validator(mode="after")
    def _require_one_way(self) -> Self:
        given = (self.email is not None, self.password is not None, self.token is not None)
        if given not in {(True, True, False), (False, False, True)}:
            raise ValueError("needs email and password, or token alone")
        return self


class OwnPassword(SecretBody):
    current_password: Secret
    new_password: Secret


class NewPassword(SecretBody):
    password: Secret


PromptName = Literal["intent", "scheduler", "qualifier"]


class ForkedFacts(RequestBody):
    """What is otherwise known of the lead; null for what is not known."""

    name: Line | None = None
    email: Email | None = None
    phone: Line | None = None
    company: Line | None = None
    timezone: Zone | None = None
    language: Language | None = None
    score: Annotated[int, Field(ge=0, le=100)] | None = None
    qualified: bool | None = None


class Fork(RequestBody):
    """What is changed: `slots` are the times that the calendar would say are free, `model` as PIPEWISE_MODEL has it."""

    prompts: dict[PromptName, Annotated[Text, Field(min_length=1)]] = {}
    facts: ForkedFacts = ForkedFacts()
    slots: list[Moment] | None = Field(None, max_length=500)
    model: Annotated[Line, Field(pattern=MODELS, json_schema_extra={"pattern": MODELS})] | None = None

    def to_changes(self) -> Changes:
        prompts = {str(name): text for name, text in self.prompts.items()}
        return Changes(prompts, self.facts.model_dump(exclude_unset=True), self.slots, self.model)


class MergeRequest(RequestBody):
    """The lead that goes into the one of the path."""

    other_id: Key


class UnmergeRequest(RequestBody):
    merge_id: Key


class BulkReplay(RequestBody):
    """Which dead letters: those of one platform, or all."""

    platform: Line | None = None
