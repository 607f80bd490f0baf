"""What plans follow-ups and what calls them off, inside the transactions of turns, bookings and people's acts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.follow_up_plan import (
    CONVERSATION,
    ENDED,
    OF_MEETING,
    FollowUpPolicy,
    Kind,
    Planned,
    no_show_due,
    nudge_due,
    reminder_dues,
    return_due,
    thanks_due,
    zone_of,
)
from pipewise.follow_up_policy import load_policy
from pipewise.leads import Lead, Status
from pipewise.storage import follow_ups as rows
from pipewise.storage import leads
from pipewise.storage import meetings as meeting_rows
from pipewise.storage.follow_ups import FollowUp
from pipewise.storage.meetings import MeetingRow
from pipewise.turns import TurnRequest, TurnResult

TALKED = frozenset({Kind.NUDGE, Kind.NO_SHOW})
WROTE = "the lead wrote"
TOO_NEAR = timedelta(hours=12)  # a return that is nearer than this is no use to a lead who writes anyway
LONG_AGO = timedelta(days=2)
MEETINGS_LOOKED_AT = 20


@dataclass(frozen=True)
class About:
    """What the message that waits for its answer holds: offer or question, and the slots that it offers."""

    what: str
    offered: Sequence[Mapping[str, str]] = ()


async def note_turn(
    connection: AsyncConnection,
    request: TurnRequest,
    result: TurnResult,
    lead: Lead,
    now: datetime,
    *,
    message_id: str | None,
) -> None:
    """A turn was committed: what was planned before is overtaken, and what it said may wait for an answer. `message_id` is of
    the agent's message that leaves by itself; `lead` is the lead as it was before the commit."""
    if not request.effects:
        return
    await _stop_former(connection, result, lead, now)
    leaves = result.pause_agent or result.opt_out is not None or result.status in ENDED or lead.status in ENDED
    if leaves or lead.status is Status.MEETING_SCHEDULED:
        return
    lead = replace(lead, timezone=result.lead_values.get("timezone") or lead.timezone)
    if message_id and result.awaits:
        about = About(result.awaits, result.offered)
        await plan_nudge(connection, lead, message_id=message_id, run_id=request.run_id, about=about, now=now)
    if result.return_on:
        await _plan_return(connection, request, result, lead, now)


async def plan_nudge(
    connection: AsyncConnection,
    lead: Lead,
    *,
    message_id: str,
    run_id: str,
    about: About,
    now: datetime,
    step: int = 1,
) -> None:
    policy = await load_policy(connection, lead.account_id)
    due = nudge_due(policy, zone_of(lead, policy), after=now, step=step)
    if due is None:
        return
    basis = await _ground(connection, lead) | {"message_id": message_id, "about": about.what}
    if about.offered:
        basis["offered"] = [dict(slot) for slot in about.offered]
    reason = f"the lead has not answered: nudge {step} of {len(policy.delays)}"
    await rows.plan(connection, lead, Planned(Kind.NUDGE, run_id, step, due, reason, basis), now)


async def note_meetings(connection: AsyncConnection, account_id: str, lead_id: str, now: datetime) -> None:
    """A meeting of the lead was made, moved, canceled, missed or found to be held: what follows from that is planned, what
    does not any more is canceled."""
    lead = await leads.lock_lead(connection, account_id, lead_id)
    meetings = await meeting_rows.list_meetings(connection, account_id, limit=MEETINGS_LOOKED_AT, lead_id=lead_id)
    policy = await load_policy(connection, account_id)
    ground = await _ground(connection, lead)
    wanted = [planned for meeting in meetings for planned in _of_meeting(meeting, lead, policy, ground, now)]
    names = {(planned.kind, planned.basis_key) for planned in wanted}
    for planned in await rows.list_planned(connection, account_id, lead_id):
        if planned.kind in OF_MEETING and (planned.kind, planned.basis_key) not in names:
            await rows.end(connection, planned, rows.CANCELED, _why_gone(planned, meetings), now)
    for planned_one in wanted:
        await rows.plan(connection, lead, planned_one, now)
    if any(meeting.status == "scheduled" and meeting.start_time > now for meeting in meetings):
        await rows.cancel(connection, lead, CONVERSATION, "a meeting is booked", now)


