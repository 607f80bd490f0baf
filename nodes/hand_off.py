"""A person is wanted: the lead is told, the agent falls silent, an owner gets a task with what was said."""

from typing import Any

from langchain_core.messages import AnyMessage

from graph.state import LeadState
from pipewise.language.phrases import say
from pipewise.leads import Status

QUOTED = 6


async def hand_off(state: LeadState) -> dict[str, Any]:
    task = {
        "kind": "human_request",
        "title": "A lead wants to talk to a person",
        "detail": _summary(list(state["messages"])),
        "due_at": None,
    }
    proposal = {
        **state["proposal"],
        "status": Status.HANDED_OFF.value,
        "reason": "asked for a person",
        "pause_agent": True,
        "tasks": [*state["proposal"].get("tasks", []), task],
    }
    return {"draft": say("human_handoff", state["language"]), "proposal": proposal, "intent": "human_request"}


def _summary(messages: list[AnyMessage]) -> str:
    return "\n".join(
        f"{'Lead' if message.type == 'human' else 'Agent'}: {message.text[:300]}" for message in messages[-QUOTED:]
    )
