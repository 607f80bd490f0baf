"""Moments at which a lead may be written to: business hours, quiet hours and holidays in a zone.

Hours are wall time. Where clocks change, an hour that is skipped begins when it would have ended, and one that comes twice is
quiet both times.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONGEST_SEARCH_DAYS = 370
Hours = tuple[time, time]
"""From and until, on one day; for quiet hours, until may be on the following day. Midnight as an end is the day's end."""

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class AllowedHours:
    """`business` by weekday (Monday is 0); a weekday that is missing is closed, and none at all means always open."""

    business: Mapping[int, tuple[Hours, ...]]
    quiet: Hours | None
    holidays: frozenset[date]

    def next_allowed(self, moment: datetime, zone: str) -> datetime | None:
        """The moment itself, or the next within business hours that is not quiet; None if there is none within a year."""
        first = moment.astimezone(ZoneInfo(zone)).date() - timedelta(days=1)
        for distance in range(LONGEST_SEARCH_DAYS):
            for start, end in self._open_on(first + timedelta(days=distance), zone):
                if end > moment:
                    return max(start, moment)
        return None

    def quiet_since(self, moment: datetime, zone: str) -> datetime | None:
        """When the quiet hours began in which the moment lies; None if it lies in none."""
        spans = [span for day in _days_around(moment, zone) for span in self._quiet(day, zone)]
        within = [start for start, end in spans if start <= moment < end]
        return min(within, default=None)

    def _open_on(self, day: date, zone: str) -> list[Span]:
        if day in self.holidays:
            return []
        hours = self.business.get(day.weekday(), ()) if self.business else ((time.min, time.min),)
        spans = sorted(_span(day, one, zone) for one in hours)
        for one in (closed for near in _beside(day) for closed in self._quiet(near, zone)):
            spans = [rest for span in spans for rest in _without(span, one)]
        return spans

    def _quiet(self, day: date, zone: str) -> list[Span]:
        if self.quiet is None or self.quiet[0] == self.quiet[1]:
            return []
        start, end = self.quiet
        last = day if start < end else day + timedelta(days=1)
        return [(_instant(day, start, zone), _instant(last, end, zone, fold=1))]


def _span(day: date, hours: Hours, zone: str) -> Span:
    start, end = hours
    last = day if start < end else day + timedelta(days=1)
    return _instant(day, start, zone), _instant(last, end, zone)


def _instant(day: date, clock: time, zone: str, *, fold: int = 0) -> datetime:
    return datetime.combine(day, clock.replace(fold=fold), ZoneInfo(zone)).astimezone(UTC)


def _without(span: Span, closed: Span) -> Iterator[Span]:
    (start, end), (shut, opened) = span, closed
    if shut >= end or opened <= start:
        yield span
        return
    if start < shut:
        yield start, shut
    if opened < end:
        yield opened, end


def _beside(day: date) -> tuple[date, ...]:
    return day - timedelta(days=1), day, day + timedelta(days=1)


def _days_around(moment: datetime, zone: str) -> tuple[date, ...]:
    return _beside(moment.astimezone(ZoneInfo(zone)).date())
