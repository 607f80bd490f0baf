"""The qualifier subgraph: record facts, then ask for the next one, or only answer where another step of the turn speaks too."""

from functools import partial
from typing import Any

from langgraph.graph import END, START, StateGraph
from typing_extensions import TypedDict

from graph.pacing import paced
from graph.state import LeadState, Memory
from nodes import qualifier as steps
from nodes.models import AskModel
from nodes.sources import FindsKnowledge
from pipewise.lead_desk import LeadDesk
from pipewise.priority import AckPriority


class QualifierOutput(TypedDict, total=False):
    """What the subgraph gives back."""

    memory: Memory
    lead_values: dict[str, Any]
    draft: str | None
    draft_by: str
    actions: list[dict[str, Any]]
    usage: list[dict[str, Any]]
    failed_models: list[str]
    proposal: dict[str, Any]


def build_qualifier(
    *, models: AskModel, leads: LeadDesk, knowledge: FindsKnowledge, priority: AckPriority, prompt: str
) -> Any:
    pace = partial(paced, priority=priority)
    beside = partial(steps.answer_beside, leads=leads, knowledge=knowledge)
    ask_next = partial(steps.ask_next, models=models, leads=leads, knowledge=knowledge, prompt=prompt)
    return (
        StateGraph(LeadState, input_schema=LeadState, output_schema=QualifierOutput)
        .add_node("record_facts", pace(partial(steps.record_facts, leads=leads)))
        .add_node("ask_next", pace(ask_next))
        .add_node("answer_beside", pace(beside))
        .add_edge(START, "record_facts")
        .add_conditional_edges("record_facts", steps.after_facts)
        .add_edge("ask_next", END)
        .add_edge("answer_beside", END)
        .compile()
    )
