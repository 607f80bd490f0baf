"""From a turn's request to the graph and back: the one way by which webhooks and HTTP runs use it."""

import logging
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import Checkpoint

from graph.checkpoints import Checkpoints, present, thread_id_of
from graph.state import EventInput, GraphInput, SaidInput, TurnInput
from graph.turn_state import digests, read_state
from pipewise.desk_builder import DeskBuilder
from pipewise.events import OutboundMessage
from pipewise.journal import Journal, run_in
from pipewise.journal_codec import typed
from pipewise.leads import Lead, Status
from pipewise.storage.events import StoredEvent
from pipewise.turn_journals import RecordedTurn, TurnJournals
from pipewise.turns import NewTask, TurnRequest, TurnResult, UsageRecord

RECURSION_LIMIT = 40
MEMORY_LOST = "begun anew: the checkpoint that the lead pointed at is missing"

OFFERS = frozenset({"offer", "link"})
QUESTION_MARKS = "?؟"

log = logging.getLogger(__name__)


class GraphTurns:
    """Runs turns on a compiled graph, each with a journal."""

    def __init__(
        self, graph: Any, checkpoints: Checkpoints, desks: DeskBuilder, journals: TurnJournals, *, has_provider: bool
    ) -> None:
        self._graph = graph
        self._checkpoints = checkpoints
        self._desks = desks
        self._journals = journals
        self._has_provider = has_provider

    async def run(self, request: TurnRequest) -> TurnResult:
        """Start from the lead's pointer, whatever torn turns left behind; nothing is committed here."""
        started_at = present()
        thread_id = request.thread_id or thread_id_of(request.account_id, request.lead.id)
        pointer = request.lead.checkpoint_id if request.thread_id is None else None
        if request.thread_id is None:
            await self._checkpoints.keep_only(thread_id, pointer, started_at)
        config = RunnableConfig(
            configurable={"thread_id": thread_id, "turn": request.run_id}, recursion_limit=RECURSION_LIMIT
        )
        if pointer:
            config["configurable"]["checkpoint_id"] = pointer
        started = time.perf_counter()
        journal = self._journals.open(request)
        given = graph_input(request)
        before, after = await self._invoke(request, journal, given, config)
        values = after["channel_values"]
        took = UsageRecord(request.events[0].platform, "run", success=True, response_time_ms=_since(started))
        turn = RecordedTurn(
            versions=self._journals.versions,
            has_provider=self._has_provider,
            lead=typed(Lead).encode(journal.lead or request.lead),
            given=dict(given),
            before=read_state(before["channel_values"]) if before else {},
            after=digests(values),
            recording=journal.recording,
            outbound={},
        )
        checkpoint_id = after["id"] if request.thread_id is None else None
        result = read_result(values, took, checkpoint_id, self._journals.versions)
        if pointer and before is None:
            # The transcript still has what was said; the conversation's memory begins anew.
            log.warning("the conversation's memory is missing", extra={"lead_id": request.lead.id})
            result = replace(result, record={**result.record, "memory": MEMORY_LOST})
        return replace(result, journal=self._journals.keep(request, journal, turn))

    async def _invoke(
        self, request: TurnRequest, journal: Journal, given: GraphInput, config: RunnableConfig
    ) -> tuple[Checkpoint | None, Checkpoint]:
        """The checkpoint that the run started from, if there was one, and the one that it wrote."""
        saver = self._checkpoints.saver
        if request.effects:
            self._desks.live_turns.begin(request.run_id, request.lease)
        try:
            await run_in(journal, lambda: self._graph.ainvoke(given, config, durability="exit", version="v2"))
            # What this run wrote, not the thread's newest: a worker that was paused past its lease may write to it as well.
            return saver.loaded.get(request.run_id), saver.written[request.run_id]
        finally:
            saver.forget_turn(request.run_id)
            self._desks.live_turns.end(request.run_id)
            self._desks.close(request.run_id)

    async def forget(self, account_id: str, lead_id: str) -> None:
        """Remove every checkpoint of a lead."""
        await self._checkpoints.forget(thread_id_of(account_id, lead_id))

    async def forget_thread(self, thread_id: str) -> None:
        """Remove a thread that only one run needed."""
        await self._checkpoints.forget(thread_id)


