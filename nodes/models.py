"""The chain of models as steps see it: ask, and note in the state what was asked, what it cost and who failed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.tools import BaseTool

from graph.state import LeadState
from pipewise.errors import Unavailable

MOST_CALLS = 3
"""What a turn may ask of providers, whatever it needs: the rest is done by rule, and a draft that must not leave is replaced."""

Part = Literal["provider", "offline"]
"""A part of the chain: the models of a provider, or the one that is always there."""


FailureKind = Literal["quota", "auth", "content", "network"]
"""No money or too many questions; a key that is not taken; an answer that cannot be used, or none that is allowed; nobody there."""


@dataclass(frozen=True)
class ModelFailure:
    """A model that was asked, or had its turn, and gave no answer. `kind` is None where it was not asked."""

    spec: str
    reason: str
    latency_ms: int = 0
    cost_microusd: int = 0  # an answer that cannot be used is paid for all the same
    tokens: int = 0
    kind: FailureKind | None = None


@dataclass(frozen=True)
class ModelAnswer:
    """`failures` are of the models that came first."""

    message: AIMessage
    model: str
    cost_microusd: int
    latency_ms: int
    failures: tuple[ModelFailure, ...] = ()
    tokens: int = 0


class NoAnswer(Unavailable):
    """Nobody in the chain answered."""

    def __init__(self, failures: tuple[ModelFailure, ...]) -> None:
        told = "; ".join(f"{failure.spec}: {failure.reason}" for failure in failures)
        super().__init__(f"No model answered: {told or 'there is none'}", platform="model")
        self.failures = failures


class AskModel(Protocol):
    """A chain of models."""

    @property
    def has_provider(self) -> bool: ...

    async def ask(
        self,
        account_id: str,
        messages: Sequence[BaseMessage],
        tools: Sequence[BaseTool] = (),
        *,
        force: str | None = None,
        only: Part | None = None,
        skip: frozenset[str] = frozenset(),
    ) -> ModelAnswer: ...


async def ask_model(
    state: LeadState,
    models: AskModel,
    action: str,
    messages: Sequence[BaseMessage],
    tools: Sequence[BaseTool] = (),
    *,
    force: str | None = None,
    only: Part | None = None,
) -> tuple[ModelAnswer | None, dict[str, Any]]:
    """The answer and what the state has to remember of it. A model that failed is left alone for the rest of the turn, and once
    providers were asked MOST_CALLS times, only the offline model is.

    None if only a part of the chain was asked and gave no answer; raises NoAnswer if the whole chain gave none.
    """
    known = frozenset(state["failed_models"])
    if calls_made(state) >= MOST_CALLS:
        if only == "provider":
            return None, {}
        only = "offline"
    try:
        answer = await models.ask(state["turn"]["account_id"], messages, tools, force=force, only=only, skip=known)
    except NoAnswer as error:
        if only is None:
            raise
        return None, _remember(state, action, error.failures, [])
    return answer, _remember(state, action, answer.failures, [_row(action, answer)])


def calls_made(state: LeadState) -> int:
    """How often a provider's model was asked in this turn."""
    return sum(row["platform"] == "model" and row["model"] != "offline" for row in state["usage"])


def _remember(
    state: LeadState, action: str, failures: Sequence[ModelFailure], answered: list[dict[str, Any]]
) -> dict[str, Any]:
    failed = [_failed_row(action, failure) for failure in failures]
    return {
        "usage": [*state["usage"], *failed, *answered],
        "failed_models": sorted({*state["failed_models"], *(failure.spec for failure in failures)}),
    }


def _row(action: str, answer: ModelAnswer) -> dict[str, Any]:
    return {
        "platform": "model",
        "action": action,
        "success": True,
        "response_time_ms": answer.latency_ms,
        "cost_microusd": answer.cost_microusd,
        "tokens": answer.tokens,
        "model": answer.model,
    }


def _failed_row(action: str, failure: ModelFailure) -> dict[str, Any]:
    return {
        "platform": "model",
        "action": action,
        "success": False,
        "response_time_ms": failure.latency_ms,
        "cost_microusd": failure.cost_microusd,
        "tokens": failure.tokens,
        "model": failure.spec,
        "reason": failure.reason,
        "kind": failure.kind,
    }
