"""A person decides about the reply before the turn ends: only where the caller waits for the answer, as over HTTP or in Studio."""

from typing import Any

from langchain_core.messages import AIMessage, RemoveMessage
from langgraph.types import interrupt

from graph.state import LeadState
from nodes.reply import reply_id
from pipewise.draft_answers import DraftAnswer
from pipewise.events import OutboundMessage

ACTIONS = ("accept", "edit", "respond", "ignore")


async def review(state: LeadState) -> dict[str, Any]:
    """Asks, and on the answer makes the reply what the person wants. Nothing is sent here."""
    answer = interrupt(
        {"type": "approval", "text": state["reply"], "lead_id": state["lead_id"], "actions": list(ACTIONS)},
        response_schema=DraftAnswer,
    )
    ended: dict[str, Any] = {"turn": None, "events": None}
    decision: dict[str, Any] = {"type": "approval", "action": answer.action}
    ended["actions"] = [*state["actions"], decision]
    message_id = reply_id(state)
    match answer.action:
        case "accept":
            return ended
        case "edit":
            message = {**(state["message"] or {}), "text": answer.text}
        case "respond":
            message = OutboundMessage(answer.text or "").as_dict()
        case _:
            return {**ended, "reply": None, "message": None, "messages": [RemoveMessage(id=message_id)]}
    return {
        **ended,
        "reply": answer.text,
        "message": message,
        "messages": [AIMessage(answer.text or "", id=message_id)],
    }
