"""The day on which a lead wants to be written to again: "in two weeks", "next month", "after Ramadan", "later"."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from pipewise.language.consent import entries
from pipewise.language.folding import Word, words
from pipewise.language.moments import read_moments
from pipewise.language.patterns import Match, PhraseTable
from pipewise.language.season_words import (
    AFTER,
    BEFORE,
    BEHIND_AFTER,
    BEHIND_BEFORE,
    BEHIND_WITHIN,
    LATER,
    SEASONS,
    WITHIN,
)
from pipewise.language.seasons import coming
from pipewise.language.times import read_time_wish

LATER_DAYS = 7
"""What "later" is taken to mean."""
LAST_OF_WEEK = 6
_NEAR = 4  # words between "after" and what it speaks of


@dataclass(frozen=True)
class ReturnDay:
    """`named`: the lead named a day or a time of the year; else it only said "later"."""

    day: date
    named: bool


def read_return_day(text: str, *, now: datetime, timezone: str) -> ReturnDay | None:
    today = now.astimezone(ZoneInfo(timezone)).date()
    spoken = words(text)
    season = _season_day(spoken, today, timezone)
    if season:
        return ReturnDay(season, named=True)
    day = read_time_wish(text, now=now, timezone=timezone).earliest
    if day:
        return ReturnDay(_weeks_on(text, day, now=now, timezone=timezone), named=True)
    if _later().found_in(spoken):
        return ReturnDay(today + timedelta(days=LATER_DAYS), named=False)
    return None


def _weeks_on(text: str, day: date, *, now: datetime, timezone: str) -> date:
    """Some weeks from now are that many times seven days, not the Monday of that week."""
    days = read_moments(text, now=now, timezone=timezone).days
    today = now.astimezone(ZoneInfo(timezone)).date()
    if len(days) == 1 and days[0].ahead and (days[0].end - days[0].start).days == LAST_OF_WEEK:
        return day + timedelta(days=today.weekday())
    return day


def _season_day(spoken: Sequence[Word], today: date, zone: str) -> date | None:
    for match in _seasons().longest(spoken):
        season = coming(match.value, today, zone)
        if season is None or _stands(spoken, match, _before(), _behind_before()):
            continue
        if _stands(spoken, match, _after(), _behind_after()):
            return season[1] + timedelta(days=1)
        if season[0] > today and _stands(spoken, match, _within(), _behind_within()):
            return season[0]
    return None


def _stands(spoken: Sequence[Word], match: Match[str], ahead: PhraseTable[None], behind: PhraseTable[None]) -> bool:
    """Whether such a word stands in front of the mention, or its counterpart right behind it."""
    before = spoken[max(0, match.first - _NEAR) : match.first]
    after = spoken[match.last + 1 : match.last + 1 + _NEAR]
    return ahead.found_in(before) or any(found.first == 0 for found in behind.matches(after))


@cache
def _seasons() -> PhraseTable[str]:
    return PhraseTable((pattern, name) for name, table in SEASONS.items() for pattern in entries(table))


def _table(listed: str) -> PhraseTable[None]:
    return PhraseTable((pattern, None) for pattern in entries(listed))


@cache
def _later() -> PhraseTable[None]:
    return _table(LATER)


@cache
def _after() -> PhraseTable[None]:
    return _table(AFTER)


@cache
def _behind_after() -> PhraseTable[None]:
    return _table(BEHIND_AFTER)


@cache
def _within() -> PhraseTable[None]:
    return _table(WITHIN)


@cache
def _behind_within() -> PhraseTable[None]:
    return _table(BEHIND_WITHIN)


@cache
def _before() -> PhraseTable[None]:
    return _table(BEFORE)


@cache
def _behind_before() -> PhraseTable[None]:
    return _table(BEHIND_BEFORE)
