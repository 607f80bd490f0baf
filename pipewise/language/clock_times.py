"""Times of day in a text: "3pm", "15h30", "um halb drei", "a las tres y media", "between 2 and 4"."""

import re
from dataclasses import dataclass
from datetime import time

from pipewise.language.clock_values import RawClock, clock_options, clock_value, matched, shifted, with_extra
from pipewise.language.consent import word_set
from pipewise.language.hour_words import AFTER_HOUR, ARTICLES, BAJE, BESIDE_BAJE, GERMAN_DAYS, HOURS_AND_MINUTES
from pipewise.language.lexemes import Lexeme, Reading
from pipewise.language.patterns import Match

_GERMAN_DAYS = word_set(GERMAN_DAYS)
_RANGE = re.compile(r"(\d{1,2}(?:[:.]\d{2})?)-(\d{1,2}(?:[:.]\d{2})?)")
_RELATIONS = ("after", "before", "around", "at")
_FOLLOWING = (
    "at",
    "after",
    "before",
    "around",
    "to",
    "and",
    "or",
    "not",
    "in",
    "post_after",
    "post_before",
    "post_around",
    "month",
)
_ARTICLES = word_set(ARTICLES)
_AFTER_HOUR = word_set(AFTER_HOUR)
_BESIDE_BAJE, _BAJE = word_set(BESIDE_BAJE), word_set(BAJE)
_HOURS_AND_MINUTES = {word: value for value, listed in HOURS_AND_MINUTES.items() for word in word_set(listed)}


@dataclass(frozen=True)
class ClockMention:
    """`options` are the times that the words can mean, the likelier first; `first` and `last` are word indices."""

    options: tuple[time, ...]
    relation: str  # at, after, before or around
    first: int
    last: int


