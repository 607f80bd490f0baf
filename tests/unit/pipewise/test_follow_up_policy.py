"""The account's settings become a follow-up policy, and the caps hold."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from pipewise.account_settings import AccountSettings
from pipewise.follow_up_plan import CAPPED, FollowUpPolicy, Kind, Spent, later_than
from pipewise.follow_up_policy import policy_of
from tests.fakes import NOON

LISBON = "Europe/Lisbon"
CAPS = FollowUpPolicy(per_day=2, per_week=3)


def test_the_defaults_of_the_settings_are_the_defaults_of_the_policy() -> None:
    policy, default = policy_of(AccountSettings()), FollowUpPolicy()
    assert (policy.delays, policy.reminders) == (default.delays, default.reminders)
    assert (policy.enabled, policy.thanks, policy.no_show_recovery) == (True, True, True)
    assert (policy.per_day, policy.per_week, policy.timezone) == (None, 3, "UTC")
    assert policy.hours.quiet == default.hours.quiet
    assert {day: spans for day, spans in policy.hours.business.items() if spans} == default.hours.business


def test_what_an_account_sets_holds() -> None:
    given = {
        "timezone": "Asia/Tokyo",
        "business_hours": {"monday": [["10:00", "12:00"], ["14:00", "00:00"]], "friday": []},
        "quiet_hours": {"enabled": False},
        "holidays": [{"date": "2026-12-25"}],
        "follow_up": {"delays": ["30m", "1w"], "reminders": ["2h"], "thanks": False, "max_per_lead_per_week": 1},
        "caps": {"messages_per_lead_per_day": 4},
    }
    policy = policy_of(AccountSettings.model_validate_json(json.dumps(given)))
    assert policy.delays == (timedelta(minutes=30), timedelta(weeks=1))
    assert policy.reminders == (timedelta(hours=2),)
    assert (policy.thanks, policy.per_day, policy.per_week, policy.timezone) == (False, 4, 1, "Asia/Tokyo")
    monday_night = datetime(2026, 3, 2, 23, 59, tzinfo=UTC)
    assert policy.hours.next_allowed(monday_night, "UTC") == monday_night
    friday = datetime(2026, 3, 6, 12, tzinfo=UTC)
    assert policy.hours.next_allowed(friday, "UTC") == datetime(2026, 3, 9, 10, tzinfo=UTC)


def test_a_week_has_no_more_follow_ups_than_allowed() -> None:
    fired = [NOON - timedelta(days=6), NOON - timedelta(days=5), NOON - timedelta(days=2)]
    assert later_than(Kind.NUDGE, CAPS, LISBON, Spent(fired), NOON) == (
        NOON + timedelta(days=1),
        "the lead had 3 follow-ups in a week",
    )
    assert later_than(Kind.NUDGE, CAPS, LISBON, Spent(fired[1:]), NOON) is None


def test_a_day_has_no_more_messages_than_allowed() -> None:
    later = later_than(Kind.NUDGE, CAPS, LISBON, Spent(today=2), NOON)
    assert later == (datetime(2026, 3, 3, 9, tzinfo=UTC), "the lead had 2 messages today")
    assert later_than(Kind.NUDGE, FollowUpPolicy(), LISBON, Spent(today=50), NOON) is None


@pytest.mark.parametrize("kind", sorted(CAPPED))
def test_a_cap_of_none_allows_none(kind: Kind) -> None:
    assert later_than(kind, FollowUpPolicy(per_week=0), LISBON, Spent(), NOON) == (
        None,
        "the account allows no follow-up",
    )


def test_reminders_are_not_held_back_by_caps_nor_by_business_hours() -> None:
    sunday = datetime(2026, 3, 8, 12, tzinfo=UTC)
    assert later_than(Kind.REMINDER, FollowUpPolicy(per_week=0), LISBON, Spent(), sunday) is None
    night = datetime(2026, 3, 8, 23, tzinfo=UTC)
    assert later_than(Kind.REMINDER, CAPS, LISBON, Spent(), night) == (
        datetime(2026, 3, 9, 8, tzinfo=UTC),
        "quiet hours",
    )
