"""What a reply claims: times, links, a booking. The guard in front of the outbox compares it with what is true."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from zoneinfo import ZoneInfo

from pipewise.language.claim_words import AVAILABLE, CLAIMS, UNAVAILABLE, UNDONE
from pipewise.language.clock_times import ClockMention
from pipewise.language.consent import entries, word_set
from pipewise.language.day_mentions import DayMention
from pipewise.language.folding import MAX_CHARS, Word, fold, sentences
from pipewise.language.links import find_urls
from pipewise.language.moments import Moments, read_moments
from pipewise.language.patterns import Match, PhraseTable

__all__ = ["TimeMention", "claims_booking", "find_times", "find_urls", "time_problems"]

_UNDONE = word_set(UNDONE)
_PIECE = re.compile(r"\S+")
_REACH = 12  # words of a clause that are looked at on either side of a time


@dataclass(frozen=True)
class TimeMention:
    """A time of day, a day, or both that stand together. `quote` is exact; what the words leave open is empty."""

    quote: str
    times: tuple[time, ...] = ()  # any of these can be meant
    start: date | None = None
    end: date | None = None
    weekdays: frozenset[int] = frozenset()

    def fits(self, local: datetime) -> bool:
        if self.times and local.time().replace(second=0, microsecond=0) not in self.times:
            return False
        if self.weekdays and local.weekday() not in self.weekdays:
            return False
        return self.start is None or self.end is None or self.start <= local.date() <= self.end


def find_times(text: str, *, timezone: str, now: datetime) -> list[TimeMention]:
    """Every time of day in a reply, each with the day that it stands beside on its line."""
    return [mention for line in _lines(text, timezone, now) for mention in line.timed()]


def time_problems(text: str, *, allowed: Sequence[datetime], timezone: str, now: datetime) -> list[str]:
    """What a reply says of times that matches no allowed start, in its own words.

    Times are checked wherever they stand, save where they are called taken; a day alone is checked where it is stated.
    """
    local = [start.astimezone(ZoneInfo(timezone)) for start in allowed]
    problems: list[str] = []
    for line in _lines(text, timezone, now):
        mentions = line.timed(checked=True) + line.days_alone()
        problems += [mention.quote for mention in mentions if not any(mention.fits(start) for start in local)]
    return list(dict.fromkeys(problems))


@dataclass(frozen=True)
class _Line:
    text: str
    moments: Moments

    def timed(self, *, checked: bool = False) -> list[TimeMention]:
        clocks = [clock for clock in self.moments.clocks if not (checked and self._is_taken(clock))]
        return [self._mention(self._day_of(clock), clock) for clock in clocks]

    def days_alone(self) -> list[TimeMention]:
        """Days that are called free or fixed without a time: not asked, not refused, not a stretch such as "next week"."""
        bound = {id(self._day_of(clock)) for clock in self.moments.clocks}
        if "?" in fold(self.text).text:
            return []
        return [
            self._mention(day, None)
            for day in self.moments.days
            if id(day) not in bound
            and day.weekdays
            and not day.recurring
            and day.relation == "on"
            and not self.moments.is_refused(day)
            and _available().found_in(self._clause_of(day))
            and not self._is_taken(day)
        ]

    def _day_of(self, clock: ClockMention) -> DayMention | None:
        """The day in front of the time; where the line begins with a time ("15:00 on Thursday"), the day behind it."""
        days = self.moments.days
        before = [day for day in days if day.last < clock.first]
        after = [day for day in days if day.first > clock.last]
        times_lead = bool(days) and self.moments.clocks[0].last < days[0].first
        if times_lead and after:
            return after[0]
        return before[-1] if before else (after[0] if after else None)

    def _mention(self, day: DayMention | None, clock: ClockMention | None) -> TimeMention:
        placed = [item for item in (day, clock) if item is not None]
        first = self.moments.words[min(item.first for item in placed)]
        last = self.moments.words[max(item.last for item in placed)]
        dated = day if day is not None and (day.exact or not day.weekdays) else None
        return TimeMention(
            quote=fold(self.text).quote(first.start, last.end),
            times=clock.options if clock else (),
            start=dated.start if dated else None,
            end=dated.end if dated else None,
            weekdays=day.weekdays if day else frozenset(),
        )

    def _is_taken(self, item: ClockMention | DayMention) -> bool:
        """The clause says that this time cannot be had."""
        return _unavailable().found_in(self._clause_of(item))

    def _clause_of(self, item: ClockMention | DayMention) -> Sequence[Word]:
        spoken = self.moments.words
        first, last = item.first, item.last
        while first > max(0, item.first - _REACH) and not spoken[first].breaks:
            first -= 1
        while last + 1 < min(len(spoken), item.last + _REACH) and not spoken[last + 1].breaks:
            last += 1
        return spoken[first : last + 1]


def _without_link(piece: re.Match[str]) -> str:
    """Blank where a link or an address stands: digits in it are no time."""
    return " " * len(piece[0]) if "://" in piece[0] or "@" in piece[0] else piece[0]


def _lines(text: str, timezone: str, now: datetime) -> list[_Line]:
    plain = _PIECE.sub(_without_link, text[:MAX_CHARS])
    lines = [line for line in plain.splitlines() if line.strip()]
    return [_Line(line, read_moments(line, now=now, timezone=timezone)) for line in lines]


@cache
def _available() -> PhraseTable[None]:
    return PhraseTable((pattern, None) for pattern in entries(AVAILABLE))


@cache
def _unavailable() -> PhraseTable[None]:
    return PhraseTable((pattern, None) for pattern in entries(UNAVAILABLE))


@cache
def _claims() -> PhraseTable[tuple[bool, bool]]:
    """Patterns with whether they are pinned to the start or the end of a clause."""
    return PhraseTable(
        (entry.removeprefix("^ ").removesuffix(" $"), (entry.startswith("^ "), entry.endswith(" $")))
        for entry in entries(CLAIMS)
    )


def claims_booking(text: str) -> bool:
    """The reply says that a meeting stands; a question, a denial or an offer says no such thing."""
    parts = sentences(text)
    return any(_claims_in(part) for place, part in enumerate(parts) if not _is_asked(text, parts, place))


def _is_asked(text: str, parts: Sequence[tuple[Word, ...]], place: int) -> bool:
    folded = fold(text).text
    following = parts[place + 1][0].start if place + 1 < len(parts) else len(folded)
    return "?" in folded[parts[place][-1].end : following]


def _claims_in(sentence: Sequence[Word]) -> bool:
    return any(_is_claim(sentence, match) for match in _claims().matches(sentence))


def _is_claim(sentence: Sequence[Word], match: Match[tuple[bool, bool]]) -> bool:
    at_start, at_end = match.value
    after = match.last + 1
    if (at_start and match.first and not sentence[match.first].breaks) or (
        at_end and after < len(sentence) and not sentence[after].breaks
    ):
        return False
    first = match.first
    while first > 0 and not sentence[first].breaks:
        first -= 1
    said = [*sentence[first : match.last + 1], *sentence[after : after + 2]]
    return not any(word.text in _UNDONE for word in said)
