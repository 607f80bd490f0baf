"""Days in a text: "tomorrow", "next week", "not Monday", "3 Dec", "in two weeks", resolved against today."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from pipewise.language.consent import word_set
from pipewise.language.day_mentions import DayMention, add_months, one_day, stretch
from pipewise.language.lexemes import Lexeme, Reading
from pipewise.language.moment_words import DATE_LEADS
from pipewise.language.patterns import Match
from pipewise.language.written_dates import DateReader

_DATE_LEADS = word_set(DATE_LEADS.replace("|", " "))
_EXCLUSIVE = word_set(
    "after nach après apres después despues dopo depois past بعد later vor before antes avant prima قبل"
)


def _covers(match: Match[Lexeme], mention: DayMention) -> bool:
    """The set phrase says more: "in einer Woche" inside "heute in einer Woche"."""
    return match.first <= mention.first and mention.last <= match.last and match.last - match.first > mention.length


class DayReader:
    def __init__(self, reading: Reading, today: date) -> None:
        self._reading = reading
        self._words = reading.words
        self._today = today
        self.taken: set[int] = set()  # words that dates have used, so that no time is read from them

    def mentions(self) -> list[DayMention]:
        dates = list(DateReader(self._reading, self._today).mentions())
        self._take(dates)
        ahead = [match for match in self._reading.content if match.value.kind == "ahead"]
        counted = [found for found in self._counted() if not any(_covers(match, found) for match in ahead)]
        self._take(counted)
        named = [mention for match in self._reading.content if (mention := self._named(match))]
        named = [mention for mention in named if not self.taken.intersection(range(mention.first, mention.last + 1))]
        self._take([mention for mention in named if mention.ahead])
        found = sorted([*dates, *counted, *named], key=lambda mention: mention.first)
        return self._merged([self._related(mention) for mention in found])

    def _take(self, mentions: list[DayMention]) -> None:
        for mention in mentions:
            self.taken.update(range(mention.first, mention.last + 1))

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
        """One day said twice ("Thursday 3 December"): the date stands, with the weekday that was said."""
        kept: list[DayMention] = []
        for mention in found:
            before = kept[-1] if kept else None
            if before and mention.exact and before.weekdays and not before.exact and mention.first - before.last <= 2:
                relation = before.relation if before.relation != "on" else mention.relation
                kept[-1] = replace(mention, weekdays=before.weekdays, first=before.first, relation=relation)
            else:
                kept.append(mention)
        return kept

    def _named(self, match: Match[Lexeme]) -> DayMention | None:
        kind, value = match.value.kind, match.value.value
        if kind == "day":
            if value == 1 and self._follows_day(match):
                return None
            return one_day(self._today + timedelta(days=int(str(value))), match.first, match.last)
        if kind in {"weekday", "weekday_short"}:
            return self._weekday(frozenset([int(str(value))]), match)
        if kind == "weekend":
            return self._weekday(frozenset([5, 6]), match)
        if kind in {"span", "ahead"} and isinstance(value, tuple):
            start, end = self._ahead(*value) if kind == "ahead" else self._span(*value)
            return stretch(start, end, match.first, match.last, ahead=kind == "ahead")
        return None

    def _follows_day(self, match: Match[Lexeme]) -> bool:
        """German and Spanish name the morning like tomorrow: "Montag Morgen", "heute Morgen"."""
        before = [other for other in self._reading.content if other.last == match.first - 1]
        named = any(other.value.kind in {"weekday", "day"} for other in before)
        return named and self._words[match.first].text in {"morgen", "manana"} and not self._words[match.first].breaks

    def _weekday(self, weekdays: frozenset[int], match: Match[Lexeme]) -> DayMention:
        coming = [self._coming(weekday) for weekday in weekdays]
        ahead = self._reading.ending(match.first - 1, "next") or self._reading.starting(match.last + 1, "next")
        text = self._words[match.first].text
        plural = text.endswith("s") and text not in {"lunes", "martes", "miercoles", "jueves", "viernes"}
        short = match.value.kind == "weekday_short" or text in {"tues", "weds", "thurs"}
        recurring = (plural and not short) or self._reading.ending(match.first - 1, "every") is not None
        this = self._reading.ending(match.first - 1, "this") is not None
        if this and weekdays == {self._today.weekday()}:
            coming = [self._today]
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
        first = add_months(today.replace(day=1), months)
        last = add_months(first, 1 if unit == "month" else 3) - timedelta(days=1)
        return max(first, today), last

    def _ahead(self, unit: str, distance: int) -> tuple[date, date]:
        if unit == "day":
            day = self._today + timedelta(days=distance)
            return day, day
        if unit == "week":
            day = self._today + timedelta(weeks=distance)
            monday = day - timedelta(days=day.weekday())
            return monday, monday + timedelta(days=6)
        day = add_months(self._today, distance)
        return day, day + timedelta(days=13)

    def _counted(self) -> Iterator[DayMention]:
        """Distances from today: "in two weeks", "3 days from now", "dos semanas después"."""
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
                yield stretch(start, end, place, later.last if later else unit.last, ahead=True)
