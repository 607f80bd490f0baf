"""Which of the offered times a lead means: by a tap, by words, or by an answer to what a choice still lacked."""

import re
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from graph.state import LeadState
from pipewise.language.choice import Offered, declines_all, pick_choice
from pipewise.language.contact import find_name
from pipewise.language.repair import takes_any
from pipewise.language.reply_check import find_times
from pipewise.language.times import read_time_wish, wish_is_empty
from pipewise.scheduling_desk import SchedulingDesk

_EMAIL = re.compile(r"\S{1,64}@\S{1,255}")
_BREAKS = re.compile(r"[,;.\n]|\s-\s|\band\b")


def read_pick(state: LeadState, desk: SchedulingDesk) -> str | None:
    """The offered time that the lead means, if it is clear; one that was chosen before and still lacks an answer."""
    memory, now = desk.memory, datetime.fromisoformat(state["now"])
    offered = [Offered(one["handle"], datetime.fromisoformat(one["start"])) for one in memory.offered]
    tapped = next((one for one in offered if one.handle == state["choice_id"]), None)
    if tapped and _shows(state, tapped, desk.timezone, now):
        return tapped.handle
    said = _EMAIL.sub(" ", state["text"])  # what stands in an address is not said
    if not offered or declines_all(said):
        return None
    pick = partial(pick_choice, offered=offered, timezone=desk.timezone, now=now)
    if takes_any(said):
        return offered[0].handle
    picked = pick(said) or next(filter(None, map(pick, _beside_contact(state["text"]))), None)
    return picked or (memory.chosen if _completes_choice(state, desk, now) else None)


def _shows(state: LeadState, tapped: Offered, timezone: str, now: datetime) -> bool:
    """The button that was tapped names this time. Handles are used again: a button of an older offer may name another."""
    events = [event for event in state["events"] if event.get("choice_id") == tapped.handle]
    local = tapped.start.astimezone(ZoneInfo(timezone))
    return all(time.fits(local) for event in events for time in find_times(event["text"], timezone=timezone, now=now))


def _completes_choice(state: LeadState, desk: SchedulingDesk, now: datetime) -> bool:
    """We asked for something that the chosen time still lacks, and the lead did not turn to another time instead."""
    if desk.memory.awaiting not in {"email", "name"}:
        return False
    learned = desk.memory.awaiting in state["lead_values"]
    said = _EMAIL.sub(" ", state["text"])
    return learned or wish_is_empty(read_time_wish(said, now=now, timezone=desk.timezone))


def _beside_contact(text: str) -> Sequence[str]:
    """The parts of a text that gives a choice and contact data in one breath, such as "2. Ana, ana@silva.example"."""
    if not _EMAIL.search(text) and not find_name(text):
        return []
    return [part for part in _BREAKS.split(_EMAIL.sub(" ", text)) if part.strip()]
