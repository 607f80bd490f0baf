"""Days, times of day and parts of the day that a text speaks of, each with whether it is refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from pipewise.language.calendar_days import DayReader
from pipewise.language.clock_times import ClockMention, read_clocks
from pipewise.language.compounds import part_compounds
from pipewise.language.day_mentions import DayMention
from pipewise.language.folding import Word, fold, words
from pipewise.language.lexemes import Reading

_NEAR = 4  # words between a refusal and what it refuses
_PORTUGUESE_ON = frozenset(
    ("sabado", "domingo", "dia", "fim", "proximo", "final", "horario")
)  # "no sábado" is "on Saturday"


@dataclass(frozen=True)
class PartMention:
    """A part of the day: early, morning, lunch, after_lunch, …"""

    name: str
    first: int
    last: int


class _Placed(Protocol):
    @property
    def first(self) -> int: ...

    @property
    def last(self) -> int: ...


@dataclass(frozen=True)
class Moments:
    words: Sequence[Word]
    days: tuple[DayMention, ...]
    clocks: tuple[ClockMention, ...]
    parts: tuple[PartMention, ...]
    refused: frozenset[tuple[int, int]]  # (first, last) of mentions that are not wanted

    def is_refused(self, mention: _Placed) -> bool:
        return (mention.first, mention.last) in self.refused

    def __bool__(self) -> bool:
        return bool(self.days or self.clocks or self.parts)


def read_moments(text: str, *, now: datetime, timezone: str) -> Moments:
    """`now` is aware; "today" is the day in `timezone`."""
    spoken = part_compounds(words(text))
    reading = Reading(spoken, fold(text).text)
    day_reader = DayReader(reading, now.astimezone(ZoneInfo(timezone)).date())
    days = day_reader.mentions()
    clocks = read_clocks(reading, day_reader.taken)
    parts = _parts(reading)
    placed: list[_Placed] = [*days, *clocks, *parts]
    starts, ends = {item.first for item in placed}, {item.last for item in placed}
    refused = frozenset(
        (item.first, item.last)
        for item in placed
        if _refused_before(reading, item, ends) or _refused_after(reading, item, starts)
    )
    return Moments(spoken, tuple(days), tuple(clocks), tuple(parts), refused)


def _parts(reading: Reading) -> list[PartMention]:
    found: list[PartMention] = []
    for match in reading.content:
        for part in sorted(reading.parts_within(match), key=lambda part: (part.first, -part.last)):
            if not found or part.first > found[-1].last:
                found.append(PartMention(str(part.value.value), part.first, part.last))
        follows = match.value.kind == "day" and match.value.value == 1 and match.first > 0
        if follows and reading.words[match.first].text in {"morgen", "manana"}:
            before = [other for other in reading.content if other.last == match.first - 1]
            if any(other.value.kind in {"weekday", "day"} for other in before):
                found.append(PartMention("morning", match.first, match.last))
    return found


def _refused_before(reading: Reading, item: _Placed, ends: set[int]) -> bool:
    place = item.first - 1
    while place >= 0 and item.first - place <= _NEAR:
        if reading.words[place + 1].breaks or (place in ends and not _joins(reading, place + 1, item.first)):
            return False
        mark = reading.ending(place, "not")
        if mark:
            return not _is_no_refusal(reading, mark.first)
        place -= 1
    return False


def _joins(reading: Reading, start: int, end: int) -> bool:
    """In "not Monday or Tuesday", "not tomorrow morning" the refusal reaches over the first."""
    return start == end or (end - start == 1 and reading.starting(start, "or", "and") is not None)


def _is_no_refusal(reading: Reading, place: int) -> bool:
    spoken = reading.words
    if place and spoken[place - 1].text in {"why", "pourquoi", "porque", "warum", "perche"}:
        return True
    return spoken[place].text == "no" and place + 1 < len(spoken) and spoken[place + 1].text in _PORTUGUESE_ON


def _refused_after(reading: Reading, item: _Placed, starts: set[int]) -> bool:
    place = item.last + 1
    while place < len(reading.words) and place - item.last <= _NEAR:
        if reading.words[place].breaks or place in starts:
            return False
        mark = reading.starting(place, "not")
        if mark:
            return not _is_no_refusal(reading, place) and not _leads_on(reading, mark.last + 1, starts)
        place += 1
    return False


def _leads_on(reading: Reading, place: int, starts: set[int]) -> bool:
    """In "Thursday, not Friday" the refusal belongs to what follows it."""
    for ahead in range(place, min(place + _NEAR, len(reading.words))):
        if reading.words[ahead].breaks:
            return False
        if ahead in starts:
            return True
    return False
