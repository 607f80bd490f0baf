"""Messages that say the same in nearly the same words: three quarters of their words are shared."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

NEAR = 0.75
_WORD = re.compile(r"[\w\u0300-\u036f\u0610-\u065f\u0900-\u097f']+")


def word_set(text: str) -> frozenset[str]:
    """Signs count where there are no words, as in a message of one emoji."""
    return frozenset(_WORD.findall(text.casefold()) or text.split())


@dataclass
class Kept:
    """Messages of which no two are near duplicates."""

    _sets: list[frozenset[str]] = field(default_factory=list)
    _with: dict[str, list[int]] = field(default_factory=dict)

    def add(self, text: str) -> bool:
        """False, and not added, if the message is near to one that is here."""
        words = word_set(text)
        if self._is_near(words):
            return False
        self._keep(words)
        return True

    def keep(self, text: str) -> None:
        """Whatever it is near to."""
        self._keep(word_set(text))

    def _keep(self, words: frozenset[str]) -> None:
        for word in words:
            self._with.setdefault(word, []).append(len(self._sets))
        self._sets.append(words)

    def is_near(self, text: str) -> bool:
        return self._is_near(word_set(text))

    def _is_near(self, words: frozenset[str]) -> bool:
        shared: dict[int, int] = {}
        for word in words:
            for place in self._with.get(word, ()):
                shared[place] = shared.get(place, 0) + 1
        return any(count / (len(words) + len(self._sets[place]) - count) >= NEAR for place, count in shared.items())


def count_distinct(texts: Iterable[str]) -> int:
    kept = Kept()
    return sum(kept.add(text) for text in texts)
