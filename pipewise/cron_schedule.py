"""Cron expressions: what they may be, and which minute of a zone's wall clock comes next."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from croniter import CroniterBadDateError, croniter  # type: ignore[import-untyped]  # it has no types

from pipewise.errors import InvalidInput
from pipewise.timezones import require_zone

FIELDS = 5
# croniter takes seconds, years and random minutes as well: nobody's lead is to be written to every second.
RANDOM = re.compile(r"(?<![a-z])[rh](?![a-z])", re.IGNORECASE)
# A leap day is at most eight years away.
MOST_YEARS = 9
FORM = "must be five fields (minute hour day month weekday) such as '0 9 * * mon-fri', or a name such as @daily"


def check_schedule(schedule: str, zone: str | None, now: datetime) -> None:
    """Raises InvalidInput for what is no expression, for one that never comes, and for an unknown zone."""
    if zone is not None:
        try:
            require_zone(zone)
        except ValueError as error:
            raise _invalid("timezone", str(error)) from None
    is_plain = len(schedule.split()) == FIELDS and not RANDOM.search(schedule)
    if not (is_plain or schedule.startswith("@")) or not croniter.is_valid(schedule):
        raise _invalid("schedule", FORM)
    if next_date(schedule, zone, now) is None:
        raise _invalid("schedule", "names a day that never comes")


def next_date(schedule: str, zone: str | None, after: datetime) -> datetime | None:
    """The first moment later than `after`, in UTC; None if there is none. Without a zone it is read in UTC. A minute that the
    change to summer time leaves out is taken as the first one after it; one that comes twice in autumn counts twice."""
    local = after.astimezone(ZoneInfo(zone) if zone else UTC)
    try:
        found: datetime = croniter(schedule, local, max_years_between_matches=MOST_YEARS).get_next(datetime)
    except CroniterBadDateError:
        return None
    return found.astimezone(UTC)


def _invalid(field: str, problem: str) -> InvalidInput:
    return InvalidInput("The cron cannot be made like this.", details=({"field": field, "problem": problem},))
