"""Asking the chain from a step: costs and failures are remembered, and only a question that can wait may stay open."""

import pytest
from langchain_core.messages import HumanMessage

from nodes.models import ModelFailure, NoAnswer, ask_model
from tests.unit.nodes.stage import FakeModels, make_state

MESSAGES = [HumanMessage("hi")]


async def test_an_answer_is_recorded_with_its_cost() -> None:
    state = make_state("hi", usage=[{"platform": "calendly"}])
    answer, update = await ask_model(state, FakeModels("hello"), "qualify", MESSAGES)
    assert answer is not None
    assert answer.message.text == "hello"
    assert update == {
        "usage": [
            {"platform": "calendly"},
            {
                "platform": "model",
                "action": "qualify",
                "success": True,
                "response_time_ms": 5,
                "cost_microusd": 30,
                "tokens": 0,
                "model": "openai:fake",
            },
        ],
        "failed_models": [],
    }


async def test_a_part_of_the_chain_may_stay_silent() -> None:
    answer, update = await ask_model(make_state("hi"), FakeModels(None), "rewrite_reply", MESSAGES, only="provider")
    assert answer is None
    assert [(row["success"], row["model"], row["response_time_ms"]) for row in update["usage"]] == [
        (False, "openai:fake", 7)
    ]
    assert update["failed_models"] == ["openai:fake"]


async def test_a_whole_chain_that_stays_silent_is_an_error() -> None:
    with pytest.raises(NoAnswer, match="RateLimitError"):
        await ask_model(make_state("hi"), FakeModels(None), "schedule", MESSAGES)


async def test_models_that_failed_are_not_asked_again() -> None:
    models = FakeModels("hello")
    _, update = await ask_model(make_state("hi", failed_models=["openai:a"]), models, "schedule", MESSAGES)
    assert models.options[0]["skip"] == {"openai:a"}
    assert update["failed_models"] == ["openai:a"]


def test_the_error_names_who_failed_and_no_more() -> None:
    error = NoAnswer((ModelFailure("openai:a", "RateLimitError"), ModelFailure("openai:b", "daily budget reached")))
    assert error.message == "No model answered: openai:a: RateLimitError; openai:b: daily budget reached"
    assert NoAnswer(()).message == "No model answered: there is none"
