"""Bodies of the graph protocol. Clients send more than is needed here; what is left aside changes nothing of the answer."""

import json
from collections.abc import Iterable
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator
from pydantic.json_schema import SkipJsonSchema

from graph.assistant import is_assistant
from graph.run_spec import NotOffered, RunSpec
from pipewise.errors import InvalidInput, NotFound

MOST_METADATA = 16 * 1024
MODES = frozenset(
    {"values", "updates", "messages", "messages-tuple", "custom", "debug", "tasks", "checkpoints", "events"}
)
OTHER_MODES = frozenset({"tools", "lifecycle"})


def _read_uuid(value: Any) -> Any:
    return str(UUID(value)) if isinstance(value, str) else value


def _allow_nulls(schema: dict[str, Any]) -> None:
    """What may be left out may be null as well."""
    for name, described in schema.get("properties", {}).items():
        if name not in schema.get("required", ()):
            title = described.pop("title", name)
            default = {"default": described.pop("default")} if "default" in described else {}
            forms = described["anyOf"] if described.keys() == {"anyOf"} else [dict(described)]
            nullable = forms if {"type": "null"} in forms else [*forms, {"type": "null"}]
            schema["properties"][name] = {"title": title, **default, "anyOf": nullable}


def _bounded(value: dict[str, Any]) -> dict[str, Any]:
    if len(json.dumps(value)) > MOST_METADATA:
        raise ValueError(f"must have at most {MOST_METADATA // 1024} KiB")
    return value


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Uuid = Annotated[
    str,
    BeforeValidator(_read_uuid),
    Field(pattern=r"^[0-9a-f-]{36}$"),
    WithJsonSchema({"type": "string", "format": "uuid"}),
]
Metadata = Annotated[dict[str, Any], AfterValidator(_bounded)]
Name = Annotated[str, Field(max_length=100)]
Names = Annotated[list[Name], Field(max_length=50), BeforeValidator(_as_list, json_schema_input_type=Name | list[Name])]
NotOfferedHere = SkipJsonSchema[Any]  # clients may send it; anything but nothing is refused, see docs/http.md
Mode = Annotated[Name, WithJsonSchema({"type": "string", "enum": sorted(MODES)})]  # the offered ones; to_spec looks
Modes = Annotated[list[Name], Field(max_length=50), BeforeValidator(_as_list, json_schema_input_type=Mode | list[Mode])]
CheckpointId = Annotated[str, Field(max_length=64, pattern=r"^[0-9a-zA-Z-]+$")]
Limit = Annotated[int, Field(ge=1, le=1000, strict=True)]
Offset = Annotated[int, Field(ge=0, le=1_000_000, strict=True)]


class ProtocolBody(BaseModel):
    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True, json_schema_extra=_allow_nulls)

    @model_validator(mode="before")
    @classmethod
    def _leave_out_nulls(cls, given: Any) -> Any:
        """Clients write null for what they do not ask for."""
        return {name: value for name, value in given.items() if value is not None} if isinstance(given, dict) else given


class CheckpointPlace(ProtocolBody):
    checkpoint_id: CheckpointId | None = None
    checkpoint_ns: str = Field("", max_length=500)


class RunBody(ProtocolBody):
    assistant_id: str = Field(max_length=200)
    input: dict[str, Any] | None = None
    command: dict[str, Any] | None = None
    metadata: Metadata = {}
    stream_mode: Modes = ["values"]
    stream_subgraphs: bool = False
    interrupt_before: Names = []
    interrupt_after: Names = []
    checkpoint: CheckpointPlace | None = None
    checkpoint_id: CheckpointId | None = None
    durability: Literal["sync", "async", "exit"] | None = None
    multitask_strategy: Literal["enqueue", "reject", "interrupt", "rollback"] = "enqueue"
    if_not_exists: Literal["create", "reject"] = "reject"
    on_disconnect: Literal["cancel", "continue"] = "continue"
    on_completion: Literal["delete", "keep"] = "delete"
    after_seconds: SkipJsonSchema[float] = 0
    webhook: NotOfferedHere = None
    feedback_keys: NotOfferedHere = None

    def to_spec(self) -> RunSpec:
        """Raises NotFound, NotOffered or InvalidInput."""
        if not is_assistant(self.assistant_id):
            raise NotFound("There is no assistant of this name; the one here is pipewise.")
        self._refuse_what_is_not_offered()
        if self.input is not None and self.command is not None:
            problem = {"field": "command", "problem": "give either an input or a command"}
            raise InvalidInput("The run cannot be made like this.", details=(problem,))
        place = self.checkpoint.checkpoint_id if self.checkpoint else None
        return RunSpec(
            input=self.input,
            command=self.command,
            checkpoint_id=self.checkpoint_id or place,
            modes=tuple(dict.fromkeys(self.stream_mode)) or ("values",),
            subgraphs=self.stream_subgraphs,
            durability=self.durability,
            stop_before=tuple(self.interrupt_before),
            stop_after=tuple(self.interrupt_after),
            strategy=self.multitask_strategy,
            metadata=self.metadata,
            cancel_on_disconnect=self.on_disconnect == "cancel",
        )

    def _refuse_what_is_not_offered(self) -> None:
        if self.after_seconds or self.webhook or self.feedback_keys:
            raise NotOffered("after_seconds, webhook and feedback_keys are not offered.")
        check_modes(self.stream_mode)


