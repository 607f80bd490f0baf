"""Phrase patterns over words, found in one pass whose cost grows with the text, not with the size of the table.

A pattern is plain text. `word*` is a stem, `a|b` is a choice, `word?` may be missing, `...` is up to four words of any
kind, `#` is a number. Accents, case and apostrophes are folded, so tables are written as people write.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeAlias, TypeVar

from pipewise.language.folding import Word, words

Value = TypeVar("Value")
_Entry: TypeAlias = tuple[tuple["_Step", ...], Value]
_GAP = 4
_STEM_KEY = 3  # stems are looked up by their first letters


@dataclass(frozen=True)
class _Step:
    exact: frozenset[str] = frozenset()
    stems: tuple[str, ...] = ()
    optional: bool = False
    gap: bool = False
    number: bool = False

    def accepts(self, word: str) -> bool:
        if word in self.exact or (self.number and word[0].isdigit()):
            return True
        return bool(self.stems) and word.startswith(self.stems)


@dataclass(frozen=True)
class Match(Generic[Value]):
    """`first` and `last` are indices into the words that were searched, both included."""

    value: Value
    first: int
    last: int


def _step(piece: str) -> list[_Step]:
    optional = piece.endswith("?") and len(piece) > 1
    piece = piece.removesuffix("?").removesuffix("|")
    if piece == "...":
        return [_Step(gap=True)]
    if "|" not in piece and not piece.endswith("*") and piece != "#":
        return [_Step(exact=frozenset([word.text]), optional=optional) for word in words(piece)]
    exact, stems = set[str](), list[str]()
    choices = piece.split("|")
    for choice in choices:
        if choice == "#":
            continue
        folded = [word.text for word in words(choice.removesuffix("*"))]
        if len(folded) != 1:
            raise ValueError(f"A choice must be one word: {choice!r} in {piece!r}")
        if choice.endswith("*"):
            stems.append(folded[0])
        else:
            exact.add(folded[0])
    return [_Step(frozenset(exact), tuple(stems), optional, number="#" in choices)]


def _steps(pattern: str) -> list[tuple[_Step, ...]]:
    steps = [step for piece in pattern.split() for step in _step(piece)]
    if not steps or steps[0].gap:
        raise ValueError(f"A pattern must start with a word: {pattern!r}")
    variants = [tuple(steps)]
    if steps[0].optional:
        variants = [tuple(steps[1:]), (replace(steps[0], optional=False), *steps[1:])]
    return variants


class PhraseTable(Generic[Value]):
    """Patterns with the value that each stands for."""

    def __init__(self, entries: Iterable[tuple[str, Value]]) -> None:
        self._exact: dict[str, list[_Entry[Value]]] = {}
        self._stems: dict[str, list[_Entry[Value]]] = {}
        self._numbers: list[_Entry[Value]] = []
        for pattern, value in entries:
            for steps in _steps(pattern):
                self._add(steps, value)

    def _add(self, steps: tuple[_Step, ...], value: Value) -> None:
        for word in steps[0].exact:
            self._exact.setdefault(word, []).append((steps, value))
        for key in {stem[:_STEM_KEY] for stem in steps[0].stems}:
            self._stems.setdefault(key, []).append((steps, value))
        if steps[0].number:
            self._numbers.append((steps, value))

    def matches(self, sentence: Sequence[Word]) -> list[Match[Value]]:
        """Every pattern found at every place of one sentence (or clause)."""
        found = list[Match[Value]]()
        for first, word in enumerate(sentence):
            for steps, value in self._candidates(word.text):
                last = _end(sentence, first, steps)
                if last is not None:
                    found.append(Match(value, first, last))
        return found

    def _candidates(self, word: str) -> list[_Entry[Value]]:
        exact, stems = self._exact.get(word, []), self._stems.get(word[:_STEM_KEY], [])
        if word[0].isdigit() and self._numbers:
            return [*exact, *stems, *self._numbers]
        return exact + stems if exact and stems else exact or stems

    def longest(self, sentence: Sequence[Word]) -> list[Match[Value]]:
        """From left to right, the longest match at each place, none overlapping another."""
        found = list[Match[Value]]()
        for match in sorted(self.matches(sentence), key=lambda match: (match.first, -match.last)):
            if not found or match.first > found[-1].last:
                found.append(match)
        return found

    def vocabulary(self) -> frozenset[str]:
        """Every word that some pattern names in full."""
        tables = (*self._exact.values(), *self._stems.values(), self._numbers)
        return frozenset(word for table in tables for steps, _ in table for step in steps for word in step.exact)

    def found_in(self, sentence: Sequence[Word]) -> bool:
        return bool(self.matches(sentence))


def _end(sentence: Sequence[Word], at: int, steps: tuple[_Step, ...]) -> int | None:
    """Index of the last word when `steps` match from `at`, or None."""
    if not steps:
        return at - 1
    step, rest = steps[0], steps[1:]
    if step.gap:
        ends = (_end(sentence, at + skipped, rest) for skipped in range(min(_GAP, len(sentence) - at) + 1))
        return next((end for end in ends if end is not None), None)
    if at < len(sentence) and step.accepts(sentence[at].text):
        end = _end(sentence, at + 1, rest)
        if end is not None:
            return end
    return _end(sentence, at, rest) if step.optional else None
