"""A conversation's state as JSON: what a turn started from and what it left, for its journal."""

from collections.abc import Mapping
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, message_to_dict, messages_from_dict

from graph.state import LeadState
from pipewise.journal_codec import digest

CHANNELS = tuple(LeadState.__annotations__)
MESSAGES = "messages"
PLAIN: dict[type[BaseMessage], str] = {HumanMessage: "human", AIMessage: "ai"}


def read_state(values: Mapping[str, Any]) -> dict[str, Any]:
    """The channels that hold something, as JSON. LangGraph's own are left out."""
    state = {name: values[name] for name in CHANNELS if values.get(name) not in (None, [], {})}
    if MESSAGES in state:
        state[MESSAGES] = [_describe(message) for message in state[MESSAGES]]
    return state


def open_state(state: Mapping[str, Any]) -> dict[str, Any]:
    values = dict(state)
    if MESSAGES in values:
        values[MESSAGES] = [_build(described) for described in values[MESSAGES]]
    return values


def digests(values: Mapping[str, Any]) -> dict[str, str]:
    """A digest of each channel, so that a difference can be named."""
    return {name: digest(value) for name, value in read_state(values).items()}


def _describe(message: BaseMessage) -> Any:
    """What a lead or we said is words and an id; anything else is written out whole."""
    kind = PLAIN.get(type(message))
    if (
        kind
        and isinstance(message.content, str)
        and not message.additional_kwargs
        and not getattr(message, "tool_calls", None)
    ):
        return [kind, message.content, message.id]
    return message_to_dict(message)


def _build(described: Any) -> BaseMessage:
    if isinstance(described, list):
        kind, content, message_id = described
        return (HumanMessage if kind == "human" else AIMessage)(content, id=message_id)
    return messages_from_dict([described])[0]
