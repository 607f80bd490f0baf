"""The checklist of a lead: facts with their source, what is still unknown, and a score outside any model."""

from collections.abc import Mapping, Sequence
from typing import Any

from pipewise.language.qualification import Fact

CHECKLIST = ("need", "company_size", "timeline", "budget", "authority")
"""BANT with the company's size, in the order in which a person would ask."""

WEIGHTS = {"need": 30, "company_size": 15, "timeline": 20, "budget": 20, "authority": 15}
ENOUGH = 3


def merge_facts(known: Mapping[str, Any], found: Sequence[Fact], message_id: str, now: str) -> dict[str, Any]:
    """The newest statement stands; former ones stay as history. Each fact cites its message and words."""
    merged: dict[str, Any] = dict(known)
    for fact in found:
        before = merged.get(fact.field)
        if before and before["value"] == fact.value:
            continue
        history = [*before.get("history", []), {key: before[key] for key in ("value", "quote", "at")}] if before else []
        merged[fact.field] = {
            "value": fact.value,
            "quote": fact.quote,
            "message_id": message_id,
            "at": now,
            "history": history,
        }
    return merged


def next_question(facts: Mapping[str, Any], asked: Sequence[str]) -> str | None:
    """The first field that is neither known nor asked before; None when enough is known to propose a meeting."""
    if sum(field in facts for field in CHECKLIST) >= ENOUGH:
        return None
    return next((field for field in CHECKLIST if field not in facts and field not in asked), None)


def score(facts: Mapping[str, Any]) -> int:
    """0 to 100: the sum of what is known."""
    return sum(weight for field, weight in WEIGHTS.items() if field in facts)
