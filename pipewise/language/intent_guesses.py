"""The intents there are, a guess at one, and what a guess may know of the conversation."""

from dataclasses import dataclass
from typing import Final

INTENTS: Final = (
    "meeting_request",
    "meeting_change",
    "lead_inquiry",
    "follow_up",
    "human_request",
    "opt_out",
    "greeting",
    "out_of_scope",
)


@dataclass(frozen=True)
class IntentGuess:
    """`confidence` is from 0 to 1; `evidence` is an exact part of the message, empty where nothing spoke for the label."""

    label: str
    confidence: float
    evidence: str
    runner_up: str | None


@dataclass(frozen=True)
class ConversationContext:
    """What the conversation was at. `awaiting`: None, slot_choice, email, name, answer or confirm_change."""

    awaiting: str | None = None
    has_meeting: bool = False
    offered: bool = False
