"""When to come back to a lead: nudges, reminders, thanks and returns as moments, and what makes each of them pointless."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from pipewise.allowed_hours import AllowedHours, Hours
from pipewise.language.contact import guess_timezone
from pipewise.leads import Lead, Status

WORKDAY: Hours = (time(9), time(18))
THANKS_AFTER = timedelta(hours=1)
THANKS_WITHIN = timedelta(days=3)  # from the meeting's start
NO_SHOW_AFTER = timedelta(minutes=30)
LATEST_REMINDER = timedelta(minutes=5)  # before the start; later it would only disturb
BEFORE_QUIET = timedelta(minutes=10)
WEEK = timedelta(days=7)
USUAL_LENGTH = timedelta(minutes=30)


class Kind(StrEnum):
    NUDGE = "nudge"
    REMINDER = "reminder"
    THANKS = "thanks"
    NO_SHOW = "no_show"
    RETURN = "return"
    OVERDUE = "overdue"


CONVERSATION = frozenset({Kind.NUDGE, Kind.RETURN, Kind.NO_SHOW})
"""Kinds that any word of the lead, a person or a booking makes pointless."""
CAPPED = CONVERSATION | {Kind.THANKS}
OF_MEETING = frozenset({Kind.REMINDER, Kind.THANKS, Kind.NO_SHOW})
WANTED: Mapping[Kind, frozenset[str]] = {
    Kind.REMINDER: frozenset({"scheduled"}),
    Kind.THANKS: frozenset({"scheduled", "held"}),
    Kind.NO_SHOW: frozenset({"no_show"}),
}
"""States of its meeting in which a follow-up has a meaning."""
ENDED = frozenset({Status.LOST, Status.UNQUALIFIED})


@dataclass(frozen=True)
class FollowUpPolicy:
    """What an account allows. `delays` count from the agent's message, `reminders` back from the meeting's start. Both caps are
    for one lead over all platforms: `per_day` is of all the agent's messages, `per_week` of follow-ups; reminders of a meeting
    neither count as such nor are held back."""

    enabled: bool = True
    delays: tuple[timedelta, ...] = (timedelta(hours=4), timedelta(days=1), timedelta(days=3))
    reminders: tuple[timedelta, ...] = (timedelta(hours=24), timedelta(hours=1))
    thanks: bool = True
    no_show_recovery: bool = True
    per_day: int | None = None
    per_week: int = 3
    timezone: str = "UTC"
    hours: AllowedHours = field(
        default_factory=lambda: AllowedHours(
            business=dict.fromkeys(range(5), (WORKDAY,)), quiet=(time(21), time(8)), holidays=frozenset()
        )
    )


@dataclass(frozen=True)
class Planned:
    """One follow-up that is to be stored. `basis_key` and `step` name it: planned twice, it stands once."""

    kind: Kind
    basis_key: str
    step: int
    due_at: datetime
    reason: str
    basis: Mapping[str, Any]


@dataclass(frozen=True)
class Spent:
    """What counts for the caps of one lead: follow-ups of the last week, oldest first, and messages of the day by UTC."""

    week: Sequence[datetime] = ()
    today: int = 0


@dataclass(frozen=True)
class Known:
    """What stands now, read in the transaction that fires. `seen` is the lead's last message."""

    lead: Lead
    seen: int
    meeting_status: str | None = None
    meeting_version: int | None = None
    meeting_start: datetime | None = None
    answered_delivered: bool = True


def zone_of(lead: Lead, policy: FollowUpPolicy) -> str:
    """The lead's own, else that of the phone number, else the account's."""
    return lead.timezone or guess_timezone(lead.phone, default=policy.timezone)[0]


def nudge_due(policy: FollowUpPolicy, zone: str, *, after: datetime, step: int) -> datetime | None:
    """`after` is when the message that waits for its answer was written, or the step before was fired."""
    if not policy.enabled or step > len(policy.delays):
        return None
    before = policy.delays[step - 2] if step > 1 else timedelta()
    return policy.hours.next_allowed(after + policy.delays[step - 1] - before, zone)


def reminder_dues(policy: FollowUpPolicy, zone: str, *, start: datetime, now: datetime) -> list[tuple[int, datetime]]:
    """Step and moment of each reminder that still lies ahead; one that would fall into quiet hours comes before them."""
    if not policy.enabled:
        return []
    found = [(step, _before_quiet(policy, zone, start - before)) for step, before in enumerate(policy.reminders, 1)]
    return [(step, due) for step, due in found if due > now]


