"""The chain: who is asked, in which order, what an answer costs, and what happens when a provider gives none."""

from typing import Any

import pytest
from langchain_core.messages import AIMessage, HumanMessage
from langchain_openai import ChatOpenAI
from openai import OpenAIError

from graph.models import ChainLink, ModelChain, open_models
from graph.offline_model import OfflineChatModel
from nodes.classify import label_intent
from nodes.models import NoAnswer
from pipewise.errors import SettingsError
from pipewise.settings import load_settings
from tests.unit.graph.chat_models import MESSAGES, TOOLS, FakeChatModel, Spending, ask, chain


async def test_the_first_that_answers_is_taken() -> None:
    answer = await ask(chain(FakeChatModel(), FakeChatModel(answer=AIMessage("second"))))
    assert (answer.message.text, answer.model, answer.failures) == ("from the provider", "openai:m1", ())


async def test_after_a_failure_the_next_is_asked_and_the_failure_is_told() -> None:
    broken = FakeChatModel(error=OpenAIError("no"))
    answer = await ask(chain(broken, FakeChatModel(answer=AIMessage("second"))))
    assert (answer.message.text, answer.model) == ("second", "openai:m2")
    assert [(failure.spec, failure.reason) for failure in answer.failures] == [("openai:m1", "OpenAIError")]


async def test_one_that_is_slower_than_allowed_is_given_up() -> None:
    answer = await ask(chain(FakeChatModel(seconds=30), seconds=0.05))
    assert answer.model == "offline"
    assert [failure.reason for failure in answer.failures] == ["TimeoutError"]


async def test_each_model_has_its_own_time() -> None:
    slow, last = FakeChatModel(seconds=0.5), FakeChatModel(seconds=0.1, answer=AIMessage("second"))
    links = (ChainLink("openai:m1", slow, 0.02), ChainLink("openai:m2", last, 5.0))
    answer = await ask(ModelChain(links, Spending(), (OpenAIError,)))
    assert (answer.message.text, [failure.reason for failure in answer.failures]) == ("second", ["TimeoutError"])


def test_the_settings_give_each_model_its_time() -> None:
    settings = load_settings(model="openai:a,openai:b,openai:c", model_timeouts_s="8,20")
    assert settings.model_patience() == (("openai:a", 8.0), ("openai:b", 20.0), ("openai:c", 20.0), ("offline", 20.0))


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
        ("openai:gpt-5-mini-high", 11.25),
        ("openai:somebodys-own", 11.25),
        ("offline", 0.0),
    ],
)
async def test_the_cost_follows_the_tokens(spec: str, per_million: float) -> None:
    usage = {"input_tokens": 1_000_000, "output_tokens": 1_000_000, "total_tokens": 2_000_000}
    for told, cost in ((usage, round(per_million * 1_000_000)), (None, 0)):
        asked = ModelChain((ChainLink(spec, FakeChatModel(answer=AIMessage("x", usage_metadata=told))),), Spending())
        answer = await ask(asked)
        assert (answer.cost_microusd, answer.tokens) == (cost, 2_000_000 if cost else 0)


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
