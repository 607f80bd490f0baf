"""What is kept of messages that a conversation's window no longer holds: facts with their words, decisions, first and last words.

Made by rule, without a model: it holds nothing that was not said or done, and its size has a bound.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict

from pipewise.language.qualification import read_facts

LONGEST = 1000  # characters, as given to a model
_LINE = 90
_PROMISE, _PROMISES = 160, 2
_FIRST, _LAST = 1, 2
_DECISIONS = 3
_BOOKED = "booked "


class Summary(TypedDict):
    """`said`: the lead's first words and the newest that are older than the window. `until`: the last message taken in.
    `told`: what colleagues wrote to the lead last, which the agent has to know of when it goes on."""

    facts: dict[str, str]
    said: list[str]
    decisions: list[str]
    until: str | None
    told: NotRequired[list[str]]


def empty_summary() -> Summary:
    return Summary(facts={}, said=[], decisions=[], until=None)


def take_in(summary: Summary, messages: Sequence[tuple[str, str | None]]) -> Summary:
    """Add messages in order, as (id, words of the lead or None for ours); those taken in before are passed over."""
    ids = [message_id for message_id, _ in messages]
    fresh = messages[ids.index(summary["until"]) + 1 :] if summary["until"] in ids else messages
    if not fresh:
        return summary
    words = [text for _, text in fresh if text and text.strip()]
    facts = dict(summary["facts"])
    for text in words:
        facts |= {fact.field: _line(fact.quote) for fact in read_facts(text)}
    said = [*summary["said"], *(_line(text) for text in words)]
    kept = said if len(said) <= _FIRST + _LAST else [*said[:_FIRST], *said[-_LAST:]]
    return Summary(**{**summary, "facts": facts, "said": kept, "until": fresh[-1][0]})


def note_decision(summary: Summary, outcome: Mapping[str, Any] | None) -> Summary:
    """Add what a turn of the scheduler came to."""
    told = _decision(outcome) if outcome else None
    if told is None or (line := _line(told)) in summary["decisions"]:
        return summary
    # A newer offer or choice takes the place of the older; a booking stays.
    kept = [one for one in summary["decisions"] if _kind(one) == _BOOKED or _kind(one) != _kind(line)]
    decisions = [*kept, line]
    while len(decisions) > _DECISIONS:
        decisions.remove(next((line for line in decisions if _kind(line) != _BOOKED), decisions[0]))
    return Summary(**{**summary, "decisions": decisions})


def note_told(summary: Summary, texts: Sequence[str]) -> Summary:
    """Add what colleagues wrote to the lead: what they promised holds."""
    if not texts:
        return summary
    told = [*summary.get("told", ()), *(_shortened(text, _PROMISE) for text in texts)]
    return Summary(**{**summary, "told": told[-_PROMISES:]})


def render_summary(summary: Summary | None) -> str:
    """At most LONGEST characters; empty if nothing is older than the window."""
    if not summary or not (summary["until"] or summary.get("told")):
        return ""
    lines = [
        ("The lead began with", "; ".join(summary["said"][:_FIRST])),
        ("later said", "; ".join(summary["said"][_FIRST:])),
        ("Stated", "; ".join(f"{field}: {words}" for field, words in summary["facts"].items())),
        ("A colleague told the lead", "; ".join(summary.get("told", ()))),
        ("Done", "; ".join(summary["decisions"])),
    ]
    return "\n".join(f"{title}: {words}" for title, words in lines if words)[:LONGEST]


def _decision(outcome: Mapping[str, Any]) -> str | None:
    match outcome["kind"]:
        case "offer":
            return f"offered {', '.join(slot['label'] for slot in outcome['slots'])}"
        case "need":
            return f"the lead chose {outcome['when']}"
        case "booked":
            return f"{_BOOKED}{outcome['when']} {outcome['timezone_label']}"
        case "uncertain":
            return f"could not confirm a booking of {outcome['when']}"
        case "link":
            return "gave a link to book by"
        case "change":
            return f"gave links to change the meeting of {outcome['when']}"
        case "fallback":
            return "could not offer times"
        case _:
            return None


def _kind(line: str) -> str:
    return _BOOKED if line.startswith(_BOOKED) else line.split(" ", maxsplit=1)[0]


def _line(text: str) -> str:
    return _shortened(text, _LINE)


def _shortened(text: str, longest: int) -> str:
    words = " ".join(text.split())
    return words if len(words) <= longest else f"{words[: longest - 1]}…"
