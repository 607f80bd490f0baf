"""The output of a run, as its client sees it."""

from collections.abc import Mapping
from typing import Any

from graph.protocol_json import describe_interrupt
from graph.turns import Ran
from pipewise.turns import TurnRequest, TurnResult


def answer_of(request: TurnRequest, result: TurnResult, lead: dict[str, Any]) -> dict[str, Any]:
    record = result.record
    return {
        "intent": record["intent"]["label"],
        "reply": record["reply"],
        "lead_id": request.lead.id,
        "lead": lead,
        "actions": record["actions"],
        "route": record["route"],
        "run_id": request.run_id,
        "outcome": record["result"] or None,
        "success": record["success"],
        "delivered": request.effects,
    }


def questions_of(ran: Ran) -> dict[str, Any]:
    return {"__interrupt__": [describe_interrupt(one) for one in ran.interrupts]} if ran.interrupts else {}


OUTPUT = ("intent", "reply", "lead_id", "actions", "route", "outcome", "success")


def output_of(values: Mapping[str, Any], lead: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Of a state, as far as it has come."""
    found = {name: values[name] for name in OUTPUT if name in values}
    return {**found, "lead": lead or values.get("lead")} if found else {}


def stopped_output(ran: Ran, lead: dict[str, Any]) -> dict[str, Any]:
    return {**output_of(ran.checkpoint["channel_values"], lead), **questions_of(ran)}
