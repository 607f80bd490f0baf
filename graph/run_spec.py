"""What a client asks of a run, checked before anything is stored, and in a form that outlives the process."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from langgraph.types import Command
from pydantic import ValidationError

from pipewise.draft_answers import DraftAnswer
from pipewise.errors import InvalidInput, PipewiseError
from pipewise.lead_desk import read_sender

# What only a server may say of a turn, or what leads to another one: a client that could write it could name another's lead.
WRITABLE = frozenset({"messages", "memory", "summary", "language", "intent", "route", "draft", "reply", "checks"})


class NotOffered(PipewiseError):
    """A part of the graph protocol that this server does not have: an option of a route, or a route."""

    status = 501
    code = "not_offered"


@dataclass(frozen=True)
class RunSpec:
    """`input` is {"event": {…}, "deliver"?}; without one, and without a command, the run goes on from where the thread stands."""

    input: Mapping[str, Any] | None = None
    command: Mapping[str, Any] | None = None
    checkpoint_id: str | None = None
    modes: tuple[str, ...] = ("values",)
    subgraphs: bool = False
    durability: str | None = None
    stop_before: tuple[str, ...] = ()
    stop_after: tuple[str, ...] = ()
    strategy: str = "enqueue"
    metadata: Mapping[str, Any] = field(default_factory=dict)
    cancel_on_disconnect: bool = False

    @property
    def event(self) -> Mapping[str, Any] | None:
        return self.input.get("event") if self.input else None

    @property
    def delivers(self) -> bool:
        return bool(self.input) and self.input.get("deliver") is True  # type: ignore[union-attr]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def read_spec(document: Mapping[str, Any]) -> RunSpec:
    """Of a run that another process began."""
    lists = {name: tuple(document[name]) for name in ("modes", "stop_before", "stop_after")}
    return RunSpec(**{**document, **lists})


def check_spec(spec: RunSpec, nodes: frozenset[str]) -> None:
    """Raises InvalidInput naming what is wrong. `nodes` are the graph's."""
    if spec.input is not None:
        check_input(spec.input)
    if spec.command is not None:
        _check_command(spec.command, nodes)
    unknown = [name for name in (*spec.stop_before, *spec.stop_after) if name != "*" and name not in nodes]
    if unknown:
        raise _invalid("interrupt_before", f"there is no node called {unknown[0][:100]}")


def check_input(given: Mapping[str, Any]) -> None:
    event = given.get("event")
    if not isinstance(event, Mapping):
        problem = {"field": "input.event", "problem": "must be an object with platform, sender and text"}
        raise InvalidInput("The run needs an event.", details=(problem,))
    read_sender(event)
    for name in ("name", "email", "phone", "company", "external_id", "choice_id", "type"):
        if not isinstance(event.get(name, ""), str | None) or len(event.get(name) or "") > 500:
            raise _invalid(f"input.event.{name}", "must be a text of at most 500 characters")


def check_values(values: Any, field_name: str = "values") -> None:
    """What a client may write into the state."""
    parts = values if isinstance(values, list) else [values]
    for part in parts:
        if not isinstance(part, Mapping):
            raise _invalid(field_name, "must be an object of state channels")
        foreign = sorted(set(part) - WRITABLE)
        if foreign:
            raise _invalid(
                f"{field_name}.{foreign[0][:100]}", f"may not be written; only {', '.join(sorted(WRITABLE))}"
            )


def _check_command(command: Mapping[str, Any], nodes: frozenset[str]) -> None:
    given = {name: value for name, value in command.items() if value is not None}
    unknown = sorted(set(given) - {"resume", "goto", "update"})
    if unknown or not given:
        raise _invalid("command", "has resume, goto and update, at least one of them")
    if "resume" in given:
        read_answer(given["resume"])
    if "update" in given:
        check_values(given["update"], "command.update")
    for target in _targets(given.get("goto")):
        if not isinstance(target, str) or target not in nodes:
            raise _invalid("command.goto", "must be the name of a node; inputs of its own are not offered")


def _targets(goto: Any) -> list[Any]:
    if goto is None:
        return []
    return goto if isinstance(goto, list) else [goto]


def read_answer(resume: Any) -> DraftAnswer:
    """A plain answer, or one under the interrupt's id."""
    if isinstance(resume, Mapping) and "action" not in resume and len(resume) == 1:
        resume = next(iter(resume.values()))
    try:
        return DraftAnswer.model_validate(resume)
    except ValidationError as error:
        problem = str(error.errors()[0]["msg"]).removeprefix("Value error, ")
        raise _invalid(
            "command.resume", f"needs action (accept, edit, respond or ignore) and text: {problem}"
        ) from None


def build_command(command: Mapping[str, Any]) -> Command[Any]:
    goto = _targets(command.get("goto"))
    return Command(resume=command.get("resume"), update=command.get("update"), goto=goto)


def _invalid(name: str, problem: str) -> InvalidInput:
    return InvalidInput("The run cannot be made like this.", details=({"field": name, "problem": problem},))
