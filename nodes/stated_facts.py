"""Facts that a model says the lead stated: each is held to the lead's own words, and its value is read from them by code."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from langchain_core.messages import AIMessage
from langchain_core.tools import tool
from pydantic import BaseModel, Field

from graph.state import LeadState
from pipewise.language.answers import Asker, Choice, read_answer
from pipewise.language.folding import words
from pipewise.language.qualification import Fact
from pipewise.leads import Lead
from pipewise.qualification_rules import ChecklistItem, Qualification

LONGEST_QUOTE = 200
MOST_FACTS = 10
FEWEST_WORDS = 2  # less is no answer to anybody


class StatedFact(BaseModel):
    """One thing that the person said of their need."""

    field: str = Field(description="One of the fields in the context's `fields`.")
    value: str = Field(description="What was said of it, as short as possible.")
    quote: str = Field(description="The person's own words, exactly as written in one of their last messages.")


@tool
def answer_lead(reply: str, facts: list[StatedFact], asks: str = "") -> str:
    """Answer the person. `facts`: what they state of the fields, with their words. `asks`: the field that the reply asks for."""
    return f"{reply} {facts} {asks}"


def read_call(message: AIMessage) -> tuple[str, str, list[dict[str, Any]]]:
    """Words, the field that they ask for, and facts as they were claimed. What is not in its shape is left out, and plain words
    are taken as they are."""
    call = next((one for one in message.tool_calls if one["name"] == answer_lead.name), None)
    if call is None:
        return message.text.strip(), "", []
    said, asks, claimed = (call["args"].get(name) for name in ("reply", "asks", "facts"))
    reply = said.strip() if isinstance(said, str) else message.text.strip()
    listed = claimed if isinstance(claimed, list) else []
    facts = [one for one in listed[:MOST_FACTS] if isinstance(one, dict)]
    enough = len(reply.split()) >= FEWEST_WORDS or not reply.isascii()  # some scripts part no words
    return reply if enough else "", asks if isinstance(asks, str) else "", facts


def hold_to_words(
    state: LeadState, lead: Lead, rules: Qualification, claimed: Sequence[dict[str, Any]]
) -> Iterator[tuple[Fact, int]]:
    """The claims that stand, each with the place of its message: the field is of the checklist, the quote is in a message of this
    turn, and the words hold a valid value."""
    items = {item.key: item for item in rules.checklist}
    for claim in claimed:
        item, quote = items.get(str(claim.get("field"))), claim.get("quote")
        found = _find(quote, state) if isinstance(quote, str) else None
        if item is None or found is None:
            continue
        said, place = found
        read = _value(item, said, str(claim.get("value", "")), state, lead)
        if read:
            yield Fact(item.key, *read), place


def _find(quote: str, state: LeadState) -> tuple[str, int] | None:
    """The words as they stand in the newest message that has them."""
    parts = quote.split()
    if not parts or len(quote) > LONGEST_QUOTE:
        return None
    pattern = re.compile(r"(?<!\w)" + r"\s+".join(map(re.escape, parts)) + r"(?!\w)", re.IGNORECASE)
    for place in range(len(state["events"]) - 1, -1, -1):
        match = pattern.search(state["events"][place].get("text", ""))
        if match:
            return match[0], place
    return None


def _value(item: ChecklistItem, said: str, claimed: str, state: LeadState, lead: Lead) -> tuple[str, str] | None:
    """Read from the words by the kind of the item. Of a text the model may leave words out, but add none."""
    if item.kind != "text":
        asker = Asker(datetime.fromisoformat(state["now"]), lead.timezone or "UTC", lead.phone)
        choices = tuple(Choice(option.value, option.words) for option in item.options)
        return read_answer(said, item.kind, asker, choices)
    told, spoken = [word.text for word in words(claimed)], {word.text for word in words(said)}
    return (claimed.strip() if told and set(told) <= spoken else said), said
