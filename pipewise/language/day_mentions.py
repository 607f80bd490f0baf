"""A mention of days, however it was written, and the arithmetic of dates that reading them needs."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date


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

    @property
    def length(self) -> int:
        """Words from the first to the last."""
        return self.last - self.first

    def shifted(self) -> tuple[date | None, date | None]:
        """What the mention asks of a date: not before the first, not after the second."""
        if self.relation == "after":
            return self.start, None
        if self.relation == "before":
            return None, self.end
        return self.start, self.end


def one_day(day: date, first: int, last: int) -> DayMention:
    weekdays = frozenset([day.weekday()])
    return DayMention(day, day, weekdays, "on", recurring=False, first=first, last=last, exact=True)


def stretch(start: date, end: date, first: int, last: int, *, ahead: bool = False) -> DayMention:
    return DayMention(start, end, frozenset(), "on", recurring=False, first=first, last=last, ahead=ahead)


def date_or_none(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def add_months(day: date, months: int) -> date:
    """The same day some months on, or the last of that month where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def upcoming(today: date, month: int, day: int) -> date | None:
    """The next such day: this year's, or when that is past the following one's."""
    years = range(today.year, today.year + 9)  # 29 February may be eight years away
    days = [found for year in years if (found := date_or_none(year, month, day))]
    return next((found for found in days if found >= today), None)
