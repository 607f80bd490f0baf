"""What a wish for a time means, worked out with `datetime` and `zoneinfo` alone: nothing of the product is used here.

A phrase is a day rule, a time rule, or both. The oracle answers which local dates and times it allows, and which instants a
wall time stands for: none where clocks skip it, two where it comes twice.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

MON, TUE, WED, THU, FRI, SAT, SUN = range(7)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Day:
    """`kind`: days, weekday, this, next, week, date, dom, span, month, weekend, not, not_day, after, until, by, either."""

    kind: str
    first: int = 0
    second: int = 0
    third: int = 0

    def allows(self, day: date, today: date) -> bool:
        return bool(_DAY_RULES[self.kind](self, day, today))


@dataclass(frozen=True)
class Clock:
    """`kind`: at, around (within an hour), window (from, not until), after (from on), before (not at it). Minutes of the day."""

    kind: str
    low: int
    high: int = 0

    def allows(self, moment: time) -> bool:
        minute = moment.hour * 60 + moment.minute
        match self.kind:
            case "at":
                return minute == self.low
            case "around":
                return abs(minute - self.low) <= 60
            case "window":
                return self.low <= minute < self.high
            case "after":
                return minute >= self.low
            case _:
                return minute < self.low


def instants(day: date, minute: int, zone: ZoneInfo) -> list[datetime]:
    """Every UTC instant at which a clock on the wall shows this."""
    wall = datetime.combine(day, time(minute // 60, minute % 60))
    near = [wall.replace(tzinfo=UTC) + step for step in (-2 * DAY, 2 * DAY)]
    distances = {moment.astimezone(zone).utcoffset() for moment in near}
    found = {(wall - distance).replace(tzinfo=UTC) for distance in distances if distance is not None}
    return sorted(one for one in found if one.astimezone(zone).replace(tzinfo=None) == wall)


@cache
def days_allowed(rule: Day, today: date) -> tuple[date, ...]:
    """Within the year and a month that any phrase of ours reaches."""
    return tuple(day for day in (today + number * DAY for number in range(400)) if rule.allows(day, today))


def changes(zone: ZoneInfo, first: date, last: date) -> list[date]:
    """The local days on which the zone's distance from UTC changes."""
    found = []
    day = first
    while day <= last:
        noon = datetime.combine(day, time(12), UTC)
        if noon.astimezone(zone).utcoffset() != (noon + DAY).astimezone(zone).utcoffset():
            hours = (noon + timedelta(minutes=30 * step) for step in range(49))
            offset = noon.astimezone(zone).utcoffset()
            found.append(next(h for h in hours if h.astimezone(zone).utcoffset() != offset).astimezone(zone).date())
        day += DAY
    return found


def _coming(weekday: int, today: date) -> date:
    day = today + DAY
    while day.weekday() != weekday:
        day += DAY
    return day


def _monday(day: date) -> date:
    while day.weekday() != MON:
        day -= DAY
    return day


def _weekday(rule: Day, day: date, today: date) -> bool:
    return day == _coming(rule.first, today)


def _this(rule: Day, day: date, today: date) -> bool:
    """Said on that very day, it is today."""
    return day == (today if today.weekday() == rule.first else _coming(rule.first, today))


def _next(rule: Day, day: date, today: date) -> bool:
    """Speakers differ whether it is the coming one or that of the week after: either may be offered, with its date."""
    coming = _coming(rule.first, today)
    return day in {coming, coming + 7 * DAY}


def _week(rule: Day, day: date, today: date) -> bool:
    return _monday(day) == _monday(today) + rule.first * 7 * DAY and day >= today


@cache
def _soonest(month: int, day: int, today: date) -> date:
    soonest = today
    while (soonest.month, soonest.day) != (month, day):
        soonest += DAY
    return soonest


def _date(rule: Day, day: date, today: date) -> bool:
    """A month and a day: the next time that they come."""
    return day == _soonest(rule.first, rule.second, today)


def _dom(rule: Day, day: date, today: date) -> bool:
    soonest = today
    while soonest.day != rule.first:
        soonest += DAY
    return day == soonest


def _span(rule: Day, day: date, today: date) -> bool:
    soonest = _soonest(rule.first, rule.second, today)
    return soonest <= day <= soonest + (rule.third - rule.second) * DAY


def _month(rule: Day, day: date, today: date) -> bool:
    return day.month == rule.first and (day.year == today.year if rule.first >= today.month else day.year > today.year)


_DAY_RULES = {
    "days": lambda rule, day, today: day == today + rule.first * DAY,
    "weekday": _weekday,
    "this": _this,
    "next": _next,
    "week": _week,
    "date": _date,
    "dom": _dom,
    "span": _span,
    "month": _month,
    "weekend": lambda rule, day, today: day in {_coming(SAT, today), _coming(SUN, today)},
    "not": lambda rule, day, today: day.weekday() != rule.first,
    "not_day": lambda rule, day, today: day > today + rule.first * DAY,
    "after": lambda rule, day, today: day > _coming(rule.first, today),
    "until": lambda rule, day, today: day < _coming(rule.first, today),
    "either": lambda rule, day, today: day in {today + rule.first * DAY, today + rule.second * DAY},
    "by": lambda rule, day, today: day <= _coming(rule.first, today),
}
