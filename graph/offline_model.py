"""The model that is always there: a chat model that makes the same tool calls by rule and writes only what outcomes justify."""

import json
import re
from collections.abc import Sequence
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.utils.function_calling import convert_to_openai_tool

from pipewise.language.phrases import say
from pipewise.replies import render_outcome
from pipewise.storage.types import derived_id

_CONTEXT = re.compile(r"<context>\s*(\{.*\})\s*</context>", re.DOTALL)


class OfflineChatModel(BaseChatModel):
    """Reads the same messages as any other model: the context in the system prompt, the lead's words, the tools' answers."""

    @property
    def _llm_type(self) -> str:
        return "pipewise-offline"

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Runnable[Any, AIMessage]:
        bound: Runnable[Any, AIMessage] = self.bind(tools=[convert_to_openai_tool(tool) for tool in tools], **kwargs)
        return bound

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,  # noqa: ARG002  the base class's signature
        run_manager: CallbackManagerForLLMRun | None = None,  # noqa: ARG002
        **kwargs: Any,
    ) -> ChatResult:
        names = [tool["function"]["name"] for tool in kwargs.get("tools", ())]
        return ChatResult(generations=[ChatGeneration(message=_answer(messages, names))])

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,  # noqa: ARG002
        **kwargs: Any,
    ) -> ChatResult:
        # Rules take well under a millisecond: no thread is worth it.
        return self._generate(messages, stop, **kwargs)


def _answer(messages: list[BaseMessage], tools: list[str]) -> AIMessage:
    context = _read_context(messages)
    results = _results_of_this_turn(messages)
    if "schedule_meeting_for_lead" in tools:
        return _schedule(context, results)
    return AIMessage(_inquire(context))


def _schedule(context: dict[str, Any], results: list[tuple[str, dict[str, Any]]]) -> AIMessage:
    if not results:
        if context["mode"] == "link":
            return _call("create_calendly_scheduling_link", {}, results)
        if context["picked"]:
            return _call("schedule_meeting_for_lead", {"slot": context["picked"]}, results)
        return _call("get_calendly_event_types", {}, results)
    _, outcome = results[-1]
    if outcome["kind"] == "event_types":
        return _call("find_best_meeting_slot", {"event_type": None, "wish": context["text"]}, results)
    return AIMessage(render_outcome(outcome, context["language"]))


def _inquire(context: dict[str, Any]) -> str:
    language = context["language"]
    question = context.get("question") or "offer_meeting_soft"
    return f"{say('inquiry_ack', language)} {say(question, language)}"


def _call(name: str, arguments: dict[str, Any], results: list[Any]) -> AIMessage:
    call_id = derived_id("offline call", name, len(results))
    return AIMessage("", tool_calls=[{"name": name, "args": arguments, "id": call_id, "type": "tool_call"}])


def _read_context(messages: list[BaseMessage]) -> dict[str, Any]:
    for message in messages:
        found = _CONTEXT.search(str(message.content)) if isinstance(message, SystemMessage) else None
        if found:
            context: dict[str, Any] = json.loads(found.group(1))
            return context
    raise ValueError("the offline model needs the context block of a PipeWise prompt")


def _results_of_this_turn(messages: list[BaseMessage]) -> list[tuple[str, dict[str, Any]]]:
    results: list[tuple[str, dict[str, Any]]] = []
    for message in messages:
        if isinstance(message, HumanMessage):
            results = []
        elif isinstance(message, ToolMessage):
            results.append((message.name or "", json.loads(str(message.content))))
    return results
