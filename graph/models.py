"""The chain of models: each is asked in turn, the last is the offline one; switching is recorded, never hidden."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.tools import BaseTool
from pydantic import SecretStr

from graph.model_failures import ModelCircuits, classify_failure
from graph.offline_model import OfflineChatModel
from nodes.models import FailureKind, ModelAnswer, ModelFailure, NoAnswer, Part
from pipewise.budget import BUDGET_REACHED
from pipewise.prices import ListPrices, TokenUsage
from pipewise.settings import Settings

OFFLINE = "offline"
MAX_TOKENS = 800
LEFT_ALONE = "left alone after failures"
# Endpoints that call themselves OpenAI-compatible answer with nulls, lists and strings in any place; the provider's library
# then fails with whatever it tripped over.
GARBAGE = (ValueError, TypeError, LookupError, AttributeError)


@dataclass(frozen=True)
class ChainLink:
    """`seconds` is how long this model may take; None: as long as the chain allows."""

    spec: str
    model: BaseChatModel
    seconds: float | None = None


Budget = Callable[[str], Awaitable[bool]]
"""Whether the account may still spend on models: today, for this lead and in this turn."""


class Meter(Protocol):
    """Knows the account's prices, and is told what was spent."""

    async def price(self, account_id: str, model: str, usage: TokenUsage) -> int:
        """Micro-dollars."""
        ...


@dataclass
class ModelChain:
    """`seconds` is how long one model may take, however slowly its answer trickles in."""

    links: tuple[ChainLink, ...]
    within_budget: Budget
    provider_errors: tuple[type[Exception], ...] = ()
    seconds: float = 15.0
    meter: Meter = field(default_factory=ListPrices)
    circuits: ModelCircuits = field(default_factory=ModelCircuits)
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
                failures.append(ModelFailure(link.spec, BUDGET_REACHED))
                continue
            if link.spec != OFFLINE and not self.circuits.admit(link.spec):
                failures.append(ModelFailure(link.spec, LEFT_ALONE))
                continue
            started = time.perf_counter()
            message, problem, kind = await self._ask_one(link, messages, tools, force)
            latency = round((time.perf_counter() - started) * 1000)
            tokens, cost = await self._spent(account_id, link, message)
            if message and not problem:
                return ModelAnswer(message, link.spec, cost, latency, tuple(failures), tokens)
            failures.append(ModelFailure(link.spec, problem, latency, cost, tokens, kind))
        raise NoAnswer(tuple(failures))

    async def _ask_one(
        self, link: ChainLink, messages: Sequence[BaseMessage], tools: Sequence[BaseTool], force: str | None
    ) -> tuple[AIMessage | None, str, FailureKind | None]:
        """What came, and why it is no answer."""
        runnable = self._runnable(link, tools, force)
        if link.spec == OFFLINE:
            return await runnable.ainvoke(list(messages)), "", None
        expected: tuple[type[Exception], ...] = (*self.provider_errors, TimeoutError, *GARBAGE)
        message, problem, kind = None, "", None
        try:
            async with asyncio.timeout(link.seconds or self.seconds):
                message = await runnable.ainvoke(list(messages))
        except expected as error:
            problem, kind = type(error).__name__, classify_failure(error)
        except BaseException:
            self.circuits.abandon(link.spec)
            raise
        if message and not _is_usable(message, tools, force):
            problem, kind = "no usable answer", "content"
        self.circuits.record(link.spec, kind)
        return message, problem, kind

    async def _spent(self, account_id: str, link: ChainLink, message: AIMessage | None) -> tuple[int, int]:
        """Tokens that the provider reported, and their micro-dollars."""
        reported = message.usage_metadata if message else None
        if link.spec == OFFLINE or not reported:
            return 0, 0
        usage = TokenUsage(reported["input_tokens"], reported["output_tokens"])
        return usage.total, await self.meter.price(account_id, link.spec.removeprefix("openai:"), usage)

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
async def open_models(
    settings: Settings, within_budget: Budget, meter: Meter | None = None
) -> AsyncIterator[ModelChain]:
    """One chat model per link. Raises SettingsError for a spec that is not understood.

    The provider's library costs half a second and tens of megabytes, so it is imported only if the chain names it."""
    chain = settings.model_chain()
    if set(chain) == {OFFLINE}:
        yield ModelChain((ChainLink(OFFLINE, OfflineChatModel()),), within_budget)
        return
    # In a thread: the imports and the trusted certificates are read from disk.
    http, provider_error = await asyncio.to_thread(_open_http)
    async with http:
        patience = settings.model_patience()
        links = await asyncio.to_thread(lambda: tuple(_open(*link, settings, http) for link in patience))
        yield ModelChain(links, within_budget, (provider_error,), meter=meter or ListPrices())


def _open_http() -> tuple[Any, type[Exception]]:
    """A client of our own: the library's is shared by the whole process, never closed, and of no use in a second event loop."""
    from openai import DefaultAsyncHttpxClient, OpenAIError  # noqa: PLC0415

    return DefaultAsyncHttpxClient(), OpenAIError


def _open(spec: str, seconds: float, settings: Settings, http: Any) -> ChainLink:
    if spec == OFFLINE:
        return ChainLink(spec, OfflineChatModel())
    from langchain_openai import ChatOpenAI  # noqa: PLC0415

    model = ChatOpenAI(
        model=spec.removeprefix("openai:"),
        api_key=settings.openai_api_key or SecretStr("none"),  # local endpoints take any key
        base_url=settings.openai_base_url,
        http_async_client=http,
        timeout=seconds,
        max_retries=0,  # the next link is the retry
        use_responses_api=False,
        max_completion_tokens=MAX_TOKENS,
    )
    return ChainLink(spec, model, seconds)
