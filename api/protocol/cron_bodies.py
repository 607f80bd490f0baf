"""Bodies of crons: a run's with a schedule."""

from typing import Any, Literal

from pydantic import Field, model_validator

from api.dependencies import Moment
from api.protocol.bodies import (
    Limit,
    Metadata,
    Modes,
    Names,
    NotOfferedHere,
    Offset,
    ProtocolBody,
    RunBody,
    Uuid,
    check_modes,
)
from graph.run_spec import NotOffered

SORTED_BY = Literal["cron_id", "assistant_id", "thread_id", "created_at", "updated_at", "next_run_date", "end_time"]


class CronBody(RunBody):
    schedule: str = Field(max_length=200)
    timezone: str | None = Field(None, max_length=64)
    end_time: Moment | None = None
    enabled: bool = True
    on_run_completed: Literal["delete", "keep"] = "delete"


class CronChange(ProtocolBody):
    schedule: str | None = Field(None, max_length=200)
    timezone: str | None = Field(None, max_length=64)
    end_time: Moment | None = None
    enabled: bool | None = None
    on_run_completed: Literal["delete", "keep"] | None = None
    input: dict[str, Any] | None = None
    metadata: Metadata | None = None
    stream_mode: Modes | None = None
    stream_subgraphs: bool | None = None
    interrupt_before: Names | None = None
    interrupt_after: Names | None = None
    durability: Literal["sync", "async", "exit"] | None = None
    webhook: NotOfferedHere = None
    ends_never: bool = False

    @model_validator(mode="before")
    @classmethod
    def _leave_out_nulls(cls, given: Any) -> Any:
        """A null means what is not asked for, but of the end it means that there is none any more."""
        if not isinstance(given, dict):
            return given
        kept = {name: value for name, value in given.items() if value is not None}
        return {**kept, "ends_never": "end_time" in given and given["end_time"] is None}

    def columns(self, *, of_thread: bool) -> dict[str, Any]:
        names = ("schedule", "timezone", "end_time", "enabled", *(() if of_thread else ("on_run_completed",)))
        given = {name: getattr(self, name) for name in names if getattr(self, name) is not None}
        return {**given, "end_time": None} if self.ends_never else given

    def asked(self) -> dict[str, Any]:
        """Of the runs. Raises NotOffered or InvalidInput."""
        if self.webhook:
            raise NotOffered("webhook is not offered.")
        check_modes(self.stream_mode or ())
        given = {
            "input": self.input,
            "metadata": self.metadata,
            "modes": tuple(self.stream_mode) if self.stream_mode else None,
            "subgraphs": self.stream_subgraphs,
            "stop_before": tuple(self.interrupt_before) if self.interrupt_before is not None else None,
            "stop_after": tuple(self.interrupt_after) if self.interrupt_after is not None else None,
            "durability": self.durability,
        }
        return {name: value for name, value in given.items() if value is not None}


class CronQuery(ProtocolBody):
    assistant_id: str | None = Field(None, max_length=200)
    thread_id: Uuid | None = None
    enabled: bool | None = None
    metadata: Metadata = Field(default_factory=dict)
    limit: Limit = 10
    offset: Offset = 0
    sort_by: SORTED_BY = "created_at"
    sort_order: Literal["asc", "desc"] = "desc"
    select: Names = Field(default_factory=list)
