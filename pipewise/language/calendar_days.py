"""Days in a text: "tomorrow", "next week", "not Monday", "3 Dec", "in two weeks", resolved against today."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from pipewise.language.consent import word_set
from pipewise.language.lexemes import Lexeme, Reading
from pipewise.language.moment_words import DATE_LEADS, ORDINAL_ENDS
from pipewise.language.patterns import Match

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_NUMERIC = re.compile(r"(\d{1,2})([/.-])(\d{1,2})(?:[/.-](\d{4}|\d{2}))?")
_DAY_RANGE = re.compile(r"(\d{1,2})-(\d{1,2})")
_ORDINAL_ENDS = word_set(ORDINAL_ENDS.replace("|", " "))
_DATE_LEADS = word_set(DATE_LEADS.replace("|", " "))
_SURE_LEADS = word_set("día dia يوم")
_LINKS = word_set("of de del di du d")
_MONTH_LEADS = word_set("in en em im à next mid early late nel a में mein في during during début fin ende anfang metà inizio")
_EXCLUSIVE = word_set("after nach après apres después despues dopo depois past بعد later vor before antes avant prima قبل")
_AMBIGUOUS_MONTHS = word_set("may mar out set ago march mars mag dic gen ott dez fr नव अग जन फर दिस सित")


@dataclass(frozen=True)
class DayMention:
    """Days from `start` to `end`, both included; for a weekday those are its next occurrence.

    `relation`: on, after or before. `recurring` is true where any such weekday is meant ("Thursdays").
    """

    start: date
    end: date
    weekdays: frozenset[int]
    relation: str
    recurring: bool
    first: int
    last: int
    exact: bool = False  # one calendar date, said as such
    ahead: bool = False  # a distance from today, which "after" only words ("بعد أسبوعين")

    def shifted(self) -> tuple[date | None, date | None]:
        """What the mention asks of a date: not before the first, not after the second."""
        if self.relation == "after":
            return self.start, None
        if self.relation == "before":
            return None, self.end
        return self.start, self.end


class DayReader:
    def __init__(self, reading: Reading, today: date) -> None:
        self._reading = reading
        self._words = reading.words
        self._today = today
        self.taken: set[int] = set()  # words that dates have used, so that no time is read from them

    def mentions(self) -> list[DayMention]:
        dates = list(self._dates())
        for mention in dates:
            self.taken.update(range(mention.first, mention.last + 1))
        counted = list(self._counted())
        for mention in counted:
            self.taken.update(range(mention.first, mention.last + 1))
        named = [mention for match in self._reading.content if (mention := self._named(match))]
        named = [mention for mention in named if not self.taken.intersection(range(mention.first, mention.last + 1))]
        found = sorted([*dates, *counted, *named], key=lambda mention: mention.first)
        return self._merged([self._related(mention) for mention in found])

    def _related(self, mention: DayMention) -> DayMention:
        """The mention with what "after", "before" and their like make of it."""
        first = mention.first
        while first > 0 and self._words[first - 1].text in _DATE_LEADS and not self._words[first].breaks:
            if self._reading.ending(first - 1, "after", "before"):
                break
            first -= 1
        mark = self._reading.ending(first - 1, "after", "before") if first else None
        behind = self._reading.starting(mention.last + 1, "post_after", "post_before")
        if (mark is None and behind is None) or mention.ahead:
            return mention
        kind = mark.value.kind if mark else ("after" if behind and behind.value.kind == "post_after" else "before")
        spoken = self._words[mark.first : mark.last + 1] if mark else ()
        exclusive = mark is None or any(word.text in _EXCLUSIVE for word in spoken)
        if kind == "after":
            start = mention.end + timedelta(days=1) if exclusive else mention.start
            return replace(mention, start=start, end=start, relation="after")
        end = mention.start - timedelta(days=1) if exclusive else mention.end
        return replace(mention, start=end, end=end, relation="before")

    def _merged(self, found: list[DayMention]) -> list[DayMention]:
        """ "Thursday 3 December" is one day: the date stands, its weekday says the same."""
        kept: list[DayMention] = []
        for mention in found:
            before = kept[-1] if kept else None
            if before and mention.exact and before.weekdays and not before.exact and mention.first - before.last <= 2:
                kept[-1] = replace(mention, first=before.first, relation=_either(before.relation, mention.relation))
            else:
                kept.append(mention)
        return kept

    def _named(self, match: Match[Lexeme]) -> DayMention | None:
        kind, value = match.value.kind, match.value.value
        if kind == "day":
            if value == 1 and self._follows_day(match):
                return None
            return self._exact(self._today + timedelta(days=int(str(value))), match.first, match.last)
        if kind in {"weekday", "weekday_short"}:
            return self._weekday(frozenset([int(str(value))]), match)
        if kind == "weekend":
            return self._weekday(frozenset([5, 6]), match)
        if kind in {"span", "ahead"} and isinstance(value, tuple):
            start, end = self._ahead(*value) if kind == "ahead" else self._span(*value)
            return self._days_on(start, end, match.first, match.last, ahead=kind == "ahead")
        return None

    def _follows_day(self, match: Match[Lexeme]) -> bool:
        """German and Spanish name the morning like tomorrow: "Montag Morgen", "heute Morgen"."""
        before = [other for other in self._reading.content if other.last == match.first - 1]
        named = any(other.value.kind in {"weekday", "day"} for other in before)
        return named and self._words[match.first].text in {"morgen", "manana"} and not self._words[match.first].breaks

    def _exact(self, day: date, first: int, last: int) -> DayMention:
        weekdays = frozenset([day.weekday()])
        return DayMention(day, day, weekdays, "on", recurring=False, first=first, last=last, exact=True)

    @staticmethod
    def _days_on(start: date, end: date, first: int, last: int, *, ahead: bool = False) -> DayMention:
        return DayMention(start, end, frozenset(), "on", recurring=False, first=first, last=last, ahead=ahead)

    def _weekday(self, weekdays: frozenset[int], match: Match[Lexeme]) -> DayMention:
        coming = [self._coming(weekday) for weekday in weekdays]
        ahead = self._reading.ending(match.first - 1, "next") or self._reading.starting(match.last + 1, "next")
        text = self._words[match.first].text
        plural = text.endswith("s") and text not in {"lunes", "martes", "miercoles", "jueves", "viernes"}
        short = match.value.kind == "weekday_short" or text in {"tues", "weds", "thurs"}
        recurring = (plural and not short) or self._reading.ending(match.first - 1, "every") is not None
        end = max(coming) + timedelta(days=7 if ahead else 0)
        return DayMention(min(coming), end, weekdays, "on", recurring, match.first, match.last)

    def _coming(self, weekday: int) -> date:
        return self._today + timedelta(days=(weekday - self._today.weekday() - 1) % 7 + 1)

    def _span(self, unit: str, distance: int) -> tuple[date, date]:
        today = self._today
        if unit == "week":
            monday = today - timedelta(days=today.weekday()) + timedelta(weeks=distance)
            return max(monday, today), monday + timedelta(days=6)
        if unit == "year":
            return date(today.year + distance, 1, 1), date(today.year + distance, 12, 31)
        months = distance if unit == "month" else 3 * distance - (today.month - 1) % 3
        first = _add_months(today.replace(day=1), months)
        last = _add_months(first, 1 if unit == "month" else 3) - timedelta(days=1)
        return max(first, today), last

    def _ahead(self, unit: str, distance: int) -> tuple[date, date]:
        if unit == "day":
            day = self._today + timedelta(days=distance)
            return day, day
        if unit == "week":
            day = self._today + timedelta(weeks=distance)
            monday = day - timedelta(days=day.weekday())
            return monday, monday + timedelta(days=6)
        day = _add_months(self._today, distance)
        return day, day + timedelta(days=13)

    def _counted(self) -> Iterator[DayMention]:
        """ "in two weeks", "3 days from now", "dos semanas después"."""
        for place, word in enumerate(self._words):
            number = self._reading.starting(place, "number")
            if place in self.taken or not (number or (word.text.isdigit() and len(word.text) <= 2)):
                continue
            last = number.last if number else place
            count = int(str(number.value.value)) if number else int(word.text)
            unit = self._reading.starting(last + 1, "unit")
            if unit is None or unit.value.value not in {"day", "week", "month"} or not 0 < count < 100:
                continue
            later = self._reading.starting(unit.last + 1, "later")
            if later or (place and self._reading.ending(place - 1, "in")):
                start, end = self._ahead(str(unit.value.value), count)
                yield self._days_on(start, end, place, later.last if later else unit.last, ahead=True)

    def _dates(self) -> Iterator[DayMention]:
        used = -1
        for place, word in enumerate(self._words):
            if place <= used:
                continue
            mention = self._numeric(place) if word.text[0].isdigit() else None
            mention = mention or self._spelled(place) or self._month_alone(place)
            if mention:
                used = mention.last
                yield mention

    def _numeric(self, place: int) -> DayMention | None:
        text = self._words[place].text
        iso = _ISO.fullmatch(text)
        if iso:
            day = _date(int(iso[1]), int(iso[2]), int(iso[3]))
            return self._exact(day, place, place) if day else None
        match = _NUMERIC.fullmatch(text)
        if match is None or text == "24/7" or not self._is_date(place, match):
            return None
        day = self._day_first(int(match[1]), int(match[3]), match[4])
        return self._exact(day, place, place) if day else None

    def _is_date(self, place: int, match: re.Match[str]) -> bool:
        """Slashes and years say it; a point needs one behind ("3.12.") or a word for a date in front."""
        if match[4] or match[2] == "/":
            return True
        if match[2] != ".":
            return False
        closing = self._reading.words[place + 1].breaks == 2 if place + 1 < len(self._words) else True
        led = place > 0 and self._words[place - 1].text in _DATE_LEADS
        timed = self._reading.starting(place + 1, "oclock", "am", "pm") is not None
        return not timed and ((led and int(match[3]) <= 12) or (closing and self._ends_with_point(place)))

    def _ends_with_point(self, place: int) -> bool:
        return self._reading.text[self._words[place].end : self._words[place].end + 1] == "."

    def _day_first(self, first: int, second: int, year: str | None) -> date | None:
        """Day before month, as most of the world writes; the other way round where that is no date."""
        for day, month in ((first, second), (second, first)):
            if year:
                found = _date(int(year) + (2000 if len(year) == 2 else 0), month, day)
            else:
                found = self._upcoming(month, day)
            if found:
                return found
        return None

    def _upcoming(self, month: int, day: int) -> date | None:
        """The next such day: this year's, or when that is past the following one's."""
        years = [self._today.year + ahead for ahead in range(9)]  # 29 February may be eight years away
        days = [found for year in years if (found := _date(year, month, day))]
        return next((found for found in days if found >= self._today), None)

    def _spelled(self, place: int) -> DayMention | None:
        """ "3 Dec", "3rd of December 2026", "Dec 3", "3-5 December", "the 3rd"."""
        text = self._words[place].text
        span = _DAY_RANGE.fullmatch(text)
        if text.isdigit() and len(text) <= 2:
            low = high = int(text)
        elif span:
            low, high = int(span[1]), int(span[2])
        else:
            return self._month_first(place)
        after = place + 1
        while after < len(self._words) and after <= place + 2 and self._words[after].text in _ORDINAL_ENDS | _LINKS:
            after += 1
        month = self._reading.starting(after, "month")
        if month is None:
            return self._day_of_month(place, low, after - 1) if low == high else None
        return self._with_year(place, int(str(month.value.value)), low, high, month.last)

    def _month_first(self, place: int) -> DayMention | None:
        month = self._reading.starting(place, "month")
        if month is None or month.last + 1 >= len(self._words):
            return None
        text = self._words[month.last + 1].text
        if not text.isdigit() or len(text) > 2 or self._reading.starting(month.last + 2, "am", "pm", "oclock", "unit"):
            return None
        last = month.last + 1
        if last + 1 < len(self._words) and self._words[last + 1].text in {"st", "nd", "rd", "th"}:
            last += 1
        return self._with_year(place, int(str(month.value.value)), int(text), int(text), last)

    def _with_year(self, place: int, month: int, low: int, high: int, last: int) -> DayMention | None:
        after = last + 1
        if after < len(self._words) and self._words[after].text in _LINKS:
            after += 1
        written = self._words[after].text if after < len(self._words) else ""
        if written.isdigit() and len(written) == 4 and written.startswith("20"):
            start, end, last = _date(int(written), month, low), _date(int(written), month, high), after
        else:
            start, end = self._upcoming(month, low), self._upcoming(month, high)
        if start is None or end is None or end < start:
            return None
        mention = self._exact(start, place, last)
        return mention if start == end else replace(mention, end=end, weekdays=frozenset(), exact=False)

    def _day_of_month(self, place: int, day: int, last: int) -> DayMention | None:
        """ "the 3rd", "el día 3", "am 3.": a day of this month or, when past, of the next."""
        lead = self._words[place - 1].text if place else ""
        ended = last > place and self._words[last].text in _ORDINAL_ENDS
        pointed = self._ends_with_point(place) and lead in {"am", "dem", "den", "zum", "der"}
        if not (lead in _SURE_LEADS or (ended and lead in _DATE_LEADS) or pointed) or not 0 < day < 32:
            return None
        for ahead in range(3):
            first = _add_months(self._today.replace(day=1), ahead)
            found = _date(first.year, first.month, day)
            if found and found >= self._today:
                return self._exact(found, place, last)
        return None

    def _month_alone(self, place: int) -> DayMention | None:
        month = self._reading.starting(place, "month")
        if month is None or place == 0:
            return None
        lead, word = self._words[place - 1].text, self._words[place].text
        if lead not in _MONTH_LEADS or (word in _AMBIGUOUS_MONTHS and lead not in {"in", "en", "em", "im", "next"}):
            return None
        first = self._upcoming(int(str(month.value.value)), 1)
        if int(str(month.value.value)) == self._today.month:
            first = self._today
        if first is None:
            return None
        end = first.replace(day=monthrange(first.year, first.month)[1])
        return self._days_on(first, end, place, month.last)


def _either(one: str, other: str) -> str:
    return one if one != "on" else other


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _add_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
