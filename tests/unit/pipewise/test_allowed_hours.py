"""Business hours, quiet hours and holidays decide the moment, also where clocks change and nights cross midnight."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from pipewise.allowed_hours import AllowedHours, Hours

WEEK = {day: ((time(9), time(18)),) for day in range(5)}
NIGHT: Hours = (time(21), time(8))
LISBON, BERLIN, NEW_YORK = "Europe/Lisbon", "Europe/Berlin", "America/New_York"


def hours(**more: object) -> AllowedHours:
    given = {"business": WEEK, "quiet": NIGHT, "holidays": frozenset(), **more}
    return AllowedHours(**given)  # type: ignore[arg-type]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("asked", "zone", "allowed"),
    [
        ("2026-03-02T12:00", LISBON, "2026-03-02T12:00"),  # a Monday at noon
        ("2026-03-02T07:30", LISBON, "2026-03-02T09:00"),
        ("2026-03-02T18:00", LISBON, "2026-03-03T09:00"),  # the end is not in it
        ("2026-03-06T19:00", LISBON, "2026-03-09T09:00"),  # over the weekend
        ("2026-03-02T02:00", NEW_YORK, "2026-03-02T14:00"),
        ("2026-03-27T19:00", BERLIN, "2026-03-30T07:00"),  # clocks went forward on Sunday
        ("2026-10-23T19:00", BERLIN, "2026-10-26T08:00"),  # and back
    ],
)
def test_the_next_moment_within_business_hours(asked: str, zone: str, allowed: str) -> None:
    assert hours().next_allowed(utc(asked), zone) == utc(allowed)


def test_holidays_are_skipped() -> None:
    closed = hours(holidays=frozenset({date(2026, 12, 24), date(2026, 12, 25)}))
    assert closed.next_allowed(utc("2026-12-24T10:00"), LISBON) == utc("2026-12-28T09:00")


def test_quiet_hours_cross_midnight() -> None:
    always = hours(business={})
    assert always.next_allowed(utc("2026-03-02T22:00"), LISBON) == utc("2026-03-03T08:00")
    assert always.next_allowed(utc("2026-03-03T03:00"), LISBON) == utc("2026-03-03T08:00")
    assert always.next_allowed(utc("2026-03-03T08:00"), LISBON) == utc("2026-03-03T08:00")
    assert always.next_allowed(utc("2026-03-07T12:00"), LISBON) == utc("2026-03-07T12:00")  # no business hours: any day


def test_quiet_hours_cut_into_business_hours() -> None:
    late = hours(business={day: ((time(9), time(23)),) for day in range(7)}, quiet=(time(13), time(14)))
    assert late.next_allowed(utc("2026-03-02T13:10"), LISBON) == utc("2026-03-02T14:00")
    assert late.quiet_since(utc("2026-03-02T13:10"), LISBON) == utc("2026-03-02T13:00")
    assert late.quiet_since(utc("2026-03-02T14:00"), LISBON) is None


def test_several_stretches_a_day_in_any_order() -> None:
    split = hours(business={0: ((time(14), time(18)), (time(9), time(12)))}, quiet=None)
    assert split.next_allowed(utc("2026-03-02T12:30"), LISBON) == utc("2026-03-02T14:00")
    assert split.next_allowed(utc("2026-03-02T08:00"), LISBON) == utc("2026-03-02T09:00")


def test_hours_until_midnight_and_past_it() -> None:
    night = hours(business={0: ((time(20), time(2)),)}, quiet=None)
    assert night.next_allowed(utc("2026-03-03T01:00"), LISBON) == utc("2026-03-03T01:00")
    assert night.next_allowed(utc("2026-03-03T02:00"), LISBON) == utc("2026-03-09T20:00")


def test_quiet_hours_that_end_in_a_skipped_hour_end_after_it() -> None:
    # Lisbon skips 01:00 to 02:00 on 29 March 2026.
    early = hours(business={}, quiet=(time(22), time(1, 30)))
    assert early.next_allowed(utc("2026-03-29T00:10"), LISBON) == utc("2026-03-29T00:30")


def test_quiet_hours_that_end_in_a_doubled_hour_last_through_both() -> None:
    # Lisbon has 01:00 to 02:00 twice on 25 October 2026.
    early = hours(business={}, quiet=(time(22), time(1, 30)))
    assert early.next_allowed(utc("2026-10-25T00:40"), LISBON) == utc("2026-10-25T01:30")


def test_a_business_that_never_opens_has_no_moment() -> None:
    never = hours(business={0: ((time(22), time(23)),)})
    assert never.next_allowed(utc("2026-03-02T12:00"), LISBON) is None


@pytest.mark.parametrize(
    "zone", ["Europe/Lisbon", "America/Sao_Paulo", "Asia/Kolkata", "Pacific/Chatham", "Asia/Riyadh"]
)
def test_whatever_the_hour_the_answer_is_allowed_and_not_earlier(zone: str) -> None:
    tested = hours(holidays=frozenset({date(2026, 3, 30)}))
    for step in range(14 * 24 * 4):
        asked = utc("2026-03-20T00:07") + timedelta(minutes=15 * step)
        found = tested.next_allowed(asked, zone)
        assert found is not None
        assert found >= asked
        assert tested.next_allowed(found, zone) == found
        assert tested.quiet_since(found, zone) is None
