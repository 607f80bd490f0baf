"""When a person will have answered: time that passes only while the company is open."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from pipewise.account_settings import AccountSettings
from pipewise.hours import MIDNIGHT, WEEKDAYS

ANSWER_WITHIN = timedelta(hours=1)
LOOK_AHEAD_DAYS = 400  # the longest list of holidays, and what is left of a year
OWN_ZONE = "UTC"


def answer_due(settings: AccountSettings, now: datetime) -> datetime:
    """When a task of today has to be done: one hour of business time from now."""
    return after_open_time(settings, now, ANSWER_WITHIN)


def is_open(settings: AccountSettings, at: datetime) -> bool:
    local = at.astimezone(_zone(settings)).date()
    return any(start <= at < end for start, end in _spans_on(settings, local))


def next_opening(settings: AccountSettings, at: datetime) -> datetime | None:
    """When people are back; None while they are there, and for a company that never opens."""
    if is_open(settings, at):
        return None
    return next((opens for opens, _ in _spans_from(settings, at)), None)


def after_open_time(settings: AccountSettings, start: datetime, length: timedelta) -> datetime:
    """The moment at which the company was open for so long; simply the length later for one that never opens."""
    left = length
    for opens, closes in _spans_from(settings, start):
        begins = max(opens, start)
        if begins + left <= closes:
            return begins + left
        left -= max(closes - begins, timedelta())
    return start + length


def _zone(settings: AccountSettings) -> ZoneInfo:
    return ZoneInfo(settings.timezone or OWN_ZONE)


def _spans_from(settings: AccountSettings, start: datetime) -> Iterator[tuple[datetime, datetime]]:
    today = start.astimezone(_zone(settings)).date()
    for ahead in range(LOOK_AHEAD_DAYS):
        for opens, closes in _spans_on(settings, today + timedelta(days=ahead)):
            if closes > start:
                yield opens, closes


def _spans_on(settings: AccountSettings, day: date) -> Iterator[tuple[datetime, datetime]]:
    """In UTC, so that a day on which the clocks change has the length it has."""
    if any(holiday.date == day for holiday in settings.holidays):
        return
    zone, utc = _zone(settings), ZoneInfo("UTC")
    for start, end in settings.business_hours.on(WEEKDAYS[day.weekday()]):
        last = day + timedelta(days=1) if end == MIDNIGHT else day
        opens, closes = (datetime.combine(on, at, zone).astimezone(utc) for on, at in ((day, start), (last, end)))
        yield opens, closes
