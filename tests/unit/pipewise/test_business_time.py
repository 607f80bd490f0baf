"""Time that passes only while the company is open."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pipewise.account_settings import AccountSettings
from pipewise.business_time import after_open_time, answer_due, is_open, next_opening
from pipewise.settings_document import read_settings

HOUR = timedelta(hours=1)
CLOSED = {day: [] for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def settings(**document: Any) -> AccountSettings:
    return read_settings(document)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-11-25T10:00", "2026-11-25T11:00"),  # a Wednesday
        ("2026-11-25T17:30", "2026-11-26T09:30"),
        ("2026-11-25T03:00", "2026-11-25T10:00"),
        ("2026-11-27T18:00", "2026-11-30T10:00"),  # Friday evening, then Monday
        ("2026-12-24T17:30", "2026-12-28T09:30"),  # over a holiday and a weekend
    ],
)
def test_an_answer_is_due_after_an_hour_of_business(now: str, due: str) -> None:
    assert answer_due(settings(holidays=[{"date": "2026-12-25"}]), at(now)) == at(due)


def test_hours_are_those_of_the_companys_zone() -> None:
    tokyo = settings(timezone="Asia/Tokyo")
    assert answer_due(tokyo, at("2026-11-25T10:00")) == at("2026-11-26T01:00")
    assert is_open(tokyo, at("2026-11-25T01:00"))
    assert not is_open(tokyo, at("2026-11-25T10:00"))


def test_a_day_with_a_break_and_one_until_midnight() -> None:
    hours = {**CLOSED, "wednesday": [["09:00", "12:00"], ["22:00", "00:00"]]}
    split = settings(business_hours=hours)
    assert after_open_time(split, at("2026-11-25T11:30"), HOUR) == at("2026-11-25T22:30")
    assert after_open_time(split, at("2026-11-25T23:30"), HOUR) == at("2026-12-02T09:30")
    assert is_open(split, at("2026-11-25T23:59"))
    assert not is_open(split, at("2026-11-26T00:00"))


def test_a_day_on_which_the_clocks_change_has_its_length() -> None:
    night = settings(timezone="Europe/Lisbon", business_hours={**CLOSED, "sunday": [["00:00", "06:00"]]})
    start = at("2026-03-29T00:00")  # the hour from 01:00 does not exist on this Sunday in Lisbon
    assert after_open_time(night, start, 5 * HOUR) == at("2026-03-29T05:00")
    assert after_open_time(night, start, 5 * HOUR + timedelta(minutes=1)) == at("2026-04-04T23:01")


def test_a_company_that_never_opens_has_its_tasks_due_all_the_same() -> None:
    assert answer_due(settings(business_hours=CLOSED), at("2026-11-25T10:00")) == at("2026-11-25T11:00")


def test_the_next_opening_is_told_only_of_a_company_that_is_closed_and_opens() -> None:
    assert next_opening(settings(), at("2026-11-25T10:00")) is None
    assert next_opening(settings(), at("2026-11-27T18:00")) == at("2026-11-30T09:00")
    assert next_opening(settings(business_hours=CLOSED), at("2026-11-25T10:00")) is None
