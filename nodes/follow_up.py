"""The follow-up's step: thank, or note when to come back, for the agent itself and as a dated task for the lead's owner."""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from graph.state import LeadState
from nodes.tasks import LONGEST_DETAIL, task, with_task
from pipewise.language.phrases import format_day, say
from pipewise.language.return_days import ReturnDay, read_return_day
from pipewise.leads import Status

MORNING = time(9)
BUSY = frozenset({Status.MEETING_SCHEDULED, Status.MEETING_HELD, Status.HANDED_OFF, Status.OPTED_OUT})


async def plan_follow_up(state: LeadState) -> dict[str, Any]:
    """A day that the lead named becomes a dated task; without one the lead is simply thanked."""
    language, now = state["language"], datetime.fromisoformat(state["now"])
    zone = state["lead"]["timezone"] or "UTC"
    day = read_return_day(state["text"], now=now, timezone=zone)
    if day is None or _is_before_meeting(state, day, zone):
        return {"draft": say("thanks_reply" if _is_done(state) else "follow_up_ack_open", language)}
    if not day.named:
        return {"draft": say("follow_up_ack_open", language), "proposal": _proposal(state, day.day)}
    due = _morning_of(day.day, zone)
    come_back = task("follow_up", "Come back to a lead", state["text"][:LONGEST_DETAIL], due)
    proposal = with_task(_proposal(state, day.day), come_back)
    return {
        "draft": say("follow_up_ack", language, when=format_day(due, language=language, timezone=zone)),
        "proposal": proposal,
        "actions": [*state["actions"], {"type": "follow_up", "due_at": due.isoformat()}],
    }


def _is_before_meeting(state: LeadState, day: ReturnDay, zone: str) -> bool:
    """To see us on Thursday is no day to come back on; one after the meeting that stands is."""
    if state["lead"]["status"] != Status.MEETING_SCHEDULED:
        return False
    meeting = state["lead"]["meeting"]
    starts = datetime.fromisoformat(meeting["start_time"]) if meeting else None
    return not day.named or starts is None or day.day <= starts.astimezone(ZoneInfo(zone)).date()


def _proposal(state: LeadState, day: date) -> dict[str, Any]:
    """What is planned beside the task is for the commit to decide: it knows the account's hours."""
    proposal = {**state["proposal"], "return_on": day.isoformat()}
    if state["lead"]["status"] not in BUSY:
        proposal |= {"status": Status.NURTURING.value, "reason": "asked to be contacted later"}
    return proposal


def _is_done(state: LeadState) -> bool:
    return state["lead"]["status"] in BUSY or len(state["text"].split()) <= 4


def _morning_of(day: date, zone: str) -> datetime:
    return datetime.combine(day, MORNING, ZoneInfo(zone))
