"""The scheduler's steps: look at what is known, let the model call functions, conclude with an outcome and its words."""

import json
from datetime import datetime
from typing import Any, cast

from langchain_core.messages import AIMessage, AnyMessage, SystemMessage, ToolMessage
from langchain_core.tools import BaseTool
from pydantic import ValidationError

from graph.state import LeadState, Memory
from nodes.hand_off import hand_off
from nodes.history import tell_history
from nodes.models import MOST_CALLS, AskModel, ask_model, calls_made
from nodes.picks import read_pick
from nodes.prompts import fill_prompt
from nodes.wishes import words_of_wish
from pipewise.desk_builder import DeskBuilder
from pipewise.language.phrases import say
from pipewise.lead_desk import LeadDesk
from pipewise.meeting_links import MeetingLinks
from pipewise.replies import render_outcome
from pipewise.scheduling_desk import Memory as DeskMemory
from pipewise.scheduling_desk import SchedulingDesk
from pipewise.turns import UsageRecord

MAX_STEPS = 6  # function calls after which a provider's model is not asked again: the offline one ends the turn
LAST_STEPS = 4  # and these are left to it
HISTORY = 10
OUTCOMES = frozenset({"offer", "link", "booked", "preview", "need", "uncertain", "fallback"})
SETTLED = frozenset({"booked", "preview", "uncertain"})
ASKED_BY_US = frozenset({"slot_choice", "email", "name"})


class SchedulerState(LeadState, total=False):
    """`scratch` is the exchange between model and functions within one turn."""

    scratch: list[AnyMessage]
    steps: int
    system: str


async def prepare_scheduling(
    state: SchedulerState, *, desks: DeskBuilder, leads: LeadDesk, meeting_links: MeetingLinks, prompt: str
) -> dict[str, Any]:
    """What the model is told, and what needs no model: a meeting that stands is changed by the vendor's own links."""
    desk = await open_desk(state, desks)
    picked = read_pick(state, desk)
    start: dict[str, Any] = {"scratch": [], "steps": 0, "outcome": None, "draft": None, "system": ""}
    standing = await _about_standing_meeting(state, desk, leads, meeting_links, picked)
    if standing:
        return {**start, **standing}
    account = await leads.settings(state["turn"]["account_id"])
    context = {
        "mode": desk.mode,
        "text": words_of_wish(state),
        "picked": picked,
        "language": state["language"],
        "offered": [one["handle"] for one in desk.memory.offered],
        "awaiting": desk.memory.awaiting,
        "timezone": desk.timezone,
        "lead": {"name": desk.lead.name, "email": desk.lead.email},
        "now": state["now"],
    }
    return {
        **start,
        "system": fill_prompt(prompt, context, company=account.company or "", language=state["language"]),
    }


async def _about_standing_meeting(
    state: SchedulerState, desk: SchedulingDesk, leads: LeadDesk, meeting_links: MeetingLinks, picked: str | None
) -> dict[str, Any] | None:
    meeting = desk.lead.meeting
    if meeting is None or meeting.status != "scheduled" or meeting.start_time < datetime.fromisoformat(state["now"]):
        return None
    if state["intent"] == "meeting_change":
        outcome = await meeting_links.change_outcome(desk, meeting.id)
        if outcome:
            return {"outcome": outcome, "draft": render_outcome(outcome, state["language"])}
        given = await hand_off(state, leads=leads)  # a second meeting beside the first would be no change
        return {"draft": given["draft"], "proposal": given["proposal"]}
    if picked:
        return None
    desk.memory.awaiting = "confirm_change"
    when = desk.when(meeting.start_time)
    told = say("already_booked", state["language"], when=when["when"], timezone=when["timezone_label"])
    return {"draft": told}


async def think(state: SchedulerState, *, models: AskModel, tools: tuple[BaseTool, ...]) -> dict[str, Any]:
    """One answer of the model: function calls, or the words of the reply. Too many calls, and the offline model answers."""
    spent = state["steps"] >= MAX_STEPS
    if state["steps"] >= MAX_STEPS + LAST_STEPS:
        return {"draft": _words_of(state)}
    messages = [SystemMessage(state["system"]), *tell_history(state, HISTORY), *state["scratch"]]
    answer, update = await ask_model(state, models, "schedule", messages, tools, only="offline" if spent else None)
    if not spent and min(state["steps"], calls_made(state)) >= MOST_CALLS:
        update |= _note_limit(state)  # it called functions all the time and wrote nothing
    if answer is None:
        return {**update, "draft": _words_of(state)}
    update["draft_by"] = answer.model
    if answer.message.tool_calls:
        return {**update, "scratch": [*state["scratch"], answer.message]}
    return {**update, "draft": answer.message.text.strip() or None}


