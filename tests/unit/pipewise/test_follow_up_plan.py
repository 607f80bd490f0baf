"""When a lead is written to again, and what makes that pointless."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from pipewise.allowed_hours import AllowedHours
from pipewise.follow_up_plan import (
    FollowUpPolicy,
    Kind,
    Known,
    no_show_due,
    nudge_due,
    reminder_dues,
    return_due,
    thanks_due,
    why_stopped,
    zone_of,
)
from pipewise.leads import Lead, Status
from tests.fakes import NOON

POLICY = FollowUpPolicy()
LISBON = "Europe/Lisbon"
LEAD = Lead("lead-1", "account-1", Status.MEETING_OFFERED, NOON, NOON)
BASIS: dict[str, Any] = {"seen": 7, "ownership_version": 0, "meeting_version": 2}
START = NOON + timedelta(days=2)
TALK = Known(LEAD, seen=7)
MEETING = Known(
    replace(LEAD, status=Status.MEETING_SCHEDULED),
    9,
    meeting_status="scheduled",
    meeting_version=2,
    meeting_start=START,
)


def test_nudges_come_after_four_hours_a_day_and_three_days_within_business_hours() -> None:
    first = nudge_due(POLICY, LISBON, after=NOON, step=1)
    assert first == NOON + timedelta(hours=4)
    second = nudge_due(POLICY, LISBON, after=first, step=2)
    assert second == NOON + timedelta(days=1)
    third = nudge_due(POLICY, LISBON, after=second, step=3)
    assert third == NOON + timedelta(days=3)
    assert nudge_due(POLICY, LISBON, after=third, step=4) is None


def test_a_nudge_that_was_moved_keeps_its_distance_to_the_next() -> None:
    friday = datetime(2026, 3, 6, 17, tzinfo=UTC)
    first = nudge_due(POLICY, LISBON, after=friday, step=1)
    assert first == datetime(2026, 3, 9, 9, tzinfo=UTC)
    assert nudge_due(POLICY, LISBON, after=first, step=2) == datetime(2026, 3, 10, 9, tzinfo=UTC)


def test_nothing_is_planned_where_follow_up_is_off() -> None:
    off = replace(POLICY, enabled=False)
    assert nudge_due(off, LISBON, after=NOON, step=1) is None
    assert reminder_dues(off, LISBON, start=START, now=NOON) == []
    assert no_show_due(off, LISBON, NOON) is None
    assert return_due(off, LISBON, date(2026, 3, 9)) is None
    assert no_show_due(replace(POLICY, no_show_recovery=False), LISBON, NOON) is None


def test_reminders_come_a_day_and_an_hour_before() -> None:
    dues = [(1, START - timedelta(hours=24)), (2, START - timedelta(hours=1))]
    assert reminder_dues(POLICY, LISBON, start=START, now=NOON) == dues
    assert reminder_dues(POLICY, LISBON, start=START, now=START - timedelta(hours=5)) == dues[1:]
    assert reminder_dues(POLICY, LISBON, start=START, now=START - timedelta(minutes=30)) == []


def test_a_reminder_in_the_night_comes_before_it() -> None:
    early = datetime(2026, 3, 4, 8, 30, tzinfo=UTC)
    assert reminder_dues(POLICY, LISBON, start=early, now=NOON) == [
        (1, early - timedelta(hours=24)),
        (2, datetime(2026, 3, 3, 20, 50, tzinfo=UTC)),
    ]


def test_a_meeting_counts_as_held_an_hour_after_its_end() -> None:
    assert thanks_due(start=START, end=START + timedelta(minutes=45)) == START + timedelta(hours=1, minutes=45)
    assert thanks_due(start=START, end=None) == START + timedelta(hours=1, minutes=30)


def test_a_return_is_in_the_morning_of_its_day_or_of_the_next_working_day() -> None:
    assert return_due(POLICY, "America/New_York", date(2026, 3, 16)) == datetime(2026, 3, 16, 13, tzinfo=UTC)
    assert return_due(POLICY, LISBON, date(2026, 3, 14)) == datetime(2026, 3, 16, 9, tzinfo=UTC)
    always = replace(POLICY, hours=AllowedHours({}, None, frozenset()))
    assert return_due(always, LISBON, date(2026, 3, 14)) == datetime(2026, 3, 14, 9, tzinfo=UTC)


def test_the_zone_is_the_leads_then_the_phones_then_the_accounts() -> None:
    policy = replace(POLICY, timezone="Asia/Tokyo")
    assert zone_of(replace(LEAD, timezone="Europe/Rome", phone="+351911222333"), policy) == "Europe/Rome"
    assert zone_of(replace(LEAD, phone="+351911222333"), policy) == "Europe/Lisbon"
    assert zone_of(LEAD, policy) == "Asia/Tokyo"


@pytest.mark.parametrize("kind", [Kind.NUDGE, Kind.RETURN])
@pytest.mark.parametrize(
    ("known", "reason"),
    [
        (TALK, None),
        (replace(TALK, seen=8), "the lead wrote"),
        (replace(TALK, lead=replace(LEAD, ownership_version=1)), "the conversation changed hands"),
        (replace(TALK, lead=replace(LEAD, opted_out=True)), "the lead opted out"),
        (replace(TALK, lead=replace(LEAD, agent="paused")), "a person has the conversation"),
        (replace(TALK, lead=replace(LEAD, status=Status.MEETING_SCHEDULED)), "a meeting is booked"),
        (replace(TALK, lead=replace(LEAD, status=Status.LOST)), "the lead is lost"),
        (replace(TALK, lead=replace(LEAD, status=Status.UNQUALIFIED)), "the lead is unqualified"),
        (replace(TALK, answered_delivered=False), "the message before it did not reach the lead"),
    ],
)
def test_what_stops_a_nudge(kind: Kind, known: Known, reason: str | None) -> None:
    assert why_stopped(kind, BASIS, known, NOON) == reason


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        (MEETING, None),
        (replace(MEETING, seen=99), None),
        (replace(MEETING, meeting_version=3), "the meeting was moved"),
        (replace(MEETING, meeting_status="canceled"), "the meeting was canceled"),
        (replace(MEETING, meeting_status=None), "the meeting is gone"),
        (replace(MEETING, meeting_start=NOON + timedelta(minutes=4)), "the meeting begins"),
        (replace(MEETING, lead=replace(LEAD, agent="paused")), "a person has the conversation"),
    ],
)
def test_what_stops_a_reminder(known: Known, reason: str | None) -> None:
    assert why_stopped(Kind.REMINDER, BASIS, known, NOON) == reason


def test_thanks_follow_a_meeting_that_was_not_missed() -> None:
    assert why_stopped(Kind.THANKS, BASIS, replace(MEETING, meeting_status="held"), START) is None
    late = START + timedelta(days=4)
    assert why_stopped(Kind.THANKS, BASIS, replace(MEETING, meeting_status="held"), late) == "it is too late for thanks"
    assert (
        why_stopped(Kind.THANKS, BASIS, replace(MEETING, meeting_status="no_show"), START) == "the meeting is no_show"
    )


def test_a_missed_meeting_is_spoken_of_once_and_only_while_it_counts_as_missed() -> None:
    missed = replace(MEETING, lead=replace(LEAD, status=Status.NO_SHOW), seen=7, meeting_status="no_show")
    assert why_stopped(Kind.NO_SHOW, BASIS, missed, NOON) is None
    assert why_stopped(Kind.NO_SHOW, BASIS, replace(missed, seen=8), NOON) == "the lead wrote"
    assert why_stopped(Kind.NO_SHOW, BASIS, replace(missed, meeting_status="scheduled"), NOON) is not None


def test_an_overdue_hand_off_is_told_whoever_has_the_conversation() -> None:
    assert why_stopped(Kind.OVERDUE, {}, replace(TALK, lead=replace(LEAD, agent="paused")), NOON) is None


def test_business_hours_of_an_account_may_differ() -> None:
    sunday = replace(POLICY, hours=AllowedHours({6: ((time(10), time(12)),)}, None, frozenset()))
    assert nudge_due(sunday, LISBON, after=NOON, step=1) == datetime(2026, 3, 8, 10, tzinfo=UTC)
