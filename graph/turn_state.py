"""A conversation's state as JSON: what a turn started from and what it left, for its journal."""

from collections.abc import Mapping
from typing import Any

from langchain_core.messages import messages_from_dict, messages_to_dict

from graph.state import LeadState
from pipewise.journal_codec import digest

CHANNELS = tuple(LeadState.__annotations__)
MESSAGES = "messages"


def read_state(values: Mapping[str, Any]) -> dict[str, Any]:
    """The channels that hold something, as JSON. LangGraph's own are left out."""
    state = {name: values[name] for name in CHANNELS if values.get(name) not in (None, [], {})}
    if MESSAGES in state:
        state[MESSAGES] = [_slim(message) for message in messages_to_dict(state[MESSAGES])]
    return state


def open_state(state: Mapping[str, Any]) -> dict[str, Any]:
    values = dict(state)
    if MESSAGES in values:
        values[MESSAGES] = messages_from_dict(values[MESSAGES])
    return values


def digests(values: Mapping[str, Any]) -> dict[str, str]:
    """A digest of each channel, so that a difference can be named."""
    return {name: digest(value) for name, value in read_state(values).items()}


def _slim(message: dict[str, Any]) -> dict[str, Any]:
    """Without what is empty: most of a message's fields are."""
    data = {name: value for name, value in message["data"].items() if value not in (None, [], {}, "", False)}
    return {"type": message["type"], "data": {"content": "", **data}}
