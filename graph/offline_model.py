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

from pipewise.replies import render_inquiry, render_outcome
from pipewise.storage.types import derived_id

ASIDE = frozenset({"lead", "refused"})  # what a function answers beside the way to a meeting
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
    if "schedule_meeting_for_lead" in tools:
        return _schedule(context, _results_of_this_turn(messages), _tried_slots(messages))
    return AIMessage(_inquire(context))


def _schedule(context: dict[str, Any], results: list[dict[str, Any]], tried: set[str]) -> AIMessage:
    """The rule of the scheduler. It may begin anew, or go on where another model left off."""
    told = [result for result in results if result["kind"] not in ASIDE]
    if told and told[-1]["kind"] != "event_types":
        return AIMessage(render_outcome(told[-1], context["language"]))
    if context["mode"] == "link":
        return _call("create_calendly_scheduling_link", {}, results)
    if context["picked"] and context["picked"] not in tried:
        return _call("schedule_meeting_for_lead", {"slot": context["picked"]}, results)
    if not told:
        return _call("get_calendly_event_types", {}, results)
    return _call("find_best_meeting_slot", {"event_type": None, "wish": context["text"]}, results)


def _inquire(context: dict[str, Any]) -> str:
    sources = context.get("sources")
    marks = " ".join(f"[{source['id']}]" for source in sources[: context["told"]]) if sources else ""
    quote = f"{context['quote']} {marks}" if sources else ""
    passed_on = bool(context.get("passed_on"))
    return render_inquiry(context["language"], context["question"], context.get("verdict"), quote, passed_on=passed_on)


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


def _tried_slots(messages: list[BaseMessage]) -> set[str]:
    calls = [call for message in messages if isinstance(message, AIMessage) for call in message.tool_calls]
    return {str(call["args"].get("slot")) for call in calls}


def _results_of_this_turn(messages: list[BaseMessage]) -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = []
    for message in messages:
        if isinstance(message, HumanMessage):
            results = []
        elif isinstance(message, ToolMessage):
            results.append(json.loads(str(message.content)))
    return results