async def note_takeover(connection: AsyncConnection, lead: Lead, now: datetime) -> None:
    await rows.cancel(connection, lead, CONVERSATION, "a person has the conversation", now)


async def note_release(connection: AsyncConnection, lead: Lead, now: datetime) -> None:
    await rows.cancel(connection, lead, {Kind.OVERDUE}, "the conversation was given back", now)


async def plan_alert(connection: AsyncConnection, lead: Lead, task_id: str, due_at: datetime, now: datetime) -> None:
    """Somebody is told once if the task is still open then."""
    planned = Planned(Kind.OVERDUE, task_id, 1, due_at, "a person has to answer by then", {"task_id": task_id})
    await rows.plan(connection, lead, planned, now)


async def _stop_former(connection: AsyncConnection, result: TurnResult, lead: Lead, now: datetime) -> None:
    for planned in await rows.list_planned(connection, lead.account_id, lead.id):
        if planned.kind in TALKED:
            await rows.end(connection, planned, rows.CANCELED, WROTE, now)
        elif planned.kind is Kind.RETURN:
            await _stop_return(connection, planned, result, lead, now)


async def _stop_return(
    connection: AsyncConnection, planned: FollowUp, result: TurnResult, lead: Lead, now: datetime
) -> None:
    """A day was named, and a word of thanks behind it does not take that back; whoever goes on talking need not be come back to."""
    stays = result.record.get("route") == "follow_up" and planned.due_at > now + TOO_NEAR
    if stays and result.return_on is None and result.opt_out is None:
        await rows.rebase(connection, planned, {**planned.basis, **await _ground(connection, lead)})
        return
    reason = "the lead named another day" if result.return_on else WROTE
    await rows.end(connection, planned, rows.CANCELED, reason, now)


async def _plan_return(
    connection: AsyncConnection, request: TurnRequest, result: TurnResult, lead: Lead, now: datetime
) -> None:
    policy = await load_policy(connection, lead.account_id)
    due = return_due(policy, zone_of(lead, policy), result.return_on) if result.return_on else None
    if due is None or due <= now:
        return
    reason = f"the lead asked for {result.return_on:%Y-%m-%d}"
    basis = await _ground(connection, lead)
    await rows.plan(connection, lead, Planned(Kind.RETURN, request.run_id, 1, due, reason, basis), now)


async def _ground(connection: AsyncConnection, lead: Lead) -> dict[str, Any]:
    """What is so now, and must still be so when a follow-up fires."""
    seen = await rows.last_heard(connection, lead.account_id, lead.id)
    return {"seen": seen, "ownership_version": lead.ownership_version}


def _of_meeting(
    meeting: MeetingRow, lead: Lead, policy: FollowUpPolicy, ground: Mapping[str, Any], now: datetime
) -> list[Planned]:
    zone = zone_of(lead, policy)
    basis = {**ground, "meeting_id": meeting.id, "meeting_version": meeting.version}
    if meeting.status == "no_show":
        due = no_show_due(policy, zone, now)
        return [Planned(Kind.NO_SHOW, meeting.id, 1, due, "the meeting was missed", basis)] if due else []
    if meeting.status == "canceled":
        return []
    key = f"{meeting.id}:{meeting.version}"
    ends = thanks_due(start=meeting.start_time, end=meeting.end_time)
    found = [Planned(Kind.THANKS, key, 1, ends, "the meeting takes place", basis)] if ends > now - LONG_AGO else []
    return found + [
        Planned(Kind.REMINDER, key, step, due, f"reminder {step} of {len(policy.reminders)} before the meeting", basis)
        for step, due in reminder_dues(policy, zone, start=meeting.start_time, now=now)
    ]


def _why_gone(planned: FollowUp, meetings: list[MeetingRow]) -> str:
    meeting = next((one for one in meetings if one.id == planned.basis["meeting_id"]), None)
    if meeting is None:
        return "the meeting is gone"
    if meeting.status == "scheduled":
        return (
            "the meeting was moved"
            if planned.kind is not Kind.NO_SHOW
            else "the mark of the missed meeting was taken back"
        )
    return f"the meeting is {meeting.status}"
