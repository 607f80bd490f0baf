"""When a cron comes next, and what is no cron."""

from datetime import UTC, datetime

import pytest

from pipewise.cron_schedule import check_schedule, next_date
from pipewise.errors import InvalidInput

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)  # a Monday


@pytest.mark.parametrize(
    ("schedule", "zone", "comes"),
    [
        ("*/5 * * * *", None, "2027-03-01T12:05:00+00:00"),
        ("0 9 * * mon-fri", None, "2027-03-02T09:00:00+00:00"),
        ("@daily", None, "2027-03-02T00:00:00+00:00"),
        ("0 9 * * *", "America/New_York", "2027-03-01T14:00:00+00:00"),
        ("0 9 l * *", None, "2027-03-31T09:00:00+00:00"),
        ("0 0 29 2 *", None, "2028-02-29T00:00:00+00:00"),
        ("0 9 * mar thu", None, "2027-03-04T09:00:00+00:00"),
        ("0 12 * * *", None, "2027-03-02T12:00:00+00:00"),
    ],
)
def test_the_next_date_is_later_in_the_zone_that_was_asked_for(schedule: str, zone: str | None, comes: str) -> None:
    check_schedule(schedule, zone, NOON)
    assert next_date(schedule, zone, NOON) == datetime.fromisoformat(comes)


def test_summer_time_leaves_no_day_out() -> None:
    before = datetime(2027, 3, 13, 12, tzinfo=UTC)
    first = next_date("30 2 * * *", "America/New_York", before)
    assert first == datetime(2027, 3, 14, 7, tzinfo=UTC), "02:30 does not come that night: three o'clock stands for it"
    assert next_date("30 2 * * *", "America/New_York", first) == datetime(2027, 3, 15, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "schedule",
    [
        "",
        "x",
        "0 9 * *",
        "61 * * * *",
        "* * * * * *",
        "0 9 * * * * 2027",
        "R R * * *",
        "H * * * *",
        "@never",
        "0 9 * * 9",
    ],
)
def test_what_is_no_expression_is_refused_with_its_form(schedule: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_schedule(schedule, None, NOON)
    assert "five fields" in refused.value.body().details[0]["problem"]


def test_a_day_that_never_comes_and_an_unknown_zone_are_refused() -> None:
    with pytest.raises(InvalidInput) as never:
        check_schedule("0 0 30 2 *", None, NOON)
    assert never.value.body().details[0] == {"field": "schedule", "problem": "names a day that never comes"}
    with pytest.raises(InvalidInput) as nowhere:
        check_schedule("0 9 * * *", "Mars/Base", NOON)
    assert nowhere.value.body().details[0]["field"] == "timezone"
