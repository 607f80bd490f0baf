"""The chain: who is asked, in which order, what an answer costs, and what happens when a provider gives none."""

import asyncio
from typing import Any

import httpx2
import pytest
from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable
from langchain_openai import ChatOpenAI
from openai import OpenAIError
from pydantic import Field, SecretStr

from graph.models import ChainLink, ModelChain, cost_of, open_models
from graph.offline_model import OfflineChatModel
from nodes.classify import label_intent
from nodes.models import ModelAnswer, NoAnswer
from nodes.prompts import fill_prompt, load_prompt
from pipewise.errors import SettingsError
from pipewise.settings import load_settings
from tools.scheduling import scheduling_tools

CONTEXT = {"mode": "slots", "text": "hi", "picked": None, "language": "en"}
MESSAGES: list[BaseMessage] = [
    SystemMessage(fill_prompt(load_prompt("scheduler"), CONTEXT, company="Acme", language="en")),
    HumanMessage("hi"),
]
TOOLS = scheduling_tools()
WORDS = {"choices": [{"message": {"role": "assistant", "content": "Hello"}, "finish_reason": "stop", "index": 0}]}


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


def provider(handler: Any) -> ChatOpenAI:
    """The real client over a transport that never leaves the process."""
    return ChatOpenAI(
        model="gpt-5-mini",
        api_key=SecretStr("k"),
        base_url="http://model.test/v1",
        max_retries=0,
        use_responses_api=False,
        http_async_client=httpx2.AsyncClient(transport=httpx2.MockTransport(handler)),
    )


async def test_the_first_that_answers_is_taken() -> None:
    answer = await ask(chain(FakeChatModel(), FakeChatModel(answer=AIMessage("second"))))
    assert (answer.message.text, answer.model, answer.failures) == ("from the provider", "openai:m1", ())


async def test_after_a_failure_the_next_is_asked_and_the_failure_is_told() -> None:
    broken = FakeChatModel(error=OpenAIError("no"))
    answer = await ask(chain(broken, FakeChatModel(answer=AIMessage("second"))))
    assert (answer.message.text, answer.model) == ("second", "openai:m2")
    assert [(failure.spec, failure.reason) for failure in answer.failures] == [("openai:m1", "OpenAIError")]


def garbage(body: Any) -> Any:
    return lambda request: httpx2.Response(200, json=body)


def timeout(request: Any) -> httpx2.Response:
    raise httpx2.ReadTimeout("too slow")


def refused(request: Any) -> httpx2.Response:
    raise httpx2.ConnectError("refused")


@pytest.mark.parametrize(
    "handler",
    [
        *(
            lambda request, status=status: httpx2.Response(status, json={})
            for status in (400, 401, 403, 404, 429, 500, 503)
        ),
        timeout,
        refused,
        lambda request: httpx2.Response(200, text="<html>login</html>"),
        lambda request: httpx2.Response(200, text="{", headers={"content-type": "application/json"}),
        lambda request: httpx2.Response(200),
        *map(
            garbage,
            (
                None,
                [],
                "hello",
                {},
                {"choices": None},
                {"choices": []},
                {"choices": [{}]},
                {"choices": [{"message": None}]},
                {"choices": [{"message": {"role": "assistant", "content": 5}}]},
                {"choices": [{"message": {"role": "assistant", "content": ""}}]},
                {"choices": [{"message": {"role": "assistant", "content": "  \n"}}]},
                {"choices": [{"message": {"role": "assistant", "content": None, "refusal": "I will not"}}]},
                {"choices": [{"message": {"role": "assistant", "content": None, "tool_calls": "x"}}]},
                {**WORDS, "usage": "free"},
                {
                    "choices": [
                        {
                            "message": {
                                "role": "assistant",
                                "tool_calls": [
                                    {"id": "1", "type": "function", "function": {"name": "f", "arguments": "{"}}
                                ],
                            }
                        }
                    ]
                },
            ),
        ),
    ],
)
async def test_a_provider_without_a_usable_answer_is_replaced_in_the_same_question(handler: Any) -> None:
    answer = await ask(chain(provider(handler)))
    assert answer.model == "offline"
    assert answer.message.tool_calls[0]["name"] == "get_calendly_event_types"
    assert len(answer.failures) == 1


