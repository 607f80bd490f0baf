"""When a lead would like to meet, read from words, and which free times fit that best."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pipewise.language.clock_times import ClockMention
from pipewise.language.day_mentions import DayMention
from pipewise.language.moments import Moments, read_moments

# From and to, by part of the day.
WINDOWS: dict[str, tuple[time, time]] = {
    "early": (time(6), time(10)),
    "morning": (time(6), time(12)),
    "before_lunch": (time(6), time(12)),
    "lunch": (time(12), time(14)),
    "after_lunch": (time(13), time(18)),
    "afternoon": (time(12), time(18)),
    "late_afternoon": (time(15, 30), time(19)),
    "evening": (time(17), time(22)),
    "night": (time(18), time(23, 59)),
}
_NEAR_ENOUGH = timedelta(minutes=60)  # how far from "around 3" a time may be
_NOON, _EVENING = time(12), time(17)


@dataclass(frozen=True)
class TimeWish:
    """All in the lead's zone. `earliest` and `latest` are included; a start fits from `after` on and before `before`."""

    earliest: date | None = None
    latest: date | None = None
    weekdays: frozenset[int] = frozenset()
    excluded_weekdays: frozenset[int] = frozenset()
    after: time | None = None
    before: time | None = None
    around: time | None = None


def wish_is_empty(wish: TimeWish) -> bool:
    return wish == TimeWish()


def read_time_wish(text: str, *, now: datetime, timezone: str) -> TimeWish:
    moments = read_moments(text, now=now, timezone=timezone)
    return _with_hours(_with_days(TimeWish(), moments), moments)


def _with_days(wish: TimeWish, moments: Moments) -> TimeWish:
    excluded: frozenset[int] = frozenset()
    earliest_allowed: date | None = None
    wanted: list[DayMention] = []
    for mention in moments.days:
        if not moments.is_refused(mention):
            wanted.append(mention)
        elif mention.exact:
            earliest_allowed = mention.end + timedelta(days=1)  # "not tomorrow": from the day after
        else:
            excluded |= mention.weekdays
    wish = replace(wish, excluded_weekdays=excluded, earliest=None if wanted else earliest_allowed)
    return _with_wanted(wish, wanted) if wanted else wish


def _with_wanted(wish: TimeWish, wanted: Sequence[DayMention]) -> TimeWish:
    bounds = [mention for mention in wanted if mention.relation != "on"]
    spans = [mention for mention in wanted if mention.relation == "on" and not mention.weekdays]
    days = [mention for mention in wanted if mention.relation == "on" and mention.weekdays]
    weekdays = frozenset(weekday for mention in days for weekday in mention.weekdays)
    framing = spans or [mention for mention in days if not mention.recurring]
    earliest = min((mention.start for mention in framing), default=None)
    latest = max((mention.end for mention in framing), default=None)
    if any(mention.recurring for mention in days) and not spans:
        earliest = latest = None
    elif spans and any(mention.exact for mention in days):
        earliest = min(mention.start for mention in [*spans, *days])
        latest = max(mention.end for mention in [*spans, *days])
    for mention in bounds:
        low, high = mention.shifted()
        earliest = max(filter(None, (earliest, low)), default=None)
        latest = min(filter(None, (latest, high)), default=None)
    if len(days) == 1 and days[0].exact and not spans and not bounds:
        weekdays = frozenset()  # the date says it all
    return replace(wish, earliest=earliest, latest=latest, weekdays=weekdays)


def _with_hours(wish: TimeWish, moments: Moments) -> TimeWish:
    windows, refused = _windows(moments)
    after = min((window[0] for window in windows), default=None)
    before = max((window[1] for window in windows), default=None)
    for window in refused:
        if window[0] < _NOON:
            after = max(window[1], after or window[1])
        else:
            before = min(window[0], before or window[0])
    clocks = [mention for mention in moments.clocks if not moments.is_refused(mention)]
    return _with_clocks(replace(wish, after=after, before=before), clocks)


