"""Chat models that say what they are told to, and the chains they stand in."""

import asyncio
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable
from openai import OpenAIError
from pydantic import Field

from graph.models import ChainLink, ModelChain
from graph.offline_model import OfflineChatModel
from nodes.models import ModelAnswer
from nodes.prompts import fill_prompt, load_prompt
from tools.scheduling import scheduling_tools

CONTEXT = {"mode": "slots", "text": "hi", "picked": None, "language": "en"}
MESSAGES: list[BaseMessage] = [
    SystemMessage(fill_prompt(load_prompt("scheduler"), CONTEXT, company="Acme", language="en")),
    HumanMessage("hi"),
]
TOOLS = scheduling_tools()


class FakeChatModel(BaseChatModel):
    """Says what it is told to, after a while."""

    answer: AIMessage = AIMessage("from the provider")
    error: Exception | None = None
    seconds: float = 0.0
    asked: list[dict[str, Any]] = Field(default_factory=list)

    @property
    def _llm_type(self) -> str:
        return "fake"

    def bind_tools(self, tools: Any, **kwargs: Any) -> Runnable[Any, AIMessage]:
        bound: Runnable[Any, AIMessage] = self.bind(tools=[tool.name for tool in tools], **kwargs)
        return bound

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        self.asked.append(kwargs)
        if self.error:
            raise self.error
        return ChatResult(generations=[ChatGeneration(message=self.answer)])

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        await asyncio.sleep(self.seconds)
        return self._generate(messages, stop, **kwargs)


class Spending:
    """Whether there is money left, and how often that was asked."""

    def __init__(self, *, left: bool = True) -> None:
        self.left = left
        self.looks: list[str] = []

    async def __call__(self, account_id: str) -> bool:
        self.looks.append(account_id)
        return self.left


def chain(*models: BaseChatModel, left: bool = True, offline: bool = True, seconds: float = 5.0) -> ModelChain:
    links = [ChainLink(f"openai:m{number}", model) for number, model in enumerate(models, 1)]
    last = [ChainLink("offline", OfflineChatModel())] if offline else []
    return ModelChain((*links, *last), Spending(left=left), (OpenAIError,), seconds)


async def ask(asked: ModelChain, **more: Any) -> ModelAnswer:
    return await asked.ask("account-1", MESSAGES, TOOLS, **more)
