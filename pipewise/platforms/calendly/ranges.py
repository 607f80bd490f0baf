"""Time ranges as Calendly's queries take them: whole seconds of UTC, in slices it accepts."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

LONGEST_RANGE = timedelta(days=31)  # of GET /event_type_available_times since 2026-07-09 (Calendly's release notes)


def as_stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def slice_range(start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """[start, end), rounded up to whole seconds, in slices of at most 31 days."""
    start, end = _next_second(start), _next_second(end)
    while start < end:
        last = min(start + LONGEST_RANGE, end)
        yield start, last
        start = last


def _next_second(moment: datetime) -> datetime:
    moment = moment.astimezone(UTC)
    return moment if moment.microsecond == 0 else moment.replace(microsecond=0) + timedelta(seconds=1)
