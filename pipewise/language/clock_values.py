"""What a number can mean as a time of day, with the words that belong to it."""

import re
from dataclasses import dataclass, replace
from datetime import time

_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})(?::\d{2})?")
_LATEST_MORNING_GUESS = 7  # a bare "3" is an afternoon; a bare "8" a morning


@dataclass(frozen=True)
class RawClock:
    """A number read as a time, before its neighbours are asked."""

    hour: int
    minute: int
    half: str  # am, pm or nothing
    marked: bool  # the form itself says that it is a time
    first: int
    last: int
    spelled: str


def clock_value(text: str) -> tuple[int, int] | None:
    match = _CLOCK.fullmatch(text)
    hour, minute = (int(match[1]), int(match[2])) if match else (int(text) if text.isdigit() else 99, 0)
    return (hour, minute) if hour < 24 and minute < 60 else None


def clock_options(raw: RawClock) -> tuple[time, ...]:
    hour, minute = raw.hour, raw.minute
    if raw.half == "pm" and hour < 12:
        return (time(hour + 12, minute),)
    if raw.half == "am":
        return (time(hour % 12 if hour <= 12 else hour, minute),)
    if hour > 12 or raw.half == "pm" or (hour == 0) or raw.spelled.startswith("0"):
        return (time(hour, minute),)
    if hour == 12:
        return (time(12, minute), time(0, minute))
    other = time(hour + 12, minute)
    return (other, time(hour, minute)) if hour < _LATEST_MORNING_GUESS else (time(hour, minute), other)


def matched(first: RawClock, second: RawClock) -> RawClock:
    """In "2 or 3pm" the first takes the half of the day from the second where that keeps their order."""
    if second.half and not first.half and first.hour <= 12:
        wraps = second.half == "pm" and second.hour % 12 < first.hour % 12
        return replace(first, half="am" if wraps else second.half)
    return first


def shifted(hour: int, lead: str) -> tuple[int, int]:
    if lead == "half_past":
        return hour, 30
    if lead == "quarter_past":
        return hour, 15
    before = (hour - 1) % 24 or (12 if hour == 1 else 0)
    return before, 45 if lead == "quarter_to" else 30


def with_extra(hour: int, minute: int, kind: str, extra: int) -> tuple[int, int]:
    if kind == "and_half":
        return hour, 30
    if kind == "and_quarter":
        return hour, 15
    if kind == "less_quarter":
        return (hour - 1 if hour > 1 else 12), 45
    return (hour, extra) if kind == "oclock" and extra else (hour, minute)