async def act(state: SchedulerState, *, desks: DeskBuilder, tools: tuple[BaseTool, ...]) -> dict[str, Any]:
    """Carry out the function calls of the last answer, one after the other."""
    desk = await open_desk(state, desks)
    by_name = {tool.name: tool for tool in tools}
    scratch, actions, outcome = list(state["scratch"]), list(state["actions"]), state["outcome"]
    steps, limit = state["steps"], MAX_STEPS if state["steps"] < MAX_STEPS else MAX_STEPS + LAST_STEPS
    asked = scratch[-1]
    for call in asked.tool_calls if isinstance(asked, AIMessage) else ():
        steps += 1
        problem = _why_not(call, state, desk, outcome) if steps <= limit else "Too many functions were called."
        result = _refused(problem) if problem else await _carry_out(by_name.get(call["name"]), call["args"], desk)
        content = json.dumps(result, ensure_ascii=False)
        result = json.loads(content)  # what the state keeps is what the model is told: plain JSON
        outcome = result if result["kind"] in OUTCOMES else outcome
        actions.append({"type": "tool_call", "tool": call["name"], "arguments": call["args"], "result": result})
        scratch.append(ToolMessage(content, tool_call_id=call["id"] or "", name=call["name"]))
    done = {"scratch": scratch, "actions": actions, "outcome": outcome, "steps": steps}
    return done | (_note_limit(cast("SchedulerState", {**state, **done})) if steps >= MAX_STEPS else {})


def _note_limit(state: SchedulerState) -> dict[str, Any]:
    """Once: a turn in which a model ran into a limit is no success."""
    if any(action["type"] == "limit" for action in state["actions"]):
        return {"success": False}
    return {"success": False, "actions": [*state["actions"], {"type": "limit", "calls": state["steps"]}]}


async def conclude_scheduling(state: SchedulerState, *, desks: DeskBuilder) -> dict[str, Any]:
    """Take the desk's memory, costs and statistics into the state, and close it."""
    desk = await open_desk(state, desks)
    desks.close(state["turn"]["run_id"])
    memory = Memory(
        **{
            **state["memory"],
            "offered": desk.memory.offered,
            "chosen": desk.memory.chosen,
            "awaiting": desk.memory.awaiting,
        }
    )
    values = dict(state["lead_values"])
    if desk.lead.timezone and state["lead"]["timezone"] is None:
        values |= {"timezone": desk.lead.timezone, "timezone_certain": desk.lead.timezone_certain}
    proposal = state["proposal"]
    if desk.lead.owner and state["lead"]["owner"] is None:
        values["owner"] = desk.lead.owner
        proposal = {**proposal, "owner_reason": desk.owner_reason}
    return {
        "memory": memory,
        "lead_values": values,
        "proposal": proposal,
        "usage": [*state["usage"], *(_usage_row(record) for record in desk.usage)],
        "counters": desk.counters,
        "scheduling_integration": desk.integration_id,
        "draft": state["draft"] or _words_of(state),
        "scratch": [],
        "system": "",
    }


def after_prepare(state: SchedulerState) -> str:
    return "conclude" if state["draft"] else "think"


def after_think(state: SchedulerState) -> str:
    return "act" if state["scratch"] and isinstance(state["scratch"][-1], AIMessage) else "conclude"


async def open_desk(state: SchedulerState, desks: DeskBuilder) -> SchedulingDesk:
    memory = state["memory"]
    awaiting = memory["awaiting"] if memory["awaiting"] in ASKED_BY_US else None
    return await desks.open(
        state["turn"]["account_id"],
        state["turn"]["lead_id"],
        state["turn"]["run_id"],
        memory=DeskMemory(list(memory["offered"]), memory["chosen"], awaiting),
        learned=state["lead_values"],
        language=state["language"],
        words=words_of_wish(state),
    )


def _why_not(call: Any, state: SchedulerState, desk: SchedulingDesk, outcome: dict[str, Any] | None) -> str | None:
    """What a model may not do, whatever it was told: a second booking, or one of a time that the person has not seen."""
    if outcome and outcome["kind"] in SETTLED:
        return "A meeting was booked, or shown as a preview, in this turn already; tell the person about it."
    if call["name"] != "schedule_meeting_for_lead":
        return None
    slot = call["args"].get("slot")
    shown = next((one for one in state["memory"]["offered"] if one["handle"] == slot), None)
    known = next((one for one in desk.memory.offered if one["handle"] == slot), None)
    if known and known != shown:
        return "The person has not seen these times yet; show them and let the person choose."
    return None


async def _carry_out(tool: BaseTool | None, arguments: dict[str, Any], desk: SchedulingDesk) -> dict[str, Any]:
    """A wrong name or argument is told to the model, as a typed refusal; nothing reaches the vendor."""
    if tool is None:
        return _refused("There is no such function here.")
    try:
        result: dict[str, Any] = await tool.ainvoke({**arguments, "desk": desk})
    except ValidationError as error:
        fields = ", ".join(str(problem["loc"][0]) for problem in error.errors() if problem["loc"])
        return _refused(f"The arguments are not valid: {fields}.")
    return result


def _refused(problem: str) -> dict[str, Any]:
    return {"kind": "refused", "problem": problem}


def _words_of(state: SchedulerState) -> str | None:
    return render_outcome(state["outcome"], state["language"]) if state["outcome"] else None


def _usage_row(record: UsageRecord) -> dict[str, Any]:
    return {
        "platform": record.platform,
        "action": record.action,
        "success": record.success,
        "response_time_ms": record.response_time_ms,
        "cost_microusd": record.cost_microusd,
    }
