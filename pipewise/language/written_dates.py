"""Dates as people write them: "3 Dec", "3.12.", "12/3", "2026-12-03", "the 3rd", "in January"."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from pipewise.language.consent import word_set
from pipewise.language.day_mentions import DayMention, add_months, date_or_none, one_day, stretch, upcoming
from pipewise.language.hour_words import AFTER_HOUR
from pipewise.language.lexemes import Lexeme, Reading
from pipewise.language.moment_words import DATE_LEADS, ORDINAL_ENDS
from pipewise.language.patterns import Match

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_NUMERIC = re.compile(r"(\d{1,2})([/.-])(\d{1,2})(?:[/.-](\d{4}|\d{2}))?")
_DAY_RANGE = re.compile(r"(\d{1,2})-(\d{1,2})")
_ORDINAL_ENDS = word_set(ORDINAL_ENDS.replace("|", " "))
_DATE_LEADS = word_set(DATE_LEADS.replace("|", " "))
_SURE_LEADS = word_set("día dia يوم")
_BARE_LEADS = word_set("le el il")  # "le 2" picks from a list, "le 21" is a day
_LONGEST_LIST = 4
_DAY_WORDS = word_set("तारीख tarikh tareekh")
_FOLLOWING = ("at", "after", "before", "around", "in", "between")
_AFTER_DAY = word_set(AFTER_HOUR)
_GERMAN_LEADS = word_set("am dem den vom zum")
_LINKS = word_set("of de del di du d")
_MONTH_LEADS = word_set(
    "in en em im à next mid early late nel a में mein في during during début fin ende anfang metà inizio"
)
_MONTH_ENDS = word_set("में mein")
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
        lead = self._words[place - 1].text if place else ""
        if lead in _GERMAN_LEADS and self._ends_with_point(place):
            return int(match[3]) <= 12
        led = lead in _DATE_LEADS
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
        read = self._day_number(place)
        if read is None:
            return self._month_first(place)
        low, high, last = read
        after = self._past_links(last)
        joint = self._reading.starting(after, "to", "and") if low == high else None
        until = self._day_number(joint.last + 1) if joint else None
        if until and until[0] == until[1] and low < until[0]:
            end = self._past_links(until[2])
            if self._reading.starting(end, "month"):
                high, after = until[1], end
        month = self._reading.starting(after, "month")
        if month is None:
            return self._day_of_month(place, low, after - 1) if low == high else None
        if not self._words[place].text[0].isdigit() and after == last + 1 and self._is_word(month):
            return None  # "one may ask"
        return self._with_year(place, int(str(month.value.value)), low, high, month.last)

    def _day_number(self, place: int) -> tuple[int, int, int] | None:
        """First day, last day and last word of a number that can be a day, or two with a hyphen."""
        if place >= len(self._words):
            return None
        text = self._words[place].text
        if text.isdigit() and len(text) <= 2:
            return int(text), int(text), place
        span = _DAY_RANGE.fullmatch(text)
        if span:
            return int(span[1]), int(span[2]), place
        spelled = self._reading.starting(place, "number")
        return (int(str(spelled.value.value)),) * 2 + (spelled.last,) if spelled else None

    def _past_links(self, last: int) -> int:
        """The place behind a day's number and what belongs to it: "3rd of"."""
        after = last + 1
        while after < len(self._words) and after <= last + 2 and self._words[after].text in _ORDINAL_ENDS | _LINKS:
            after += 1
        return after

    def _is_word(self, month: Match[Lexeme]) -> bool:
        return self._words[month.first].text in _AMBIGUOUS_MONTHS

    def _month_first(self, place: int) -> DayMention | None:
        month = self._reading.starting(place, "month")
        if month is None or month.last + 1 >= len(self._words):
            return None
        text = self._words[month.last + 1].text
        if not text.isdigit() or len(text) > 2 or self._is_hour(month.last + 2):
            return None
        last = month.last + 1
        if self._reading.starting(last + 1, "month"):
            return None  # "mar 24 nov" is a Tuesday
        if last + 1 < len(self._words) and self._words[last + 1].text in {"st", "nd", "rd", "th"}:
            last += 1
        return self._with_year(place, int(str(month.value.value)), int(text), int(text), last)

    def _is_hour(self, after: int) -> bool:
        """The number before is a time: "Dec 3 pm"; but "Dec 3 in the morning" is a date."""
        mark = self._reading.starting(after, "am", "pm", "oclock", "unit")
        return mark is not None and self._words[after].text != "in"

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
        named = last > place and self._words[last].text in _DAY_WORDS
        sure = lead in _SURE_LEADS or (ended and lead in _DATE_LEADS) or pointed or named
        if not (sure or self._stands_bare(place, day)) or not 0 < day < 32:
            return None
        for ahead in range(3):
            first = add_months(self._today.replace(day=1), ahead)
            found = date_or_none(first.year, first.month, day)
            if found and found >= self._today:
                return one_day(found, place, last)
        return None

    def _stands_bare(self, place: int, day: int) -> bool:
        """As in "le 21", "el 5 a las tres": an article alone, and nothing behind that the number would count."""
        if place == 0 or self._words[place - 1].text not in _BARE_LEADS or day <= _LONGEST_LIST:
            return False
        if not self._words[place].text.isdigit() or self._reading.starting(place + 1, "oclock", "unit"):
            return False
        if place + 1 >= len(self._words) or self._words[place + 1].breaks or self._words[place + 1].text in _AFTER_DAY:
            return True
        if self._reading.starting(place + 1, *_FOLLOWING):
            return True
        return self._words[place + 1].text[0].isdigit() or any(m.first == place + 1 for m in self._reading.content)

    def _month_alone(self, place: int) -> DayMention | None:
        month = self._reading.starting(place, "month")
        if month is None:
            return None
        lead, word = self._words[place - 1].text if place else "", self._words[place].text
        behind = self._words[month.last + 1].text if month.last + 1 < len(self._words) else ""
        if behind in _MONTH_ENDS and word not in _AMBIGUOUS_MONTHS:
            lead = "in"
        if place and "'" in self._reading.text[self._words[place - 1].start : self._words[place - 1].end]:
            return None  # "I'm out" speaks of no October, as "im Okt" would
        if lead not in _MONTH_LEADS or (word in _AMBIGUOUS_MONTHS and lead not in {"in", "en", "em", "im", "next"}):
            return None
        first = upcoming(self._today, int(str(month.value.value)), 1)
        if int(str(month.value.value)) == self._today.month:
            first = self._today
        if first is None:
            return None
        end = first.replace(day=monthrange(first.year, first.month)[1])
        return stretch(first, end, place, month.last)