class ClockReader:
    def __init__(self, reading: Reading, taken: set[int]) -> None:
        self._reading = reading
        self._words = reading.words
        self._taken = taken

    def mentions(self) -> list[ClockMention]:
        found: list[ClockMention] = []
        place = 0
        while place < len(self._words):
            mentions = [] if place in self._taken else self._at(place)
            found += mentions
            place = max([mention.last for mention in mentions], default=place) + 1
        used = {place for mention in found for place in range(mention.first, mention.last + 1)}
        found += [mention for mention in self._named() if mention.first not in used]
        return sorted(found, key=lambda mention: mention.first)

    def _named(self) -> list[ClockMention]:
        hours = {"noon": 12, "midnight": 0}
        found = []
        for match in self._reading.content:
            if match.value.kind in hours:
                hour, minute, last = hours[match.value.kind], 0, match.last
                more = self._reading.starting(last + 1, "and_half", "and_quarter")
                if more:
                    hour, minute = with_extra(hour, minute, more.value.kind, 0)
                    last = more.last
                relation = self._relation(match.first, last) or "at"
                found.append(ClockMention((time(hour, minute),), relation, match.first, last))
        return found

    def _at(self, place: int) -> list[ClockMention]:
        text = self._words[place].text
        span = _RANGE.fullmatch(text)
        if span:
            return self._joined_range(place, span[1], span[2])
        first = self._raw(place)
        if first is None:
            return []
        second = self._second(first)
        if second is not None:
            return second
        relation = self._relation(first.first, first.last)
        if not first.marked and (relation is None or self._counts_something(first, relation)):
            return []
        return [ClockMention(clock_options(first), relation or "at", first.first, first.last)]

    def _counts_something(self, raw: RawClock, relation: str) -> bool:
        """A number that belongs to the word behind it: "around 20 users", "before one question"."""
        if raw.spelled in _ARTICLES and relation != "at":
            return True
        after = raw.last + 1
        if after >= len(self._words) or self._words[after].breaks or self._words[after].text in _AFTER_HOUR:
            return False
        if self._reading.starting(after, *_FOLLOWING):
            return False
        return not any(match.first == after for match in self._reading.content)

    def _raw(self, place: int) -> RawClock | None:
        """The number at `place` with what belongs to it: minutes, halves of the day, "o'clock"."""
        lead = self._reading.starting(place, "half_past", "quarter_past", "quarter_to", "half_to")
        start = lead.last + 1 if lead else place
        read = self._number(start)
        if read is None or self._is_offset(start):
            return None
        if not self._is_clocked(start) and self._is_duration(place, read[2]):
            return None
        hour, minute, last = read
        text = self._words[start].text
        marked = ":" in text or self._is_clocked(start)
        if lead:
            hour, minute = shifted(hour, lead.value.kind)
            marked = True
        half = ""
        while (mark := self._mark_after(last, half)) is not None:
            kind, last, extra = mark
            if kind in {"am", "pm"}:
                half = kind
            hour, minute = with_extra(hour, minute, kind, extra)
            marked = True
        if "." in text and not (marked or self._relation(place, last)):
            return None
        return RawClock(hour, minute, half, marked, place, last, text) if hour < 24 and minute < 60 else None

    def _number(self, place: int) -> tuple[int, int, int] | None:
        if place >= len(self._words) or place in self._taken:
            return None
        text = self._words[place].text
        if text[0].isdigit():
            value = clock_value(f"{text[:-2]}:{text[-2:]}") if self._is_clocked(place) else clock_value(text)
            return (*value, place) if value else None
        if text in _HOURS_AND_MINUTES:
            return (*_HOURS_AND_MINUTES[text], place)
        if text in _BESIDE_BAJE and not any(word.text in _BAJE for word in self._words):
            return None
        match = self._reading.starting(place, "number")
        return (int(str(match.value.value)), 0, match.last) if match else None

    def _is_clocked(self, place: int) -> bool:
        """Hours and minutes run together: "1530 Uhr", "1500hrs"."""
        text = self._words[place].text
        behind = self._words[place + 1].text if place + 1 < len(self._words) else ""
        ended = behind in {"hrs", "hours"} or self._reading.starting(place + 1, "oclock") is not None
        return ended and text.isdigit() and len(text) in {3, 4}

    def _mark_after(self, last: int, half: str) -> tuple[str, int, int] | None:
        """What follows the number: (kind, its last word, minutes)."""
        kinds = ["oclock", "and_half", "and_quarter", "less_quarter"] + ([] if half else ["am", "pm"])
        for kind in sorted(kinds, key=len, reverse=True):
            match = self._reading.starting(last + 1, kind)
            if match is None or self._is_german_on(match):
                continue
            after = match.last + 1
            minutes = self._words[after].text if kind == "oclock" and after < len(self._words) else ""
            if minutes.isdigit() and len(minutes) == 2 and int(minutes) < 60 and not self._words[after].breaks:
                return kind, after, int(minutes)
            return kind, match.last, 0
        return None

    def _is_german_on(self, match: Match[Lexeme]) -> bool:
        """In "um fünf am Freitag" it is no morning."""
        after = match.last + 1
        alone = match.first == match.last and self._words[match.first].text == "am"
        return alone and after < len(self._words) and self._words[after].text in _GERMAN_DAYS

    def _is_duration(self, first: int, last: int) -> bool:
        """A length, not a time: "in 2h", "30 min"."""
        if self._reading.starting(last + 1, "unit") and not self._relation(first, last, "at"):
            return True
        return bool(
            self._reading.starting(last + 1, "oclock")
            and self._reading.ending(first - 1, "in")
            and not self._reading.ending(first - 1, *_RELATIONS)
        )

    def _is_offset(self, place: int) -> bool:
        """Part of the name of a zone: "UTC+5:30"."""
        before = self._words[max(0, place - 2) : place]
        return any(word.text in {"utc", "gmt"} for word in before) and (
            before[-1].text in {"+", "utc", "gmt"} or before[-1].text == "-"
        )

    def _relation(self, first: int, last: int, *kinds: str) -> str | None:
        after = {"post_after": "after", "post_before": "before", "post_around": "around"}
        behind = self._reading.starting(last + 1, *after)
        if behind and not kinds:
            return after[behind.value.kind]
        before = self._reading.ending(first - 1, *(kinds or _RELATIONS)) if first else None
        return before.value.kind if before else None

    def _joined_range(self, place: int, start: str, end: str) -> list[ClockMention]:
        """Times as in "2-4pm", "14-16 Uhr": only with a mark behind or in front, or minutes; else it is any range."""
        low, high = clock_value(start), clock_value(end)
        if low is None or high is None or self._is_duration(place, place):
            return []
        mark = self._mark_after(place, "")
        if mark is None and self._relation(place, place) is None and not self._led(place) and ":" not in start + end:
            return []
        last = mark[1] if mark else place
        half = mark[0] if mark and mark[0] in {"am", "pm"} else ""
        return self._range(
            RawClock(*low, "", marked=True, first=place, last=place, spelled=start),
            RawClock(*high, half, marked=True, first=place, last=last, spelled=end),
        )

    def _led(self, place: int) -> bool:
        return place > 0 and self._reading.ending(place - 1, "between") is not None

    def _second(self, first: RawClock) -> list[ClockMention] | None:
        """A second time joined to the first: "between 2 and 4", "14 bis 16 Uhr", "2 or 3pm"."""
        joint = self._reading.starting(first.last + 1, "to", "and", "or")
        second = self._raw(joint.last + 1) if joint else None
        if joint is None or second is None:
            return None
        strong = self._reading.starting(first.last + 1, "to") is not None
        both = self._reading.starting(first.last + 1, "and") is not None
        led = self._led(first.first)
        known = first.marked or second.marked or led or self._relation(first.first, first.last) is not None
        if not known or not (first.marked or second.marked or led or not strong):
            return None
        if led or (strong and not both and second.marked):
            return self._range(first, second)
        first = matched(first, second)
        relation = self._relation(first.first, first.last) or "at"
        return [
            ClockMention(clock_options(first), relation, first.first, first.last),
            ClockMention(clock_options(second), relation, second.first, second.last),
        ]

    @staticmethod
    def _range(low: RawClock, high: RawClock) -> list[ClockMention]:
        low = matched(low, high)
        starts, ends = clock_options(low), clock_options(high)
        start = starts[0]
        end = next((option for option in ends if option > start), ends[0])
        return [
            ClockMention((start,), "after", low.first, low.last),
            ClockMention((end,), "before", high.first, high.last),
        ]


def read_clocks(reading: Reading, taken: set[int]) -> list[ClockMention]:
    """Every time of day; `taken` are the words that dates have used."""
    return ClockReader(reading, taken).mentions()
