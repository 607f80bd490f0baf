"""The chain of models: each is asked in turn, the last is the offline one; switching is recorded, never hidden."""

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.tools import BaseTool
from pydantic import SecretStr

from graph.offline_model import OfflineChatModel
from pipewise.errors import Unavailable
from pipewise.settings import Settings

OFFLINE = "offline"
MODEL_SECONDS = 15.0
MAX_TOKENS = 800
# US dollars per million tokens (input, output); unlisted models count as the dearest listed, so that the cap errs on the safe side.
PRICES = {"gpt-5-nano": (0.05, 0.40), "gpt-5-mini": (0.25, 2.00), "gpt-4.1-mini": (0.40, 1.60), "gpt-5": (1.25, 10.00)}


@dataclass(frozen=True)
class ModelAnswer:
    """`failures` names the models that were asked first and why they did not answer."""

    message: AIMessage
    model: str
    cost_microusd: int
    latency_ms: int
    failures: tuple[str, ...] = ()
    failed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ChainLink:
    spec: str
    model: BaseChatModel


Budget = Callable[[str], Awaitable[bool]]
"""Whether the account may still spend on models today."""


@dataclass
class ModelChain:
    links: tuple[ChainLink, ...]
    within_budget: Budget
    provider_errors: tuple[type[Exception], ...] = ()
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
        provider_only: bool = False,
        skip: frozenset[str] = frozenset(),
    ) -> ModelAnswer:
        """The first usable answer. `force` names the one tool that must be called; `provider_only` leaves the offline model
        out, for questions that it answers no better than the rules; `skip` holds models that failed in this turn already.
        Raises Unavailable when nobody answered."""
        expected: tuple[type[Exception], ...] = (*self.provider_errors, httpx.HTTPError, ValueError)
        failures: list[str] = []
        failed: set[str] = set()
        affordable = not self.has_provider or await self.within_budget(account_id)
        for link in self.links:
            if link.spec != OFFLINE and not affordable:
                failures.append(f"{link.spec}: daily budget reached")
                continue
            if link.spec in skip or (link.spec == OFFLINE and provider_only):
                continue
            started = time.perf_counter()
            try:
                message = await self._runnable(link, tools, force).ainvoke(list(messages))
            except expected as error:
                failures.append(f"{link.spec}: {type(error).__name__}")
                failed.add(link.spec)
                continue
            latency = round((time.perf_counter() - started) * 1000)
            cost = cost_of(link.spec, message)
            return ModelAnswer(message, link.spec, cost, latency, tuple(failures), frozenset(failed))
        raise Unavailable("No model answered: " + "; ".join(failures), platform="model")

    def _runnable(self, link: ChainLink, tools: Sequence[BaseTool], force: str | None) -> Any:
        """Binding turns tools into JSON Schema, which is worth doing once."""
        if not tools:
            return link.model
        key = (link.spec, tuple(tool.name for tool in tools), force)
        if key not in self._bound:
            options = {"tool_choice": force} if force and link.spec != OFFLINE else {}
            self._bound[key] = link.model.bind_tools(list(tools), **options)
        return self._bound[key]


def build_models(settings: Settings, within_budget: Budget) -> ModelChain:
    """One chat model per link, made once. Raises SettingsError for a spec that is not understood.

    The provider's library costs half a second and tens of megabytes, so it is imported only if the chain names it."""
    chain = settings.model_chain()
    if set(chain) == {OFFLINE}:
        return ModelChain((ChainLink(OFFLINE, OfflineChatModel()),), within_budget)
    from openai import OpenAIError  # noqa: PLC0415

    links = tuple(ChainLink(spec, OfflineChatModel() if spec == OFFLINE else _open(spec, settings)) for spec in chain)
    return ModelChain(links, within_budget, (OpenAIError,))


def _open(spec: str, settings: Settings) -> BaseChatModel:
    from langchain_openai import ChatOpenAI  # noqa: PLC0415

    return ChatOpenAI(
        model=spec.removeprefix("openai:"),
        api_key=settings.openai_api_key or SecretStr("none"),  # local endpoints take any key
        base_url=settings.openai_base_url,
        timeout=MODEL_SECONDS,
        max_retries=0,  # the next link is the retry
        use_responses_api=False,
        max_completion_tokens=MAX_TOKENS,
    )


def cost_of(spec: str, message: AIMessage) -> int:
    """Micro-dollars, by the tokens that the provider reported."""
    usage = message.usage_metadata
    if spec == OFFLINE or not usage:
        return 0
    name = spec.removeprefix("openai:")
    listed = [prices for prefix, prices in PRICES.items() if name.startswith(prefix)]
    per_input, per_output = listed[0] if listed else max(PRICES.values())
    return round(usage["input_tokens"] * per_input + usage["output_tokens"] * per_output)
