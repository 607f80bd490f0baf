"""What the lead wants: rules first, a model when they are unsure, one clarifying question, then a person."""

import json
from collections.abc import Sequence
from typing import Any, Literal, Protocol

from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage
from langchain_core.tools import BaseTool, tool

from graph.state import LeadState, Memory
from pipewise.errors import Unavailable
from pipewise.language.intent import INTENTS, ConversationContext, IntentGuess, classify

SURE = 0.7
TOO_UNSURE = 0.35

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


class Answer(Protocol):
    """What a model chain answers, as far as this step needs it."""

    @property
    def message(self) -> Any: ...
    @property
    def model(self) -> str: ...
    @property
    def cost_microusd(self) -> int: ...
    @property
    def latency_ms(self) -> int: ...
    @property
    def failures(self) -> tuple[str, ...]: ...
    @property
    def failed(self) -> frozenset[str]: ...


class AskModel(Protocol):
    """The model chain, as far as steps know it."""

    @property
    def has_provider(self) -> bool: ...

    async def ask(
        self,
        account_id: str,
        messages: Sequence[BaseMessage],
        tools: Any = (),
        *,
        force: str | None = None,
        provider_only: bool = False,
        skip: frozenset[str] = frozenset(),
    ) -> Answer: ...


@tool
def label_intent(label: Label, confidence: float, evidence: str) -> str:
    """Record what the person wants: one label, your confidence from 0 to 1, and the words that show it."""
    return f"{label} {confidence} {evidence}"


async def classify_intent(state: LeadState, *, models: AskModel, prompt: str) -> dict[str, Any]:
    """Label, confidence, evidence and runner-up; several wishes in the order they were said."""
    memory, lead = state["memory"], state["lead"]
    if state["choice_id"] and any(one["handle"] == state["choice_id"] for one in memory["offered"]):
        return _decide(state, [_tapped(state["choice_id"])], [])
    context = ConversationContext(
        awaiting=memory["awaiting"],
        has_meeting=bool(lead["meeting"] and lead["meeting"]["status"] == "scheduled"),
        offered=bool(memory["offered"]),
    )
    guesses = [_guess_row(guess) for guess in classify(state["text"], context=context)]
    usage: list[dict[str, Any]] = []
    if guesses[0]["confidence"] < SURE and models.has_provider:
        better = await _ask(state, models, prompt, context, usage)
        guesses = [better, *guesses] if better else guesses
    return _decide(state, guesses, usage)


def _decide(state: LeadState, guesses: list[dict[str, Any]], usage: list[dict[str, Any]]) -> dict[str, Any]:
    main, memory = guesses[0], state["memory"]
    update: dict[str, Any] = {
        "intent": main["label"],
        "intents": guesses,
        "usage": [*state["usage"], *usage],
        "memory": Memory(**{**memory, "clarified": 0}),
    }
    if main["confidence"] >= TOO_UNSURE:
        return update
    if memory["clarified"]:
        return {**update, "intent": "human_request"}
    return {**update, "route": "clarify", "memory": Memory(**{**memory, "clarified": 1})}


async def _ask(
    state: LeadState, models: AskModel, prompt: str, context: ConversationContext, usage: list[dict[str, Any]]
) -> dict[str, Any] | None:
    known = json.dumps({"awaiting": context.awaiting, "has_meeting": context.has_meeting})
    messages = [SystemMessage(prompt.replace("{context}", known)), HumanMessage(state["text"])]
    tools: list[BaseTool] = [label_intent]
    try:
        answer = await models.ask(
            state["turn"]["account_id"], messages, tools, force=label_intent.name, provider_only=True
        )
    except Unavailable:
        return None
    usage.append(model_usage("classify_intent", answer))
    calls = answer.message.tool_calls
    return _read_label(calls[0]["args"], answer.model) if calls else None


def _read_label(arguments: dict[str, Any], model: str) -> dict[str, Any] | None:
    label, confidence = arguments.get("label"), arguments.get("confidence")
    if label not in INTENTS or not isinstance(confidence, int | float):
        return None
    return {
        "label": label,
        "confidence": max(0.0, min(1.0, float(confidence))),
        "evidence": str(arguments.get("evidence", ""))[:200],
        "runner_up": None,
        "by": model,
    }


def model_usage(action: str, answer: Answer) -> dict[str, Any]:
    """A usage record of one model answer; failures of models asked before it ride along."""
    return {
        "platform": "model",
        "action": action,
        "success": True,
        "response_time_ms": answer.latency_ms,
        "cost_microusd": answer.cost_microusd,
        "model": answer.model,
        "failures": list(answer.failures),
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
