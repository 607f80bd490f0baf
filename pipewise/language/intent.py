"""What a lead wants with a message, by weighted phrases in every language of ours: the classifier that needs no model."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pipewise.language.consent import is_opt_in, is_opt_out, word_set
from pipewise.language.folding import Word, clauses, fold, sentences
from pipewise.language.human import asks_human, asks_if_bot
from pipewise.language.intent_scores import Scores, score


__all__ = [
    "INTENTS",
    "ConversationContext",
    "IntentGuess",
    "asks_human",
    "asks_if_bot",
    "classify",
    "is_opt_in",
    "is_opt_out",
]

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
_STRONG = 0.8  # from here on a clause is taken to carry an intent of its own
_BY_HAND = frozenset(("opt_out", "human_request"))
_CONJUNCTIONS = word_set("and but also y e und et mais aber pero mas ma और लेकिन aur lekin و ولكن و لكن plus además além auch aussi anche")


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


def classify(text: str, *, context: ConversationContext) -> tuple[IntentGuess, ...]:
    return _spoken_for(text)


def _guess(text: str, part: Sequence[Word], scores: Scores, label: str) -> IntentGuess:
    hit = scores.best_hit.get(label)
    evidence = fold(text).quote(part[hit.first].start, part[hit.last].end) if hit else ""
    others = [other for other in scores.ranked() if other != label]
    return IntentGuess(label, round(scores.confidence(label, len(INTENTS)), 3), evidence, others[0] if others else None)


def _best(text: str, part: Sequence[Word]) -> IntentGuess | None:
    scores = score(part)
    ranked = scores.ranked()
    return _guess(text, part, scores, ranked[0]) if ranked else None


def _unknown(text: str) -> IntentGuess:
    """Nothing spoke for anything: a question is rather an inquiry, a statement rather not for us."""
    if "?" in fold(text).text:
        return IntentGuess("lead_inquiry", 0.3, "", "out_of_scope")
    return IntentGuess("out_of_scope", 0.25, "", "lead_inquiry")


def _spoken_for(text: str) -> tuple[IntentGuess, ...]:
    parts = sentences(text)
    guesses = [guess for guess in (_best(text, part) for part in parts) if guess]
    if not guesses:
        return (_unknown(text),)
    return tuple(sorted(guesses, key=lambda g:-g.confidence))
