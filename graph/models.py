"""The chain of models: each is asked in turn, the last is the offline one; switching is recorded, never hidden."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.tools import BaseTool
from pydantic import SecretStr

from graph.offline_model import OfflineChatModel
from nodes.models import ModelAnswer, ModelFailure, NoAnswer, Part
from pipewise.settings import Settings

OFFLINE = "offline"
MODEL_SECONDS = 15.0
MAX_TOKENS = 800
# US dollars per million tokens (input, output). A model that is not listed counts as the dearest one that is.
PRICES = {"gpt-5-nano": (0.05, 0.40), "gpt-5-mini": (0.25, 2.00), "gpt-4.1-mini": (0.40, 1.60), "gpt-5": (1.25, 10.00)}
# Endpoints that call themselves OpenAI-compatible answer with nulls, lists and strings in any place; the provider's library
# then fails with whatever it tripped over.
GARBAGE = (ValueError, TypeError, LookupError, AttributeError)


@dataclass(frozen=True)
class ChainLink:
    spec: str
    model: BaseChatModel


Budget = Callable[[str], Awaitable[bool]]
"""Whether the account may still spend on models today."""


@dataclass
class ModelChain:
    """`seconds` is how long one model may take, however slowly its answer trickles in."""

    links: tuple[ChainLink, ...]
    within_budget: Budget
    provider_errors: tuple[type[Exception], ...] = ()
    seconds: float = MODEL_SECONDS
    _bound: dict[tuple[str, tuple[str, ...], str | None], Any] = field(default_factory=dict)

    @property
    def has_provider(self) -> bool:
        """Whether a model other than the offline one is in the chain."""
        return any(link.spec != OFFLINE for link in self.links)

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
        """The first usable answer. `force` names the one tool that must be called; `only` limits the question to one part of
        the chain; `skip` holds models that failed in this turn already. Raises NoAnswer when nobody answered."""
        links = [link for link in self.links if link.spec not in skip and _belongs(link, only)]
        affordable = all(link.spec == OFFLINE for link in links) or await self.within_budget(account_id)
        failures: list[ModelFailure] = []
        for link in links:
            if link.spec != OFFLINE and not affordable:
                failures.append(ModelFailure(link.spec, "daily budget reached"))
                continue
            started = time.perf_counter()
            message, problem = await self._ask_one(link, messages, tools, force)
            latency, cost = round((time.perf_counter() - started) * 1000), cost_of(link.spec, message)
            if message and not problem:
                return ModelAnswer(message, link.spec, cost, latency, tuple(failures))
            failures.append(ModelFailure(link.spec, problem, latency, cost))
        raise NoAnswer(tuple(failures))

    async def _ask_one(
        self, link: ChainLink, messages: Sequence[BaseMessage], tools: Sequence[BaseTool], force: str | None
    ) -> tuple[AIMessage | None, str]:
        """What came, and why it is no answer."""
        runnable = self._runnable(link, tools, force)
        if link.spec == OFFLINE:
            return await runnable.ainvoke(list(messages)), ""
        expected: tuple[type[Exception], ...] = (*self.provider_errors, TimeoutError, *GARBAGE)
        try:
            async with asyncio.timeout(self.seconds):
                message: AIMessage = await runnable.ainvoke(list(messages))
        except expected as error:
            return None, type(error).__name__
        return message, "" if _is_usable(message, tools, force) else "no usable answer"

    def _runnable(self, link: ChainLink, tools: Sequence[BaseTool], force: str | None) -> Any:
        """Binding turns tools into JSON Schema, which is worth doing once."""
        if not tools:
            return link.model
        key = (link.spec, tuple(tool.name for tool in tools), force)
        if key not in self._bound:
            options = {"tool_choice": force} if force and link.spec != OFFLINE else {}
            self._bound[key] = link.model.bind_tools(list(tools), **options)
        return self._bound[key]


def _belongs(link: ChainLink, only: Part | None) -> bool:
    return only is None or (link.spec == OFFLINE) == (only == "offline")


def _is_usable(message: AIMessage, tools: Sequence[BaseTool], force: str | None) -> bool:
    """Words, or calls where calls could be made; a refusal and calls that cannot be read are neither."""
    if force:
        return any(call["name"] == force for call in message.tool_calls)
    return bool(message.text.strip() or (tools and message.tool_calls))


@asynccontextmanager
async def open_models(settings: Settings, within_budget: Budget) -> AsyncIterator[ModelChain]:
    """One chat model per link. Raises SettingsError for a spec that is not understood.

    The provider's library costs half a second and tens of megabytes, so it is imported only if the chain names it."""
    chain = settings.model_chain()
    if set(chain) == {OFFLINE}:
        yield ModelChain((ChainLink(OFFLINE, OfflineChatModel()),), within_budget)
        return
    # In a thread: the imports and the trusted certificates are read from disk.
    http, provider_error = await asyncio.to_thread(_open_http)
    async with http:
        links = await asyncio.to_thread(lambda: tuple(_open(spec, settings, http) for spec in chain))
        yield ModelChain(links, within_budget, (provider_error,))


def _open_http() -> tuple[Any, type[Exception]]:
    """A client of our own: the library's is shared by the whole process, never closed, and of no use in a second event loop."""
    from openai import DefaultAsyncHttpxClient, OpenAIError  # noqa: PLC0415

    return DefaultAsyncHttpxClient(), OpenAIError


def _open(spec: str, settings: Settings, http: Any) -> ChainLink:
    if spec == OFFLINE:
        return ChainLink(spec, OfflineChatModel())
    from langchain_openai import ChatOpenAI  # noqa: PLC0415

    model = ChatOpenAI(
        model=spec.removeprefix("openai:"),
        api_key=settings.openai_api_key or SecretStr("none"),  # local endpoints take any key
        base_url=settings.openai_base_url,
        http_async_client=http,
        timeout=MODEL_SECONDS,
        max_retries=0,  # the next link is the retry
        use_responses_api=False,
        max_completion_tokens=MAX_TOKENS,
    )
    return ChainLink(spec, model)


def cost_of(spec: str, message: AIMessage | None) -> int:
    """Micro-dollars, by the tokens that the provider reported."""
    usage = message.usage_metadata if message else None
    if spec == OFFLINE or not usage:
        return 0
    name = spec.removeprefix("openai:")
    # "gpt-5-mini" and its dated snapshots, not "gpt-5-pro" for "gpt-5".
    listed = [prices for listed, prices in PRICES.items() if name == listed or name.startswith(f"{listed}-20")]
    per_input, per_output = listed[0] if listed else max(PRICES.values())
    return round(usage["input_tokens"] * per_input + usage["output_tokens"] * per_output)
