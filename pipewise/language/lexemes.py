"""Finds the words for days, times and what stands between them; `moments` puts them together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from pipewise.language import moment_words as table
from pipewise.language.consent import entries, word_set
from pipewise.language.folding import Word
from pipewise.language.hour_words import NUMBERS
from pipewise.language.patterns import Match, PhraseTable


@dataclass(frozen=True)
class Lexeme:
    """`value` is the weekday, the distance, the unit or the name, as the kind asks for."""

    kind: str
    value: int | str | tuple[str, int]


def _each(kind: str, listed: dict[int, str] | dict[str, str]) -> Iterator[tuple[str, Lexeme]]:
    for value, patterns in listed.items():
        for pattern in entries(patterns):
            yield pattern, Lexeme(kind, value)


def _content() -> Iterator[tuple[str, Lexeme]]:
    yield from _each("day", table.DAYS)
    yield from _each("weekday", table.WEEKDAYS)
    yield from _each("weekday_short", table.WEEKDAYS_SHORT)
    yield from _each("part", table.PARTS)
    for kind, spans in (("span", table.SPANS), ("ahead", table.AHEAD)):
        for distance, patterns in spans.items():
            for pattern in entries(patterns):
                yield pattern, Lexeme(kind, distance)
    for kind, patterns in (("weekend", table.WEEKENDS), ("noon", table.NOON), ("midnight", table.MIDNIGHT)):
        for pattern in entries(patterns):
            yield pattern, Lexeme(kind, 0)


def _marks() -> Iterator[tuple[str, Lexeme]]:
    for kind, patterns in table.MARKS.items():
        for pattern in entries(patterns):
            yield pattern, Lexeme(kind, 0)
    yield from _each("month", table.MONTHS)
    yield from _each("number", NUMBERS)
    for unit, patterns in table.UNITS.items():
        for pattern in entries(patterns):
            yield pattern, Lexeme("unit", unit)


@cache
def _content_table() -> PhraseTable[Lexeme]:
    return PhraseTable(_content())


@cache
def _mark_table() -> PhraseTable[Lexeme]:
    return PhraseTable(_marks())


@cache
def _portuguese_leads() -> frozenset[str]:
    return word_set(table.PORTUGUESE_DAY_LEADS.replace("|", " "))


class Reading:
    """The lexemes of one text: `content` in order, marks by the word they start or end at."""

    def __init__(self, spoken: Sequence[Word], text: str) -> None:
        self.words = spoken
        self.text = text  # folded, what the words' places count in
        found = _content_table().matches(spoken)
        self.content = [match for match in _longest(found) if self._stands(match)]
        self._inner = [match for match in found if match.value.kind == "part"]
        self._starts: dict[tuple[int, str], Match[Lexeme]] = {}
        self._ends: dict[tuple[int, str], Match[Lexeme]] = {}
        for match in _mark_table().matches(spoken):
            self._keep(self._starts, (match.first, match.value.kind), match)
            self._keep(self._ends, (match.last, match.value.kind), match)

    @staticmethod
    def _keep(index: dict[tuple[int, str], Match[Lexeme]], key: tuple[int, str], match: Match[Lexeme]) -> None:
        kept = index.get(key)
        if kept is None or match.last - match.first > kept.last - kept.first:
            index[key] = match

    def _stands(self, match: Match[Lexeme]) -> bool:
        """A short weekday counts beside a number, or in Portuguese behind the words that lead to a day."""
        if match.value.kind != "weekday_short":
            return True
        first, last = match.first, match.last
        if self.words[first].text in {"segunda", "quarta", "quinta", "sexta"}:
            led = [word.text for word in self.words[max(0, first - 2) : first]]
            if led in (["depois", "de"], ["antes", "de"], ["partir", "de"]):
                return True
            return first == 0 or self.words[first].breaks > 0 or led[-1] in _portuguese_leads()
        after = self.words[last + 1].text if last + 1 < len(self.words) else ""
        return after[:1].isdigit() or (len(self.words) == 1)

    def parts_within(self, match: Match[Lexeme]) -> list[Match[Lexeme]]:
        return [part for part in self._inner if match.first <= part.first and part.last <= match.last]

    def starting(self, place: int, *kinds: str) -> Match[Lexeme] | None:
        found = [match for kind in kinds if (match := self._starts.get((place, kind)))]
        return max(found, key=lambda match: match.last, default=None)

    def ending(self, place: int, *kinds: str) -> Match[Lexeme] | None:
        found = [match for kind in kinds if (match := self._ends.get((place, kind)))]
        return min(found, key=lambda match: match.first, default=None)


def _longest(found: list[Match[Lexeme]]) -> list[Match[Lexeme]]:
    """From left to right, the longest match at each place, none overlapping another."""
    kept: list[Match[Lexeme]] = []
    for match in sorted(found, key=lambda match: (match.first, -match.last)):
        if not kept or match.first > kept[-1].last:
            kept.append(match)
    return kept
