"""Time travel for a lead: a committed turn once more with something changed, beside what happened. Nothing is sent or booked."""

import re
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.memory import InMemorySaver
from sqlalchemy import insert

from graph.forked_vendor import (
    ForkedJournal,
    ImaginedBookings,
    ReadOnlyConnections,
    StandingClock,
    read_slots,
    recorded_slots,
)
from graph.journaled_models import JournaledModels
from graph.main import Collaborators, build_graph
from graph.models import open_models
from graph.turn_results import read_result
from graph.turn_state import open_state
from graph.turns import RECURSION_LIMIT
from nodes.prompts import load_prompt
from pipewise.budget import ModelBudget
from pipewise.desk_builder import DeskBuilder, LiveTurns
from pipewise.errors import InvalidInput, NotFound
from pipewise.journal import Recording, TurnClock, run_in
from pipewise.journal_codec import typed
from pipewise.journaled import SLOTS, JournaledLeads, JournaledLinks
from pipewise.leads import Lead
from pipewise.resources import Resources
from pipewise.storage import journal, runs
from pipewise.storage.tables import usage
from pipewise.turn_journals import RecordedTurn, open_document, read_turn
from pipewise.turns import TurnResult, UsageRecord

LAST_STEP = "review"
CONTEXT = re.compile(r"<context>\s*\{context\}\s*</context>")
COMPARED = ("intent", "route", "tool_calls", "reply", "outcome", "model")


@dataclass(frozen=True)
class Changes:
    """What is otherwise in the fork: prompts by name, facts of the lead by column, the calendar's free times, the models."""

    prompts: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    slots: Sequence[datetime] | None = None
    model: str | None = None


class Forks:
    def __init__(self, resources: Resources, parts: Collaborators) -> None:
        self._resources = resources
        self._parts = parts

    async def fork(self, account_id: str, lead_id: str, run_id: str, changes: Changes) -> dict[str, Any]:
        """Both timelines side by side. Raises NotFound, also when the run's journal is not kept any more."""
        _check_prompts(changes.prompts)
        async with self._resources.database.read() as connection:
            run = await runs.get_run(connection, account_id, lead_id, run_id)
            found = await journal.list_turns(connection, account_id, lead_id, run_id)
        if not found:
            raise NotFound("There is no journal of this run: it committed nothing, or is older than journals are kept.")
        turn = read_turn(open_document(self._resources.vault, found[0]))
        result = await self._run(account_id, turn, changes)
        events = turn.given["events"]
        recorded, forked = timeline(events, run.record), timeline(events, result.record)
        return {
            "run_id": run_id,
            "recorded": recorded,
            "fork": forked,
            "differences": [name for name in COMPARED if recorded["summary"][name] != forked["summary"][name]],
            "sent": False,
        }

    async def _run(self, account_id: str, turn: RecordedTurn, changes: Changes) -> TurnResult:
        recording = _change_recording(turn.recording, changes)
        facts = dict(changes.facts)
        if "timezone" in facts:
            facts["timezone_certain"] = facts["timezone"] is not None
        lead = replace(typed(Lead).decode(turn.lead), **facts)
        known = ForkedJournal(lead=lead, recorded=recording)
        run_id = turn.given["turn"]["run_id"]
        config = RunnableConfig(configurable={"thread_id": run_id}, recursion_limit=RECURSION_LIMIT)
        async with AsyncExitStack() as stack:
            parts = await self._collaborators(stack, turn, recording, changes)
            if turn.given["turn"]["effects"]:
                # Of the fork's own desks: what they would write with writes nothing.
                parts.desks.live_turns.begin(run_id)
            graph: Any = build_graph(parts, lambda name: changes.prompts.get(name) or load_prompt(name)).compile(
                checkpointer=InMemorySaver(), name="pipewise"
            )
            if turn.before:
                await graph.aupdate_state(config, open_state(turn.before), as_node=LAST_STEP)
            await run_in(known, lambda: graph.ainvoke(dict(turn.given), config, durability="exit", version="v2"))
            values = (await graph.aget_state(config)).values
        took = UsageRecord("fork", "run", success=True, response_time_ms=0)
        result = read_result(values, took, None, turn.versions)
        await self._note_spending(account_id, known, result)
        return result

    async def _collaborators(
        self, stack: AsyncExitStack, turn: RecordedTurn, recording: Recording, changes: Changes
    ) -> Collaborators:
        resources, parts = self._resources, self._parts
        clock = TurnClock(StandingClock(_moment(turn, resources), resources.clock))
        leads = JournaledLeads(resources.database, resources.clock, resources.account_settings)
        free = recorded_slots(recording) or None
        if changes.slots is not None:
            free = read_slots(changes.slots, sorted({slot.event_type for slot in free or ()}))
        connections: Any = ReadOnlyConnections(resources.connections, free)
        bookings = ImaginedBookings(resources.database, resources.vault, clock, resources.crash)
        return Collaborators(
            clock=clock,
            leads=leads,
            desks=DeskBuilder(leads, connections, bookings, clock, resources.settings, LiveTurns()),
            links=JournaledLinks(resources.database, resources.vault),
            models=await self._models(stack, changes) if changes.model else parts.models,
            knowledge=parts.knowledge,
            intents=parts.intents,
            priority=parts.priority,
        )

    async def _models(self, stack: AsyncExitStack, changes: Changes) -> JournaledModels:
        """Raises InvalidInput for a model that cannot be asked here."""
        settings = self._resources.settings.model_copy(update={"model": changes.model})
        if set(settings.model_chain()) != {"offline"} and not settings.openai_api_key:
            problem = {"field": "model", "problem": "cannot be asked: OPENAI_API_KEY is not set"}
            raise InvalidInput("The fork cannot be made like this.", details=(problem,))
        resources = self._resources
        budget = ModelBudget(
            resources.database, resources.clock, settings.daily_model_budget_usd, resources.account_settings
        )
        return JournaledModels(await stack.enter_async_context(open_models(settings, budget.allows, budget)))

    async def _note_spending(self, account_id: str, known: ForkedJournal, result: TurnResult) -> None:
        """What models were asked anew is paid for, and counts."""
        spent = sum(step.cost_microusd for step in known.asked_anew if step.kind.startswith("model."))
        if not spent:
            return
        row = {
            "account_id": account_id,
            "platform": "model",
            "action": "fork",
            "success": bool(result.record["success"]),
            "response_time_ms": 0,
            "cost_microusd": spent,
            "created_at": self._resources.clock.now(),
        }
        async with self._resources.database.write() as connection:
            await connection.execute(insert(usage), row)


