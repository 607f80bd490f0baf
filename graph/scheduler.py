"""The scheduler subgraph: prepare, then model and functions in turn, then conclude."""

from functools import partial
from typing import Any

from langchain_core.tools import BaseTool
from langgraph.graph import END, START, StateGraph
from typing_extensions import TypedDict

from graph.pacing import paced
from graph.state import LeadState, Memory
from nodes import scheduler as steps
from nodes.models import AskModel
from pipewise.desk_builder import DeskBuilder
from pipewise.lead_desk import LeadDesk
from pipewise.meeting_links import MeetingLinks
from pipewise.priority import AckPriority


class SchedulerOutput(TypedDict, total=False):
    """What the subgraph gives back: never the messages, which the parent's reducer would add again."""

    memory: Memory
    lead_values: dict[str, Any]
    outcome: dict[str, Any] | None
    draft: str | None
    draft_by: str
    actions: list[dict[str, Any]]
    usage: list[dict[str, Any]]
    failed_models: list[str]
    success: bool
    counters: dict[str, int]
    scheduling_integration: str | None
    proposal: dict[str, Any]


def build_scheduler(
    *,
    models: AskModel,
    desks: DeskBuilder,
    leads: LeadDesk,
    links: MeetingLinks,
    tools: tuple[BaseTool, ...],
    priority: AckPriority,
    prompt: str,
) -> Any:
    pace = partial(paced, priority=priority)
    prepare = partial(steps.prepare_scheduling, desks=desks, leads=leads, meeting_links=links, prompt=prompt)
    return (
        StateGraph(steps.SchedulerState, input_schema=LeadState, output_schema=SchedulerOutput)
        .add_node("prepare", pace(prepare))
        .add_node("think", pace(partial(steps.think, models=models, tools=tools)))
        .add_node("act", pace(partial(steps.act, desks=desks, tools=tools)))
        .add_node("conclude", pace(partial(steps.conclude_scheduling, desks=desks)))
        .add_edge(START, "prepare")
        .add_conditional_edges("prepare", steps.after_prepare, ["think", "conclude"])
        .add_conditional_edges("think", steps.after_think, ["act", "conclude"])
        .add_edge("act", "think")
        .add_edge("conclude", END)
        .compile()
    )