def check_modes(modes: Iterable[str]) -> None:
    """Raises NotOffered or InvalidInput."""
    for mode in modes:
        if mode in OTHER_MODES:
            raise NotOffered(f"The stream mode {mode} is not offered.")
        if mode not in MODES:
            problem = {"field": "stream_mode", "problem": f"must be of {', '.join(sorted(MODES))}"}
            raise InvalidInput("The run cannot be made like this.", details=(problem,))


class NewThread(ProtocolBody):
    thread_id: Uuid | None = None
    metadata: Metadata = {}
    if_exists: Literal["raise", "do_nothing"] = "raise"
    supersteps: NotOfferedHere = None
    ttl: NotOfferedHere = None


class ThreadChange(ProtocolBody):
    metadata: Metadata = {}


class ThreadQuery(ProtocolBody):
    metadata: Metadata = {}
    values: NotOfferedHere = None
    ids: list[Uuid] | None = Field(None, max_length=1000)
    status: Literal["idle", "busy", "interrupted", "error"] | None = None
    limit: Limit = 10
    offset: Offset = 0
    sort_by: Literal["thread_id", "status", "created_at", "updated_at", "state_updated_at"] = "created_at"
    sort_order: Literal["asc", "desc"] = "desc"
    select: Names = []
    extract: NotOfferedHere = None


class ThreadPruning(ProtocolBody):
    thread_ids: list[Uuid] = Field(max_length=1000)
    strategy: Literal["delete", "keep_latest"] = "delete"


class StateAt(ProtocolBody):
    checkpoint: CheckpointPlace
    subgraphs: bool = False


class StateChange(ProtocolBody):
    values: dict[str, Any] | list[Any] | None = None
    as_node: str | None = Field(None, max_length=100)
    checkpoint: CheckpointPlace | None = None
    checkpoint_id: CheckpointId | None = None


class HistoryAsked(ProtocolBody):
    limit: Limit = 10
    before: CheckpointId | CheckpointPlace | dict[str, Any] | None = None
    metadata: Metadata | None = None

    @property
    def before_id(self) -> str | None:
        if self.before is None or isinstance(self.before, str):
            return self.before
        if isinstance(self.before, CheckpointPlace):
            return self.before.checkpoint_id
        found = (self.before.get("configurable") or {}).get("checkpoint_id")
        return str(found) if found else None


class RunsCancellation(ProtocolBody):
    thread_id: Uuid | None = None
    run_ids: list[Uuid] = Field([], max_length=1000)
    status: Literal["pending", "running", "all"] | None = None


class AssistantQuery(ProtocolBody):
    metadata: Metadata = {}
    graph_id: str | None = Field(None, max_length=200)
    name: str | None = Field(None, max_length=200)
    limit: Limit = 10
    offset: Offset = 0


Label = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^.\x00]+$")]
Namespace = Annotated[list[Label], Field(max_length=6)]
ItemKey = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]+$")]
MOST_VALUE = 64 * 1024


def _bounded_value(value: dict[str, Any]) -> dict[str, Any]:
    if len(json.dumps(value)) > MOST_VALUE:
        raise ValueError(f"must have at most {MOST_VALUE // 1024} KiB")
    return value


class ItemPlace(ProtocolBody):
    namespace: Annotated[Namespace, Field(min_length=1)]
    key: ItemKey


class NewItem(ItemPlace):
    value: Annotated[dict[str, Any], AfterValidator(_bounded_value)]
    ttl: NotOfferedHere = None


class ItemQuery(ProtocolBody):
    namespace_prefix: Namespace = []
    filter: Metadata | None = None
    query: NotOfferedHere = None
    limit: Limit = 10
    offset: Offset = 0


class NamespaceQuery(ProtocolBody):
    prefix: Namespace | None = None
    suffix: Namespace | None = None
    max_depth: int | None = Field(None, ge=1, le=100)
    limit: Limit = 100
    offset: Offset = 0