def _check_prompts(prompts: Mapping[str, str]) -> None:
    """Raises InvalidInput: without what the lead wrote, inside its own block, no model can answer, and offline least."""
    for name, text in prompts.items():
        if not CONTEXT.search(text):
            problem = {"field": f"prompts.{name}", "problem": "must hold <context>{context}</context>"}
            raise InvalidInput("The fork cannot be made like this.", details=(problem,))


def _moment(turn: RecordedTurn, resources: Resources) -> datetime:
    times = turn.recording.times
    return datetime.fromisoformat(times[0]) if times else resources.clock.now()


def _change_recording(recording: Recording, changes: Changes) -> Recording:
    """Without the answers that the change is about."""
    steps = recording.steps
    if changes.model:
        steps = tuple(step for step in steps if not step.kind.startswith("model."))
    if changes.slots is not None:
        steps = tuple(
            replace(step, answer=SLOTS.encode(_for_all(step.answer, changes.slots)), failed=False)
            if step.kind == "calendar.free_times"
            else step
            for step in steps
        )
    return replace(recording, steps=steps)


def _for_all(answer: Any, starts: Sequence[datetime]) -> Any:
    kinds = sorted({slot.event_type for slot in SLOTS.decode(answer)}) if isinstance(answer, list) else []
    return read_slots(starts, kinds)


def timeline(events: Sequence[Mapping[str, Any]], record: Mapping[str, Any]) -> dict[str, Any]:
    """What happened in a turn, in order, and its sum."""
    intent = record["intent"]
    entries: list[dict[str, Any]] = [
        {"kind": "message", "direction": "in", "text": event.get("text", "")} for event in events
    ]
    entries.append({"kind": "decision", "intent": intent, "route": record["route"]})
    entries += [
        {"kind": "call", **{name: call[name] for name in ("tool", "arguments", "result")}}
        for call in record["tool_calls"]
    ]
    entries += [{"kind": "check", "text": check} for check in record["checks"]]
    if record["reply"]:
        entries.append({"kind": "message", "direction": "out", "text": record["reply"]})
    summary = {
        "intent": intent["label"],
        "route": record["route"],
        "tool_calls": [[call["tool"], call["arguments"], call["result"].get("kind")] for call in record["tool_calls"]],
        "reply": record["reply"],
        "outcome": record["result"] or None,
        "model": record["model"],
    }
    return {"entries": entries, "summary": summary}
