"""How much each intent is spoken for in a part of a message."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from pipewise.language.consent import word_set
from pipewise.language.folding import Word
from pipewise.language.human import wants_human, wonders_if_bot
from pipewise.language.intent_rules import rules
from pipewise.language.spelling import corrected

# What the second and third phrase for an intent add to the first.
_SHARES = (1.0, 0.4, 0.2)
_CAP = 8.0
_STRONG = 3.3
_NEAR = 3
_REST = 4  # words that make a sentence more than its opening
_HEARD = 1.5
_NEGATORS = word_set(
    "no not don't dont doesn't didn't never without nor kein keine keinen nicht nie ne pas plus jamais sans nunca sin não nao "
    "sem non mai senza नहीं मत nahi nahin mat لا ليس لن لست بدون can't cannot won't"
)
_URGED = word_set("why pourquoi warum")  # "why don't we meet?" asks to meet


@dataclass(frozen=True)
class Hit:
    """A phrase found: `first` and `last` index the words of the part."""

    label: str
    weight: float
    first: int
    last: int
    opening: bool  # a phrase that only counts where a clause starts, such as "yes" or "hello"


@dataclass(frozen=True)
class Scores:
    by_label: dict[str, float]
    best_hit: dict[str, Hit]

    def ranked(self) -> list[str]:
        return sorted(self.by_label, key=lambda label: -self.by_label[label])

    def confidence(self, label: str, labels: int) -> float:
        """Share of the label among all, as if every unheard label scored nothing."""
        total = sum(math.exp(score) for score in self.by_label.values()) + labels - len(self.by_label)
        return math.exp(self.by_label.get(label, 0.0)) / total


@cache
def _known_words() -> frozenset[str]:
    return rules().vocabulary()


def _negated(part: Sequence[Word], hit: Hit) -> bool:
    first = hit.first
    while first > 0 and hit.first - first < _NEAR and not part[first].breaks:
        first -= 1
    spoken = [word.text for word in part[first : hit.last + 1]]
    return any(word in _NEGATORS for word in spoken) and not any(word in _URGED for word in spoken)


def _hits(part: Sequence[Word]) -> list[Hit]:
    found: list[Hit] = []
    for match in rules().matches(corrected(part, _known_words())):
        rule, after = match.value, match.last + 1
        if rule.at_start and match.first and not part[match.first].breaks:
            continue
        if rule.at_end and after < len(part) and not part[after].breaks:
            continue
        hit = Hit(rule.label, rule.weight, match.first, match.last, rule.at_start)
        if hit.label == "meeting_request" and _negated(part, hit):
            hit = replace(hit, label="follow_up", weight=hit.weight * 0.8)
        found.append(hit)
    return sorted(found, key=lambda hit: (-hit.weight, hit.opening, hit.first))


def _apart(hits: Sequence[Hit]) -> list[Hit]:
    """The heaviest hits that do not overlap."""
    kept: list[Hit] = []
    for hit in hits:
        if len(kept) == len(_SHARES):
            break
        if all(hit.last < other.first or hit.first > other.last for other in kept):
            kept.append(hit)
    return kept


def score(part: Sequence[Word]) -> Scores:
    """Scores of one sentence or clause."""
    by_label: dict[str, list[Hit]] = {}
    for hit in _hits(part):
        by_label.setdefault(hit.label, []).append(hit)
    scores: dict[str, float] = {}
    best: dict[str, Hit] = {}
    for label, hits in by_label.items():
        kept = _apart(hits)
        scores[label] = min(_CAP, sum(hit.weight * share for hit, share in zip(kept, _SHARES, strict=False)))
        best[label] = kept[0]
    _add_exact(part, scores, best)
    _damp_openings(part, scores, best)
    _weigh_together(scores)
    return Scores(scores, best)


def _add_exact(part: Sequence[Word], scores: dict[str, float], best: dict[str, Hit]) -> None:
    whole = Hit("", 0.0, 0, len(part) - 1, opening=False)
    if wonders_if_bot(part):
        scores["greeting"] = max(scores.get("greeting", 0.0), 5.0)
        best.setdefault("greeting", replace(whole, label="greeting"))
    if wants_human(part):
        scores["human_request"] = 6.5
        best["human_request"] = replace(whole, label="human_request")


def _damp_openings(part: Sequence[Word], scores: dict[str, float], best: dict[str, Hit]) -> None:
    """As in "Okay, can you …": a yes or a hello in front says little of a longer sentence that speaks for something."""
    for label in ("follow_up", "greeting"):
        hit = best.get(label)
        others = [score for other, score in scores.items() if other != label]
        if hit and hit.opening and len(part) - hit.last > _REST and max(others, default=0.0) >= _HEARD:
            scores[label] *= 0.4


def _weigh_together(scores: dict[str, float]) -> None:
    """A plain greeting or thanks stands back where something is asked; moving a meeting names a meeting."""
    for label, share, deaf in (("greeting", 0.4, {"follow_up"}), ("follow_up", 0.6, {"greeting", "out_of_scope"})):
        asked = max((value for other, value in scores.items() if other not in deaf and other != label), default=0.0)
        if label in scores and asked >= _STRONG:
            scores[label] *= share
    if scores.get("meeting_change", 0.0) >= _STRONG and "meeting_request" in scores:
        scores["meeting_request"] *= 0.5
