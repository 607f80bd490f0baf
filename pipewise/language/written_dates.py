"""Dates as people write them: "3 Dec", "3.12.", "12/3", "2026-12-03", "the 3rd", "in January"."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from pipewise.language.consent import word_set
from pipewise.language.day_mentions import DayMention, add_months, date_or_none, one_day, stretch, upcoming
from pipewise.language.lexemes import Reading
from pipewise.language.moment_words import DATE_LEADS, ORDINAL_ENDS

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_NUMERIC = re.compile(r"(\d{1,2})([/.-])(\d{1,2})(?:[/.-](\d{4}|\d{2}))?")
_DAY_RANGE = re.compile(r"(\d{1,2})-(\d{1,2})")
_ORDINAL_ENDS = word_set(ORDINAL_ENDS.replace("|", " "))
_DATE_LEADS = word_set(DATE_LEADS.replace("|", " "))
_SURE_LEADS = word_set("día dia يوم")
_LINKS = word_set("of de del di du d")
_MONTH_LEADS = word_set(
    "in en em im à next mid early late nel a में mein في during during début fin ende anfang metà inizio"
)
_AMBIGUOUS_MONTHS = word_set("may mar out set ago march mars mag dic gen ott dez fr नव अग जन फर दिस सित")


class DateReader:
    def __init__(self, reading: Reading, today: date) -> None:
        self._reading = reading
        self._words = reading.words
        self._today = today

    def mentions(self) -> Iterator[DayMention]:
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
            day = date_or_none(int(iso[1]), int(iso[2]), int(iso[3]))
            return one_day(day, place, place) if day else None
        match = _NUMERIC.fullmatch(text)
        if match is None or text == "24/7" or not self._is_date(place, match):
            return None
        day = self._day_first(int(match[1]), int(match[3]), match[4])
        return one_day(day, place, place) if day else None

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
            written = int(year) + (2000 if len(year) == 2 else 0) if year else None
            found = date_or_none(written, month, day) if written else upcoming(self._today, month, day)
            if found:
                return found
        return None

    def _spelled(self, place: int) -> DayMention | None:
        """As in "3 Dec", "3rd of December 2026", "Dec 3", "3-5 December", "the 3rd"."""
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
        if self._reading.starting(last + 1, "month"):
            return None  # "mar 24 nov" is a Tuesday
        if last + 1 < len(self._words) and self._words[last + 1].text in {"st", "nd", "rd", "th"}:
            last += 1
        return self._with_year(place, int(str(month.value.value)), int(text), int(text), last)

    def _with_year(self, place: int, month: int, low: int, high: int, last: int) -> DayMention | None:
        after = last + 1
        if after < len(self._words) and self._words[after].text in _LINKS:
            after += 1
        written = self._words[after].text if after < len(self._words) else ""
        if written.isdigit() and len(written) == 4 and written.startswith("20"):
            start, end, last = date_or_none(int(written), month, low), date_or_none(int(written), month, high), after
        else:
            start, end = upcoming(self._today, month, low), upcoming(self._today, month, high)
        if start is None or end is None or end < start:
            return None
        mention = one_day(start, place, last)
        return mention if start == end else replace(mention, end=end, weekdays=frozenset(), exact=False)

    def _day_of_month(self, place: int, day: int, last: int) -> DayMention | None:
        """As in "the 3rd", "el día 3", "am 3.": a day of this month or, when past, of the next."""
        lead = self._words[place - 1].text if place else ""
        ended = last > place and self._words[last].text in _ORDINAL_ENDS
        pointed = self._ends_with_point(place) and lead in {"am", "dem", "den", "zum", "der"}
        if not (lead in _SURE_LEADS or (ended and lead in _DATE_LEADS) or pointed) or not 0 < day < 32:
            return None
        for ahead in range(3):
            first = add_months(self._today.replace(day=1), ahead)
            found = date_or_none(first.year, first.month, day)
            if found and found >= self._today:
                return one_day(found, place, last)
        return None

    def _month_alone(self, place: int) -> DayMention | None:
        month = self._reading.starting(place, "month")
        if month is None or place == 0:
            return None
        lead, word = self._words[place - 1].text, self._words[place].text
        if lead not in _MONTH_LEADS or (word in _AMBIGUOUS_MONTHS and lead not in {"in", "en", "em", "im", "next"}):
            return None
        first = upcoming(self._today, int(str(month.value.value)), 1)
        if int(str(month.value.value)) == self._today.month:
            first = self._today
        if first is None:
            return None
        end = first.replace(day=monthrange(first.year, first.month)[1])
        return stretch(first, end, place, month.last)
