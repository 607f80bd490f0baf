"""The chain of models seen through a turn's journal: what was asked is named by its digest, what was answered is kept."""

from collections.abc import Sequence
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.tools import BaseTool

from graph.models import OFFLINE
from nodes.models import AskModel, ModelAnswer, ModelFailure, NoAnswer, Part
from pipewise.journal import ask, current_journal
from pipewise.journal_codec import Codec, typed

Answered = ModelAnswer | NoAnswer


class JournaledModels:
    """A chain of models. A provider's answer is committed before it is used, and given up when the turn is withdrawn."""

    def __init__(self, models: AskModel, *, has_provider: bool | None = None) -> None:
        self._models = models
        self._has_provider = has_provider

    @property
    def has_provider(self) -> bool:
        return self._models.has_provider if self._has_provider is None else self._has_provider

    async def ask(
        self,
        account_id: str,
        messages: Sequence[BaseMessage],
        tools: Sequence[BaseTool] = (),
        *,
        force: str | None = None,
        only: Part | None = None,
        skip: frozenset[str] = frozenset(),
    ) -> ModelAnswer:
        async def call() -> Answered:
            try:
                return await self._models.ask(account_id, messages, tools, force=force, only=only, skip=skip)
            except NoAnswer as error:
                return error

        if current_journal() is None:
            return _open(await call())
        asked = {
            "messages": [message_request(message) for message in messages],
            "tools": [tool.name for tool in tools],
            "force": force,
            "only": only,
            "skip": sorted(skip),
        }
        lasting = self.has_provider and only != OFFLINE
        kind = f"model.{force or ('functions' if tools else 'words')}"
        return _open(await ask(kind, asked, call, ANSWERS, lasting=lasting, breakable=True, cost=_cost))


def message_request(message: BaseMessage) -> dict[str, Any]:
    """What a model reads of a message: not the ids that libraries draw for it."""
    read: dict[str, Any] = {"type": message.type, "content": message.content}
    calls = getattr(message, "tool_calls", None)
    if calls:
        read["calls"] = [[call["name"], call["args"]] for call in calls]
    return read


def _open(answered: Answered) -> ModelAnswer:
    if isinstance(answered, NoAnswer):
        raise answered
    return answered


def _cost(answered: Answered) -> int:
    spent = sum(failure.cost_microusd for failure in answered.failures)
    return spent if isinstance(answered, NoAnswer) else spent + answered.cost_microusd


def _encode(answered: Answered) -> dict[str, Any]:
    failures = [typed(ModelFailure).encode(failure) for failure in answered.failures]
    if isinstance(answered, NoAnswer):
        return {"failures": failures}
    message = answered.message
    return {
        "failures": failures,
        "model": answered.model,
        "cost": answered.cost_microusd,
        "tokens": answered.tokens,
        "ms": answered.latency_ms,
        "content": message.content,
        "calls": [dict(call) for call in message.tool_calls],
        "id": message.id,
    }


def _decode(document: Any) -> Answered:
    failures = tuple(typed(ModelFailure).decode(failure) for failure in document["failures"])
    if "model" not in document:
        return NoAnswer(failures)
    message = AIMessage(document["content"], tool_calls=document["calls"], id=document["id"])
    return ModelAnswer(
        message, document["model"], document["cost"], document["ms"], failures, document.get("tokens", 0)
    )


ANSWERS: Codec[Answered] = Codec(_encode, _decode)
