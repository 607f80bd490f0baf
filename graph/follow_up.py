"""The follow-up subgraph: what the lead wants later becomes a day to come back on, and a dated task."""

from typing import Any

from langgraph.graph import END, START, StateGraph
from typing_extensions import TypedDict

from graph.state import LeadState
from nodes.follow_up import plan_follow_up


class FollowUpOutput(TypedDict, total=False):
    """What the subgraph gives back."""

    draft: str | None
    actions: list[dict[str, Any]]
    proposal: dict[str, Any]


def build_follow_up() -> Any:
    return (
        StateGraph(LeadState, input_schema=LeadState, output_schema=FollowUpOutput)
        .add_node("plan_follow_up", plan_follow_up)
        .add_edge(START, "plan_follow_up")
        .add_edge("plan_follow_up", END)
        .compile()
    )
