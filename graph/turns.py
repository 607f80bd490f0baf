"""From a turn's request to the graph and back: the one way by which webhooks and HTTP runs use it."""

import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

from graph.checkpoints import keep_only, thread_id_of
from graph.state import EventInput, GraphInput, TurnInput
from pipewise.desk_builder import DeskBuilder
from pipewise.events import OutboundMessage
from pipewise.leads import Status
from pipewise.storage.events import StoredEvent
from pipewise.turns import NewTask, TurnRequest, TurnResult, UsageRecord

RECURSION_LIMIT = 40
CODE_VERSION = "0.1.0"


class GraphTurns:
    """Runs turns on a compiled graph."""

    def __init__(self, graph: Any, saver: AsyncSqliteSaver, desks: DeskBuilder) -> None:
        self._graph = graph
        self._saver = saver
        self._desks = desks

    async def run(self, request: TurnRequest) -> TurnResult:
        """Start from the lead's pointer, whatever torn turns left behind; nothing is committed here."""
        thread_id = request.thread_id or thread_id_of(request.account_id, request.lead.id)
        pointer = request.lead.checkpoint_id if request.thread_id is None else None
        if request.thread_id is None:
            await keep_only(self._saver, thread_id, pointer)
        config: dict[str, Any] = {"configurable": {"thread_id": thread_id}, "recursion_limit": RECURSION_LIMIT}
        if pointer:
            config["configurable"]["checkpoint_id"] = pointer
        if request.effects:
            self._desks.live_turns.begin(request.run_id, request.lease)
        started = time.perf_counter()
        try:
            await self._graph.ainvoke(graph_input(request), config, durability="exit", version="v2")
        finally:
            self._desks.live_turns.end(request.run_id)
            self._desks.close(request.run_id)
        # The saver's own word: the graph's view of it would also work out what could run next.
        saved = await self._saver.aget_tuple({"configurable": {"thread_id": thread_id}})
        if saved is None:
            raise AssertionError("a run that ended has left no checkpoint")
        checkpoint_id = saved.config["configurable"]["checkpoint_id"]
        took = UsageRecord(request.events[0].platform, "run", success=True, response_time_ms=_since(started))
        return read_result(
            saved.checkpoint["channel_values"], took, checkpoint_id if request.thread_id is None else None
        )

    async def forget(self, account_id: str, lead_id: str) -> None:
        """Remove every checkpoint of a lead."""
        await self._saver.adelete_thread(thread_id_of(account_id, lead_id))

    async def forget_thread(self, thread_id: str) -> None:
        """Remove a thread that only one run needed."""
        await self._saver.adelete_thread(thread_id)


def graph_input(request: TurnRequest) -> GraphInput:
    turn = TurnInput(
        account_id=request.account_id, lead_id=request.lead.id, run_id=request.run_id, effects=request.effects
    )
    return GraphInput(events=[event_input(event) for event in request.events], turn=turn)


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


def read_result(values: Mapping[str, Any], took: UsageRecord, checkpoint_id: str | None) -> TurnResult:
    proposal = values["proposal"]
    message = values["message"]
    return TurnResult(
        reply=OutboundMessage.from_dict(message) if message else None,
        record=_record(values),
        lead_values=values["lead_values"],
        status=Status(proposal["status"]) if proposal.get("status") else None,
        status_reason=proposal.get("reason", ""),
        pause_agent=bool(proposal.get("pause_agent")),
        opt_out=proposal.get("opt_out"),
        tasks=tuple(_task(task) for task in proposal.get("tasks", ())),
        usage=(*(_usage(row) for row in values["usage"]), took),
        counters=values["counters"],
        scheduling_integration=values["scheduling_integration"],
        even_if_paused=bool(proposal.get("pause_agent")) or proposal.get("opt_out") is not None,
        checkpoint_id=checkpoint_id,
    )


def _record(values: Mapping[str, Any]) -> dict[str, Any]:
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
        "versions": {"code": CODE_VERSION},
    }


def _usage(row: Mapping[str, Any]) -> UsageRecord:
    return UsageRecord(
        row["platform"],
        row["action"],
        bool(row["success"]),
        int(row["response_time_ms"]),
        int(row.get("cost_microusd", 0)),
    )


def _task(task: Mapping[str, Any]) -> NewTask:
    due = task.get("due_at")
    return NewTask(task["kind"], task["title"], task["detail"], datetime.fromisoformat(due) if due else None)


def _since(started: float) -> int:
    return round((time.perf_counter() - started) * 1000)