def _windows(moments: Moments) -> tuple[list[tuple[time, time]], list[tuple[time, time]]]:
    wanted: list[tuple[time, time]] = []
    refused: list[tuple[time, time]] = []
    for part in moments.parts:
        if part.name in WINDOWS:
            (refused if moments.is_refused(part) else wanted).append(WINDOWS[part.name])
    return wanted, refused


def _with_clocks(wish: TimeWish, clocks: Sequence[ClockMention]) -> TimeWish:
    """A time said outright stands over a part of the day, which then only tells morning from afternoon."""
    if not clocks:
        return wish
    at = [_meant(mention, wish) for mention in clocks if mention.relation in {"at", "around"}]
    after = [_meant(mention, wish) for mention in clocks if mention.relation == "after"]
    before = [_meant(mention, wish) for mention in clocks if mention.relation == "before"]
    if len(at) == 1 and not after and not before:
        return replace(wish, around=at[0], after=None, before=None)
    if at and not after and not before:
        return replace(wish, after=min(at), before=_a_minute_later(max(at)))
    low, high = max(after, default=wish.after), min(before, default=wish.before)
    if low is not None and high is not None and low >= high:
        low, high = (low, None) if after else (None, high)
    return replace(wish, after=low, before=high, around=at[0] if at else None)


def _meant(mention: ClockMention, wish: TimeWish) -> time:
    """Of the times that the words can mean, the one inside the part of the day that was named, else the likelier."""
    low, high = wish.after or time.min, wish.before or time.max
    return next((option for option in mention.options if low <= option <= high), mention.options[0])


def _a_minute_later(moment: time) -> time:
    return moment.replace(minute=moment.minute + 1) if moment.minute < 59 else moment.replace(second=59)


def _minutes(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def _fits(local: datetime, wish: TimeWish) -> bool:
    day, clock = local.date(), local.time()
    if (wish.earliest and day < wish.earliest) or (wish.latest and day > wish.latest):
        return False
    if (wish.weekdays and local.weekday() not in wish.weekdays) or local.weekday() in wish.excluded_weekdays:
        return False
    if (wish.after and clock < wish.after) or (wish.before and clock >= wish.before):
        return False
    return wish.around is None or _distance(local, wish) <= _NEAR_ENOUGH.total_seconds() / 60


def _distance(local: datetime, wish: TimeWish) -> int:
    return 0 if wish.around is None else abs(_minutes(local.time()) - _minutes(wish.around))


def _part_of_day(local: datetime) -> str:
    if local.time() < _NOON:
        return "morning"
    return "afternoon" if local.time() < _EVENING else "evening"


def rank_slots(starts: Sequence[datetime], wish: TimeWish, *, timezone: str, count: int) -> tuple[datetime, ...]:
    """Up to `count` of the starts that fit the wish, in order of time, spread over days and parts of the day.

    Nothing that fits gives nothing: the caller decides whether to offer something else, and says so.
    """
    zone = ZoneInfo(timezone)
    fitting = [(start, local) for start in sorted(set(starts)) if _fits(local := start.astimezone(zone), wish)]
    chosen: list[tuple[datetime, datetime]] = []
    while fitting and len(chosen) < count:
        best = min(fitting, key=lambda pair: _cost(pair[1], chosen, wish))
        chosen.append(best)
        fitting.remove(best)
    return tuple(start for start, _ in sorted(chosen))


def _cost(
    local: datetime, chosen: Sequence[tuple[datetime, datetime]], wish: TimeWish
) -> tuple[int, int, int, int, datetime]:
    """Low for a new day near the wish, not beside a chosen time, in a part of the day not yet offered."""
    same_day = [other for _, other in chosen if other.date() == local.date()]
    beside = sum(abs(other - local) <= _NEAR_ENOUGH for other in same_day)
    same_part = sum(_part_of_day(other) == _part_of_day(local) for _, other in chosen)
    return len(same_day), _distance(local, wish), beside, same_part, local
