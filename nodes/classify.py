"""What the lead wants: rules and the trained classifier first, a model when they are unsure, one clarifying question, then a person."""

import math
import re
from collections.abc import Mapping
from typing import Any, Literal

from langchain_core.messages import HumanMessage, SystemMessage
from langchain_core.tools import tool

from graph.state import LeadState, Memory
from nodes.models import AskModel, ask_model
from nodes.prompts import fill_prompt
from nodes.tasks import LONGEST_DETAIL, task, with_task
from nodes.wishes import handled
from pipewise.language.intent import INTENTS, ConversationContext, IntentGuess, classify
from pipewise.language.late_intent_model import LateIntentModel

SURE = 0.7
TOO_UNSURE = 0.45  # below it more guesses are wrong than right (docs/evals.md)
OPT_OUT_UNSURE = 0.85  # what no exact rule took for an opt-out silences a lead only when it is all but certain
HUMAN_UNSURE = 0.7  # nor is a lead handed over on a guess: it is asked first
ASKED = frozenset({"meeting_request", "lead_inquiry"})  # what the clarifying question names
LEAST = {"opt_out": OPT_OUT_UNSURE, "human_request": HUMAN_UNSURE}
COURTEOUS = frozenset({"greeting", "follow_up", "out_of_scope"})
A_WORD = 4  # words of a thanks or a goodbye
_SLOT = re.compile(r"slot_\d+")  # the handles of offered times; an older message still shows buttons of an older offer

Label = Literal[
    "meeting_request",
    "meeting_change",
    "lead_inquiry",
    "follow_up",
    "human_request",
    "opt_out",
    "greeting",
    "out_of_scope",
]


@tool
def label_intent(label: Label, confidence: float, evidence: str) -> str:
    """Record what the person wants: one label, your confidence from 0 to 1, and the words that show it."""
    return f"{label} {confidence} {evidence}"


async def classify_intent(
    state: LeadState, *, trained: LateIntentModel, models: AskModel, prompt: str, specialist_of: Mapping[str, str]
) -> dict[str, Any]:
    """Label, confidence, evidence and runner-up; several wishes in the order they were said, each with a step of
    its own where something can be done about it."""
    memory, lead = state["memory"], state["lead"]
    if state["choice_id"] and _SLOT.fullmatch(state["choice_id"]):
        return _decide(state, [_tapped(state["choice_id"])], specialist_of)
    context = ConversationContext(
        awaiting=memory["awaiting"],
        has_meeting=bool(lead["meeting"] and lead["meeting"]["status"] == "scheduled"),
        offered=bool(memory["offered"]),
    )
    weights = None if state["turn"].get("by_rules") else trained.model
    guesses = [_guess_row(guess) for guess in classify(state["text"], context=context, trained=weights)]
    update: dict[str, Any] = {}
    if guesses[0]["confidence"] < SURE and models.has_provider:
        better, update = await _ask(state, models, prompt, context)
        guesses = [better, *guesses] if better else guesses
    decided = _after_opt_out(state, guesses) if lead.get("opted_out") else None
    return {**update, **(decided or _decide(state, guesses, specialist_of))}


def _after_opt_out(state: LeadState, guesses: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Who wants no more messages is answered what they ask, and nothing else. What is more than a word goes to a person."""
    main = guesses[0]
    if main["label"] not in COURTEOUS:
        return None
    silence = {"type": "silence", "reason": "the lead opted out and asks for nothing"}
    update = {"intent": main["label"], "intents": guesses, "route": "silent", "actions": [*state["actions"], silence]}
    if len(state["text"].split()) <= A_WORD:
        return update
    wrote = task("opted_out", "A lead who opted out wrote again", state["text"][:LONGEST_DETAIL])
    return {**update, "proposal": with_task(state["proposal"], wrote)}


def _decide(state: LeadState, guesses: list[dict[str, Any]], specialist_of: Mapping[str, str]) -> dict[str, Any]:
    acted, memory = handled(state, guesses), state["memory"]
    main, routes = acted[0], list(dict.fromkeys(specialist_of[guess["label"]] for guess in acted))
    update: dict[str, Any] = {
        "intent": main["label"],
        "intents": guesses,
        "route": routes[0],
        "routes": routes,
        "memory": Memory(**{**memory, "clarified": 0}),
    }
    if main["confidence"] >= LEAST.get(main["label"], TOO_UNSURE):
        return update
    if memory["clarified"] and main["label"] in ASKED:
        return update
    if memory["clarified"]:
        person = specialist_of["human_request"]
        return {**update, "intent": "human_request", "route": person, "routes": [person]}
    return {**update, "route": "clarify", "routes": ["clarify"], "memory": Memory(**{**memory, "clarified": 1})}


async def _ask(
    state: LeadState, models: AskModel, prompt: str, context: ConversationContext
) -> tuple[dict[str, Any] | None, dict[str, Any]]:
    system = fill_prompt(prompt, {"awaiting": context.awaiting, "has_meeting": context.has_meeting})
    messages = [SystemMessage(system), HumanMessage(state["text"])]
    tools, name = [label_intent], label_intent.name
    answer, update = await ask_model(state, models, "classify_intent", messages, tools, force=name, only="provider")
    if answer is None:
        return None, update
    call = next(call for call in answer.message.tool_calls if call["name"] == name)
    return _read_label(call["args"], answer.model), update


def _read_label(arguments: dict[str, Any], model: str) -> dict[str, Any] | None:
    label, confidence = arguments.get("label"), arguments.get("confidence")
    if label not in INTENTS or not isinstance(confidence, int | float) or not math.isfinite(confidence):
        return None
    return {
        "label": label,
        "confidence": max(0.0, min(1.0, float(confidence))),
        "evidence": str(arguments.get("evidence", ""))[:200],
        "runner_up": None,
        "by": model,
    }


def _guess_row(guess: IntentGuess) -> dict[str, Any]:
    return {
        "label": guess.label,
        "confidence": round(guess.confidence, 3),
        "evidence": guess.evidence,
        "runner_up": guess.runner_up,
        "by": "offline",
    }


def _tapped(choice_id: str) -> dict[str, Any]:
    return {"label": "meeting_request", "confidence": 1.0, "evidence": choice_id, "runner_up": None, "by": "choice"}
