"""Phrases by zones by the days around which clocks change there, as cases to be put to the product."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import cycle
from zoneinfo import ZoneInfo

from tests.faults_plan import is_long
from tests.unit.pipewise.language.dates.oracle import Clock, Day, changes, days_allowed, instants
from tests.unit.pipewise.language.dates.phrases import DAYS, TIMES, WHOLE

ZONES = (
    "America/New_York",
    "America/Sao_Paulo",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Santiago",  # clocks skip and double midnight
    "Europe/London",
    "Europe/Berlin",
    "Africa/Cairo",
    "Africa/Casablanca",  # back and forth around Ramadan
    "Asia/Riyadh",
    "Asia/Kolkata",
    "Australia/Sydney",
    "Australia/Lord_Howe",  # half an hour
    "Pacific/Auckland",
)
FROM, UNTIL = date(2026, 11, 20), date(2028, 1, 5)
# Where no clock ever changes: the ends of months and years.
PLAIN_DAYS = (date(2026, 12, 31), date(2027, 2, 28), date(2027, 3, 28), date(2027, 10, 31))
AHEAD = (1, 2, 0, 5, 7, 3, 14, 9)  # how many days before the change the lead writes
HOURS = (time(9, 5), time(0, 20), time(23, 40), time(13, 0))
# The minutes of the day at which something is free: enough for every phrase to have a right and several wrong answers.
GRID = (480, 540, 600, 630, 690, 720, 750, 780, 810, 870, 900, 945, 960, 990, 1005, 1020, 1080, 1170)
CLOCKS_TO_A_DAY = 3 if is_long() else 1
OPEN = frozenset({"not", "not_day", "after", "until", "by"})  # a wish, which names no day


@dataclass(frozen=True)
class Case:
    language: str
    phrase: str
    day: Day | None
    clock: Clock | None
    zone: str
    now: datetime

    @property
    def today(self) -> date:
        return self.now.astimezone(ZoneInfo(self.zone)).date()

    def allows(self, start: datetime) -> bool:
        local = start.astimezone(ZoneInfo(self.zone))
        on_day = self.day is None or local.date() in days_allowed(self.day, self.today)
        return on_day and (self.clock is None or self.clock.allows(local.time()))

    def free(self) -> list[datetime]:
        """Every half hour of the working day on the days that are meant and beside them, and for three weeks from now."""
        allowed = days_allowed(self.day, self.today) if self.day and self.day.kind not in OPEN else ()
        meant = allowed[:3] + allowed[-1:]
        beside = {day + timedelta(days=step) for day in meant for step in (-7, -1, 0, 1, 7)}
        weeks = {self.today + timedelta(days=number) for number in range(15)}
        return [start for day in sorted(beside | weeks) for start in _grid(self.zone, day) if start > self.now]

    def meant(self) -> list[datetime]:
        """For a phrase that names one day and one time: the instants that it can stand for."""
        if self.day is None or self.day.kind in OPEN or self.clock is None or self.clock.kind != "at":
            return []
        days = days_allowed(self.day, self.today)
        found = [start for day in days[:1] for start in instants(day, self.clock.low, ZoneInfo(self.zone))]
        return [start for start in found if start > self.now] if len(days) == 1 else []


@cache
def _grid(zone: str, day: date) -> tuple[datetime, ...]:
    return tuple(start for minute in GRID for start in instants(day, minute, ZoneInfo(zone)))


def sayings(language: str) -> Iterator[tuple[str, Day | None, Clock | None]]:
    for phrase, day in DAYS[language].items():
        yield phrase, day, None
    for phrase, clock in TIMES[language].items():
        yield phrase, None, clock
    clocks = cycle(TIMES[language].items())
    for phrase, day in DAYS[language].items():
        for _ in range(CLOCKS_TO_A_DAY):
            said, clock = next(clocks)
            joint = "، " if language == "ar" else ", "
            yield f"{phrase}{joint if day.kind == 'not' else ' '}{said}", day, clock
    for phrase, (day, clock) in WHOLE[language].items():
        yield phrase, day, clock


@cache
def edges(zone: str) -> tuple[date, ...]:
    return tuple(changes(ZoneInfo(zone), FROM, UNTIL)) or PLAIN_DAYS


def build_cases(language: str) -> Iterator[Case]:
    ahead, hours = cycle(AHEAD), cycle(HOURS)
    for zone in ZONES:
        around = cycle(edges(zone))
        for phrase, day, clock in sayings(language):
            written = next(around) - timedelta(days=next(ahead))
            now = instants(written, _minutes(next(hours)), ZoneInfo(zone))
            if now:
                yield Case(language, phrase, day, clock, zone, now[0].astimezone(UTC))


def _minutes(moment: time) -> int:
    return moment.hour * 60 + moment.minute
