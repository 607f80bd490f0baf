"""What a turn's last state proposes: the reply, the lead's changes, and the *why* of the run."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from pipewise.events import OutboundMessage
from pipewise.leads import Status
from pipewise.turns import NewTask, TurnResult, UsageRecord

OFFERS = frozenset({"offer", "link"})
QUESTION_MARKS = "?؟"


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
        "routes": values["routes"] or [values["route"]],
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