def graph_input(request: TurnRequest) -> GraphInput:
    turn = TurnInput(
        account_id=request.account_id, lead_id=request.lead.id, run_id=request.run_id, effects=request.effects
    )
    given = GraphInput(events=[event_input(event) for event in request.events], turn=turn)
    if request.said:
        given["said"] = [SaidInput(id=one.id, by=one.by, text=one.text) for one in request.said]
    return given


def event_input(event: StoredEvent) -> EventInput:
    content = event.content
    given = EventInput(
        platform=event.platform,
        sender=_sender_of(event),
        text=str(content.get("text") or content.get("message") or ""),
        type=str(content.get("type") or event.kind),
        id=event.id,
    )
    if content.get("choice_id"):
        given["choice_id"] = str(content["choice_id"])
    return given


def _sender_of(event: StoredEvent) -> str:
    identities = (event.sender or {}).get("identities") or ()
    return str(identities[0]["external_id"]) if identities else ""


def read_result(
    values: Mapping[str, Any], took: UsageRecord, checkpoint_id: str | None, versions: Mapping[str, str]
) -> TurnResult:
    proposal = values["proposal"]
    message = values["message"]
    return TurnResult(
        reply=OutboundMessage.from_dict(message) if message else None,
        record=_record(values, versions),
        lead_values=values["lead_values"],
        status=Status(proposal["status"]) if proposal.get("status") else None,
        status_reason=proposal.get("reason", ""),
        pause_agent=bool(proposal.get("pause_agent")),
        opt_out=proposal.get("opt_out"),
        tasks=tuple(_task(task) for task in proposal.get("tasks", ())),
        usage=(*(_usage(row) for row in values["usage"]), took),
        counters=values["counters"],
        scheduling_integration=values["scheduling_integration"],
        awaits=_awaits(values),
        offered=_offered(values),
        return_on=date.fromisoformat(proposal["return_on"]) if proposal.get("return_on") else None,
        owner_reason=proposal.get("owner_reason", ""),
        message_cap=proposal.get("message_cap"),
        even_if_paused=bool(proposal.get("pause_agent")) or proposal.get("opt_out") is not None,
        checkpoint_id=checkpoint_id,
    )


def _offered(values: Mapping[str, Any]) -> tuple[Mapping[str, str], ...]:
    is_offer = (values["outcome"] or {}).get("kind") == "offer"
    return tuple(values["memory"]["offered"]) if is_offer else ()


def _awaits(values: Mapping[str, Any]) -> str | None:
    """Times and links wait for a choice, questions for an answer."""
    outcome = values["outcome"] or {}
    if outcome.get("kind") in OFFERS:
        return "offer"
    asked = any(
        mark in word for word in (values["reply"] or "").split() if "://" not in word for mark in QUESTION_MARKS
    )
    return "question" if asked else None


def _record(values: Mapping[str, Any], versions: Mapping[str, str]) -> dict[str, Any]:
    """The *why* of a turn."""
    models = [row for row in values["usage"] if row["platform"] == "model"]
    answered = [row["model"] for row in models if row["success"]]
    outcome = values["outcome"] or {}
    return {
        "intent": values["intents"][0] | {"label": values["intent"]},
        "intents": values["intents"],
        "route": values["route"],
        "tool_calls": [action for action in values["actions"] if action["type"] == "tool_call"],
        "actions": values["actions"],
        "models": models,
        "model": answered[-1] if answered else "rules",
        "cost_usd": sum(row.get("cost_microusd", 0) for row in values["usage"]) / 1_000_000,
        "reply": values["reply"],
        "result": outcome,
        "error": outcome.get("error"),
        "checks": values["checks"],
        "success": values["success"],
        "versions": dict(versions),
    }


def _usage(row: Mapping[str, Any]) -> UsageRecord:
    return UsageRecord(
        row["platform"],
        row["action"],
        bool(row["success"]),
        int(row["response_time_ms"]),
        int(row.get("cost_microusd", 0)),
        int(row.get("tokens", 0)),
    )


def _task(task: Mapping[str, Any]) -> NewTask:
    due = task.get("due_at")
    return NewTask(task["kind"], task["title"], task["detail"], datetime.fromisoformat(due) if due else None)


def _since(started: float) -> int:
    return round((time.perf_counter() - started) * 1000)
