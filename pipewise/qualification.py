"""What is known of a lead's need: facts with their source, what to ask next, and a score with reasons outside any model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pipewise.language.qualification import Fact
from pipewise.qualification_rules import ChecklistItem, Qualification

MOST_HISTORY = 10
Verdict = Literal["qualified", "unqualified"]


@dataclass(frozen=True)
class Reason:
    """What one item of the checklist adds to the score, and why."""

    key: str
    points: int
    of: int
    because: str

    def as_dict(self) -> dict[str, Any]:
        return {"key": self.key, "points": self.points, "of": self.of, "because": self.because}


@dataclass(frozen=True)
class Score:
    points: int
    verdict: Verdict | None
    reasons: tuple[Reason, ...]

    def sentence(self) -> str:
        """For the record of a status change."""
        earned = ", ".join(f"{reason.key} {reason.points}" for reason in self.reasons if reason.points)
        return f"score {self.points}: {earned or 'nothing known'}"


def merge_facts(known: Mapping[str, Any], found: Sequence[Fact], message_id: str, now: str) -> dict[str, Any]:
    """The newest statement stands; former ones stay as history. Each fact cites its message and words."""
    merged: dict[str, Any] = dict(known)
    for fact in found:
        before = merged.get(fact.field)
        if before and before["value"] == fact.value:
            continue
        history = [*before.get("history", []), _as_history(before)] if before else []
        merged[fact.field] = {
            "value": fact.value,
            "quote": fact.quote,
            "message_id": message_id,
            "at": now,
            "history": history[-MOST_HISTORY:],
        }
    return merged


def _as_history(fact: Mapping[str, Any]) -> dict[str, Any]:
    return {key: fact[key] for key in ("value", "quote", "message_id", "at") if key in fact}


def next_item(rules: Qualification, facts: Mapping[str, Any], asked: Sequence[str]) -> ChecklistItem | None:
    """The first that is neither known nor asked before; None once enough is known, or nothing is left to ask."""
    score = rate(rules, facts, asked)
    if score.verdict == "qualified":
        return None
    enough = score.points >= rules.thresholds.qualified
    return next((item for item in _open(rules, facts, asked) if item.required or not enough), None)


def rate(rules: Qualification, facts: Mapping[str, Any], asked: Sequence[str] = ()) -> Score:
    """What is known, weighed. The same facts and rules give the same score and reasons."""
    reasons = tuple(_weigh(item, facts.get(item.key)) for item in rules.checklist)
    points = sum(reason.points for reason in reasons)
    return Score(points, _judge(rules, facts, asked, points), reasons)


def _judge(rules: Qualification, facts: Mapping[str, Any], asked: Sequence[str], points: int) -> Verdict | None:
    missing = [item for item in rules.checklist if item.required and item.key not in facts]
    if rules.checklist and points >= rules.thresholds.qualified and not missing:
        return "qualified"
    if points < rules.thresholds.unqualified and not _open(rules, facts, asked):
        return "unqualified"
    return None


def _open(rules: Qualification, facts: Mapping[str, Any], asked: Sequence[str]) -> list[ChecklistItem]:
    return [item for item in rules.checklist if item.key not in facts and item.key not in asked]


def _weigh(item: ChecklistItem, fact: Mapping[str, Any] | None) -> Reason:
    if fact is None:
        return Reason(item.key, 0, item.weight, "not known")
    value = str(fact["value"])
    if item.kind == "choice":
        option = next((one for one in item.options if one.value == value), None)
        points = round(item.weight * option.points / 100) if option else 0
        return Reason(item.key, points, item.weight, value if option else f"{value}: no longer an option")
    if item.at_least is not None and read_number(value) < item.at_least:
        return Reason(item.key, 0, item.weight, f"{value}: less than {item.at_least:g}")
    return Reason(item.key, item.weight, item.weight, value)


def read_number(value: str) -> float:
    """Of an amount as facts write it: "5000 EUR per month"."""
    try:
        return float(value.split(" ", maxsplit=1)[0])
    except ValueError:
        return 0.0
