"""The scheduler's steps: look at what is known, let the model call functions, conclude with an outcome and its words."""

import json
import re
from datetime import datetime
from functools import partial
from typing import Any

from langchain_core.messages import AIMessage, AnyMessage, SystemMessage, ToolMessage
from langchain_core.tools import BaseTool
from pydantic import ValidationError

from graph.state import LeadState, Memory
from nodes.classify import AskModel, model_usage
from pipewise.desk_builder import DeskBuilder
from pipewise.language.choice import Offered, declines_all, pick_choice
from pipewise.language.contact import find_name
from pipewise.lead_desk import LeadDesk
from pipewise.meeting_links import MeetingLinks
from pipewise.replies import render_outcome
from pipewise.scheduling_desk import Memory as DeskMemory
from pipewise.scheduling_desk import SchedulingDesk
from pipewise.turns import UsageRecord

MAX_STEPS = 6
_EMAIL = re.compile(r"\S{1,64}@\S{1,255}")
_BREAKS = re.compile(r"[,;.\n]|\s-\s|\band\b")
HISTORY = 10


class SchedulerState(LeadState, total=False):
    """`scratch` is the exchange between model and functions within one turn."""

    scratch: list[AnyMessage]
    steps: int
    skip: list[str]
    system: str


async def prepare_scheduling(
    state: SchedulerState, *, desks: DeskBuilder, leads: LeadDesk, meeting_links: MeetingLinks, prompt: str
) -> dict[str, Any]:
    """What the model is told, and what needs no model: changing a meeting goes by the vendor's own links."""
    desk = await open_desk(state, desks)
    start: dict[str, Any] = {"scratch": [], "steps": 0, "skip": [], "outcome": None, "draft": None}
    meeting = desk.lead.meeting
    if state["intent"] == "meeting_change" and meeting and meeting.status == "scheduled":
        outcome = await meeting_links.change_outcome(desk, meeting.id)
        if outcome:
            return {**start, "outcome": outcome, "draft": render_outcome(outcome, state["language"]), "system": ""}
    facts = await leads.account_facts(state["turn"]["account_id"])
    context = {
        "mode": desk.mode,
        "text": state["text"],
        "picked": _picked(state, desk),
        "language": state["language"],
        "offered": [one["handle"] for one in desk.memory.offered],
        "awaiting": desk.memory.awaiting,
        "timezone": desk.timezone,
        "lead": {"name": desk.lead.name, "email": desk.lead.email},
        "now": state["now"],
    }
    system = (
        prompt.replace("{company}", facts.company or "the company")
        .replace("{language}", state["language"])
        .replace("{context}", json.dumps(context, ensure_ascii=False))
    )
    return {**start, "system": system}


async def think(state: SchedulerState, *, models: AskModel, tools: tuple[BaseTool, ...]) -> dict[str, Any]:
    """One answer of the model: function calls, or the words of the reply."""
    history = list(state["messages"])[-HISTORY:]
    messages = [SystemMessage(state["system"]), *history, *state["scratch"]]
    allowed = tools if state["steps"] < MAX_STEPS else ()
    answer = await models.ask(state["turn"]["account_id"], messages, allowed, skip=frozenset(state["skip"]))
    message: AIMessage = answer.message
    update: dict[str, Any] = {
        "usage": [*state["usage"], model_usage("schedule", answer)],
        "skip": sorted({*state["skip"], *answer.failed}),
        "draft_by": answer.model,
    }
    if message.tool_calls:
        return {**update, "scratch": [*state["scratch"], message]}
    return {**update, "draft": message.text.strip() or None}


async def act(state: SchedulerState, *, desks: DeskBuilder, tools: tuple[BaseTool, ...]) -> dict[str, Any]:
    """Carry out the function calls of the last answer, one after the other."""
    desk = await open_desk(state, desks)
    by_name = {tool.name: tool for tool in tools}
    scratch, actions, outcome = list(state["scratch"]), list(state["actions"]), state["outcome"]
    steps = state["steps"]
    asked = scratch[-1]
    for call in asked.tool_calls if isinstance(asked, AIMessage) else ():
        steps += 1
        result = await _carry_out(by_name.get(call["name"]), call["args"], desk, steps)
        if result["kind"] in {"offer", "link", "booked", "need", "uncertain", "fallback"}:
            outcome = result
        actions.append({"type": "tool_call", "tool": call["name"], "arguments": call["args"], "result": result})
        content = json.dumps(result, ensure_ascii=False)
        scratch.append(ToolMessage(content, tool_call_id=call["id"] or "", name=call["name"]))
    return {"scratch": scratch, "actions": actions, "outcome": outcome, "steps": steps}


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
    return {
        "memory": memory,
        "lead_values": values,
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
    return await desks.open(
        state["turn"]["account_id"],
        state["turn"]["lead_id"],
        state["turn"]["run_id"],
        memory=DeskMemory(list(memory["offered"]), memory["chosen"], memory["awaiting"]),
        learned=state["lead_values"],
        language=state["language"],
        words=state["text"],
    )


async def _carry_out(
    tool: BaseTool | None, arguments: dict[str, Any], desk: SchedulingDesk, step: int
) -> dict[str, Any]:
    """A wrong name or argument is told to the model, as a typed refusal; nothing reaches the vendor."""
    if tool is None or step > MAX_STEPS:
        return {"kind": "refused", "problem": "There is no such function here, or too many calls were made."}
    try:
        result: dict[str, Any] = await tool.ainvoke({**arguments, "desk": desk})
    except ValidationError as error:
        fields = ", ".join(str(problem["loc"][0]) for problem in error.errors() if problem["loc"])
        return {"kind": "refused", "problem": f"The arguments are not valid: {fields}."}
    return result


def _picked(state: SchedulerState, desk: SchedulingDesk) -> str | None:
    """The offered time that the lead means, if it is clear; one that was chosen before and still lacks an answer."""
    memory = desk.memory
    handles = {one["handle"] for one in memory.offered}
    if state["choice_id"] in handles:
        return state["choice_id"]
    if not memory.offered or declines_all(state["text"]):
        return None
    offered = [Offered(one["handle"], datetime.fromisoformat(one["start"])) for one in memory.offered]
    pick = partial(pick_choice, offered=offered, timezone=desk.timezone, now=datetime.fromisoformat(state["now"]))
    picked = pick(state["text"]) or next(filter(None, map(pick, _beside_contact(state["text"]))), None)
    return picked or (memory.chosen if memory.awaiting in {"email", "name"} else None)


def _beside_contact(text: str) -> list[str]:
    """The parts of a text that gives a choice and contact data in one breath, such as "2. Ana, ana@silva.example"."""
    if not _EMAIL.search(text) and not find_name(text):
        return []
    return [part for part in _BREAKS.split(_EMAIL.sub(" ", text)) if part.strip()]


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
