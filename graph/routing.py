"""Pure functions from state to the next node's name."""

from typing import Literal, cast

from graph.state import LeadState

Specialist = Literal["scheduler", "qualifier", "follow_up", "converse", "hand_off"]

SPECIALIST_OF: dict[str, Specialist] = {
    "meeting_request": "scheduler",
    "meeting_change": "scheduler",
    "lead_inquiry": "qualifier",
    "follow_up": "follow_up",
    "greeting": "converse",
    "out_of_scope": "converse",
    "opt_out": "converse",
    "human_request": "hand_off",
}


def after_gate(state: LeadState) -> Literal["classify_intent", "converse", "hand_off", "update_lead"]:
    """The gate answers what must not reach a model; a silent turn goes straight to its end."""
    match state["route"]:
        case "silent":
            return "update_lead"
        case "converse":
            return "converse"
        case "hand_off":
            return "hand_off"
        case _:
            return "classify_intent"


def after_intent(state: LeadState) -> Specialist | Literal["update_lead"]:
    """Classification names the specialist as the route; a question back is small talk, silence goes straight to the end."""
    match state["route"]:
        case "silent":
            return "update_lead"
        case "scheduler" | "qualifier" | "follow_up" | "hand_off" as specialist:
            return specialist
        case _:
            return "converse"


def after_specialist(state: LeadState) -> Literal["gather", "check_reply"]:
    """Several wishes of one message are taken in turn, and become one reply."""
    return "gather" if len(state["routes"]) > 1 else "check_reply"


def after_gather(state: LeadState) -> Specialist | Literal["check_reply"]:
    """The next wish, until all have been taken."""
    return "check_reply" if len(state["parts"]) == len(state["routes"]) else cast("Specialist", state["route"])


def after_plan(state: LeadState) -> Literal["review", "__end__"]:
    """The turn is kept only where a person is to be asked."""
    return "review" if state.get("turn") and state.get("message") else "__end__"