async def test_the_real_client_answers_through_the_chain() -> None:
    seen: list[httpx2.Request] = []

    def handler(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        usage = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
        return httpx2.Response(200, json={**WORDS, "usage": usage})

    asked = ModelChain((ChainLink("openai:gpt-5-mini", provider(handler)),), Spending(), (OpenAIError,))
    answer = await ask(asked)
    assert (answer.message.text, answer.cost_microusd) == ("Hello", 1000 * 0.25 + 100 * 2)
    assert b"find_best_meeting_slot" in seen[0].content


async def test_one_that_is_slower_than_allowed_is_given_up() -> None:
    answer = await ask(chain(FakeChatModel(seconds=30), seconds=0.05))
    assert answer.model == "offline"
    assert [failure.reason for failure in answer.failures] == ["TimeoutError"]


async def test_a_fault_of_our_own_model_is_no_failure_of_a_provider() -> None:
    with pytest.raises(ValueError, match="context block"):
        await chain().ask("account-1", [HumanMessage("hi")], TOOLS)


async def test_without_money_the_offline_model_answers_and_the_reason_is_told() -> None:
    model = FakeChatModel()
    asked = chain(model, left=False)
    answer = await ask(asked)
    assert answer.model == "offline"
    assert [failure.reason for failure in answer.failures] == ["daily budget reached"]
    assert model.asked == []


async def test_nobody_looks_at_the_money_where_nothing_costs_any() -> None:
    spending = Spending()
    await ModelChain((ChainLink("offline", OfflineChatModel()),), spending).ask("account-1", MESSAGES, TOOLS)
    assert spending.looks == []


async def test_models_that_failed_before_are_skipped() -> None:
    first = FakeChatModel()
    answer = await ask(chain(first, FakeChatModel(answer=AIMessage("second"))), skip=frozenset({"openai:m1"}))
    assert (answer.model, first.asked) == ("openai:m2", [])


async def test_a_part_of_the_chain_can_be_asked_alone() -> None:
    asked = chain(FakeChatModel())
    assert (await ask(asked, only="offline")).model == "offline"
    assert (await ask(asked, only="provider")).model == "openai:m1"
    with pytest.raises(NoAnswer):
        await ask(chain(FakeChatModel(error=OpenAIError("no"))), only="provider")


async def test_a_forced_call_must_be_made() -> None:
    call = {"name": "label_intent", "args": {"label": "greeting"}, "id": "1", "type": "tool_call"}
    model = FakeChatModel(answer=AIMessage("", tool_calls=[call]))
    answer = await chain(model).ask("account-1", MESSAGES, [label_intent], force="label_intent", only="provider")
    assert answer.message.tool_calls[0]["args"] == {"label": "greeting"}
    assert model.asked == [{"tools": ["label_intent"], "tool_choice": "label_intent"}]
    with pytest.raises(NoAnswer, match="no usable answer"):
        await chain(FakeChatModel()).ask("account-1", MESSAGES, [label_intent], force="label_intent", only="provider")


async def test_calls_where_no_function_was_offered_are_no_answer() -> None:
    call = {"name": "wire_money", "args": {}, "id": "1", "type": "tool_call"}
    asked = chain(FakeChatModel(answer=AIMessage("", tool_calls=[call])), offline=False)
    with pytest.raises(NoAnswer):
        await asked.ask("account-1", MESSAGES)


async def test_a_required_provider_that_fails_is_an_error_that_names_it() -> None:
    with pytest.raises(NoAnswer, match="openai:m1: OpenAIError") as caught:
        await ask(chain(FakeChatModel(error=OpenAIError("secret detail")), offline=False))
    assert (caught.value.code, caught.value.status, caught.value.retryable) == ("model_unavailable", 503, True)
    assert "secret detail" not in str(caught.value)


@pytest.mark.parametrize(
    ("spec", "per_million"),
    [
        ("openai:gpt-5-mini", 2.25),
        ("openai:gpt-5-mini-2025-08-07", 2.25),
        ("openai:gpt-5-nano", 0.45),
        ("openai:gpt-5", 11.25),
        ("openai:gpt-5-pro", 11.25),
        ("openai:somebodys-own", 11.25),
        ("offline", 0.0),
    ],
)
def test_the_cost_follows_the_tokens(spec: str, per_million: float) -> None:
    usage = {"input_tokens": 1_000_000, "output_tokens": 1_000_000, "total_tokens": 2_000_000}
    assert cost_of(spec, AIMessage("x", usage_metadata=usage)) == round(per_million * 1_000_000)
    assert cost_of(spec, AIMessage("x")) == 0


async def test_an_answer_that_cannot_be_used_is_paid_for_all_the_same() -> None:
    usage = {"input_tokens": 1000, "output_tokens": 0, "total_tokens": 1000}
    answer = await ask(chain(FakeChatModel(answer=AIMessage("", usage_metadata=usage))))
    assert [failure.cost_microusd for failure in answer.failures] == [1250]


@pytest.mark.parametrize(
    ("settings", "specs"),
    [
        ({"model": "openai:a,openai:b"}, ["openai:a", "openai:b", "offline"]),
        ({"model": "openai:a", "model_required": True}, ["openai:a"]),
        ({"openai_api_key": "k"}, ["openai:gpt-5-mini", "offline"]),
        ({}, ["offline"]),
    ],
)
async def test_the_chain_is_what_the_settings_say(settings: dict[str, Any], specs: list[str]) -> None:
    async with open_models(load_settings(**settings), Spending()) as opened:
        assert [link.spec for link in opened.links] == specs
        assert opened.has_provider == (specs != ["offline"])
        clients = {link.model.http_async_client for link in opened.links if isinstance(link.model, ChatOpenAI)}
        assert len(clients) == opened.has_provider
    assert all(client.is_closed for client in clients if client)


async def test_a_spec_that_is_not_understood_is_refused_at_the_start() -> None:
    with pytest.raises(SettingsError, match="anthropic"):
        async with open_models(load_settings(model="anthropic:x"), Spending()):
            pass