def _before_quiet(policy: FollowUpPolicy, zone: str, moment: datetime) -> datetime:
    quiet_since = policy.hours.quiet_since(moment, zone)
    return quiet_since - BEFORE_QUIET if quiet_since else moment


def thanks_due(*, start: datetime, end: datetime | None) -> datetime:
    """When the meeting counts as held; the thanks themselves then wait for an hour that allows them."""
    return (end or start + USUAL_LENGTH) + THANKS_AFTER


def no_show_due(policy: FollowUpPolicy, zone: str, now: datetime) -> datetime | None:
    if not (policy.enabled and policy.no_show_recovery):
        return None
    return policy.hours.next_allowed(now + NO_SHOW_AFTER, zone)


def return_due(policy: FollowUpPolicy, zone: str, day: date) -> datetime | None:
    """The morning of that day, or of the next on which the business is open."""
    if not policy.enabled:
        return None
    morning = datetime.combine(day, WORKDAY[0] if not policy.hours.business else time.min, ZoneInfo(zone))
    return policy.hours.next_allowed(morning.astimezone(UTC), zone)


def later_than(
    kind: Kind, policy: FollowUpPolicy, zone: str, spent: Spent, now: datetime
) -> tuple[datetime | None, str] | None:
    """Another moment and why, where this one is not allowed; no moment where none will be."""
    if kind is Kind.REMINDER:
        hours = replace(policy.hours, business={}, holidays=frozenset())
        moment = hours.next_allowed(now, zone)
        return None if moment == now else (moment, "quiet hours")
    moment, reason = _after_caps(policy, spent, now) if kind in CAPPED else (now, "")
    if moment is None:
        return None, reason
    allowed = policy.hours.next_allowed(moment, zone)
    if allowed == now:
        return None
    return allowed, reason or ("outside of the allowed hours" if allowed else "the allowed hours never come")


def _after_caps(policy: FollowUpPolicy, spent: Spent, now: datetime) -> tuple[datetime | None, str]:
    if policy.per_week < 1:
        return None, "the account allows no follow-up"
    if len(spent.week) >= policy.per_week:
        return spent.week[-policy.per_week] + WEEK, f"the lead had {policy.per_week} follow-ups in a week"
    if policy.per_day is not None and spent.today >= policy.per_day:
        midnight = datetime.combine(now.date() + timedelta(days=1), time.min, UTC)
        return midnight, f"the lead had {policy.per_day} messages today"
    return now, ""


def why_stopped(kind: Kind, basis: Mapping[str, Any], known: Known, now: datetime) -> str | None:
    """Why this follow-up must not be sent any more; None if it may."""
    if kind is Kind.OVERDUE:
        return None
    lead = known.lead
    if lead.opted_out:
        return "the lead opted out"
    if lead.agent == "paused":
        return "a person has the conversation"
    if kind in OF_MEETING and (reason := _why_meeting_stopped(kind, basis, known, now)):
        return reason
    return _why_conversation_stopped(basis, known) if kind in CONVERSATION else None


def _why_conversation_stopped(basis: Mapping[str, Any], known: Known) -> str | None:
    if known.seen != basis["seen"]:
        return "the lead wrote"
    if known.lead.ownership_version != basis["ownership_version"]:
        return "the conversation changed hands"
    if known.lead.status is Status.MEETING_SCHEDULED:
        return "a meeting is booked"
    if known.lead.status in ENDED:
        return f"the lead is {known.lead.status}"
    return None if known.answered_delivered else "the message before it did not reach the lead"


def _why_meeting_stopped(kind: Kind, basis: Mapping[str, Any], known: Known, now: datetime) -> str | None:
    if known.meeting_status == "canceled":
        return "the meeting was canceled"
    if known.meeting_status not in WANTED[kind]:
        return f"the meeting is {known.meeting_status or 'gone'}"
    if kind is Kind.NO_SHOW:
        return None
    if known.meeting_version != basis["meeting_version"] or known.meeting_start is None:
        return "the meeting was moved"
    if kind is Kind.THANKS and now > known.meeting_start + THANKS_WITHIN:
        return "it is too late for thanks"
    if kind is Kind.REMINDER and now > known.meeting_start - LATEST_REMINDER:
        return "the meeting begins"
    return None
