"""The state of a conversation, and what one turn adds to it."""

from typing import Annotated, Any, NotRequired, Required, cast

from langchain_core.messages import AnyMessage
from langgraph.graph.message import add_messages
from typing_extensions import TypedDict

from pipewise.conversation_summary import Summary

WINDOW = 20
RECENT = 8  # messages that every prompt carries word for word; what is older stands in the summary


def keep_window(left: list[AnyMessage], right: list[AnyMessage]) -> list[AnyMessage]:
    """The last messages only: the transcript is a table, and the cost of a turn must not grow with the conversation."""
    merged: Any = add_messages(cast("Any", left), cast("Any", right))
    kept: list[AnyMessage] = list(merged)[-WINDOW:]
    # A function's answer means nothing, and is refused by models, without the call that asked for it.
    first = next((place for place, message in enumerate(kept) if message.type != "tool"), len(kept))
    return kept[first:]


class EventInput(TypedDict, total=False):
    """One thing a lead did. `platform`, `sender` and `text` are what a caller must give."""

    platform: Required[str]
    sender: Required[str]
    text: Required[str]
    name: str | None
    email: str | None
    phone: str | None
    external_id: str | None
    type: str  # text | choice | image | audio | …, as in pipewise.events
    choice_id: str | None
    id: str


class TurnInput(TypedDict):
    """Given by the server for a turn of a known lead; absent when the graph is run by hand."""

    account_id: str
    lead_id: str
    run_id: str
    effects: bool
    approve: NotRequired[bool]  # a person decides about the reply before the turn ends
    by_rules: NotRequired[bool]  # the turn began before the trained classifier was read in


class SaidInput(TypedDict):
    """Something that reached the lead since the last turn, and not by the graph. `by`: human or agent. `offered`: slots that it
    put on offer, in place of any before."""

    id: str
    by: str
    text: str
    offered: NotRequired[list[dict[str, str]]]


class GraphInput(TypedDict, total=False):
    event: EventInput
    events: list[EventInput]
    turn: TurnInput
    said: list[SaidInput]


class Part(TypedDict):
    """What one step wrote for one of several wishes. `last`: it waits for the lead and stands at the end of the reply."""

    text: str
    by: str
    last: bool


class Memory(TypedDict):
    """What must be known in the next turn, beside the messages. `wish`: words of when to meet that nothing was offered for yet,
    with the moment they were said."""

    offered: list[dict[str, str]]
    chosen: str | None
    awaiting: str | None
    clarified: int
    asked: list[str]
    wish: NotRequired[dict[str, str] | None]


class LeadState(TypedDict, total=False):
    """`messages`, `memory` and `summary` last; everything else belongs to the present turn and is reset by its first node."""

    messages: Annotated[list[AnyMessage], keep_window]
    memory: Memory
    summary: Summary
    event: EventInput
    events: list[EventInput]
    turn: TurnInput
    said: list[SaidInput]
    lead_id: str
    lead: dict[str, Any]
    lead_values: dict[str, Any]  # columns that this turn learned
    text: str  # everything the lead wrote in this turn
    choice_id: str | None
    language: str
    now: str
    intent: str
    intents: list[dict[str, Any]]
    route: str
    routes: list[str]  # of every wish that is acted on, in order; `route` is the one under way, at the end the first
    parts: list[Part]  # what was written for the wishes before
    outcome: dict[str, Any] | None
    draft: str | None
    draft_by: str
    reply: str | None
    message: dict[str, Any] | None
    proposal: dict[str, Any]  # status, tasks, pause, opt-out: what the commit makes true
    actions: list[dict[str, Any]]  # tool calls and decisions, in order
    usage: list[dict[str, Any]]
    failed_models: list[str]  # not asked again in this turn
    counters: dict[str, int]
    scheduling_integration: str | None
    checks: list[str]
    success: bool


class GraphOutput(TypedDict, total=False):
    intent: str
    reply: str | None
    lead_id: str
    lead: dict[str, Any]
    actions: list[dict[str, Any]]
    route: str
    outcome: dict[str, Any] | None
    success: bool


def empty_memory() -> Memory:
    return Memory(offered=[], chosen=None, awaiting=None, clarified=0, asked=[])
