"""The phrase tables of every language as one searchable whole."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from pipewise.language import (
    intent_ar,
    intent_de,
    intent_en,
    intent_en_aside,
    intent_es,
    intent_fr,
    intent_hi,
    intent_it,
    intent_pt,
)
from pipewise.language.consent import entries
from pipewise.language.patterns import PhraseTable

TABLES = (intent_en, intent_en_aside, intent_es, intent_pt, intent_fr, intent_de, intent_it, intent_hi, intent_ar)


@dataclass(frozen=True)
class Rule:
    label: str
    weight: float
    at_start: bool  # only where a clause starts
    at_end: bool  # only where a clause ends


def _rules() -> Iterator[tuple[str, Rule]]:
    for table in TABLES:
        for label, weights in table.PHRASES.items():
            for weight, listed in weights.items():
                for entry in entries(listed):
                    pattern = entry.removeprefix("^ ").removesuffix(" $")
                    yield pattern, Rule(label, weight, entry.startswith("^ "), entry.endswith(" $"))


@cache
def rules() -> PhraseTable[Rule]:
    return PhraseTable(_rules())
