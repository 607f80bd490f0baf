"""What a failure of a model is taken for, and how long the model is left alone for it."""

import asyncio

import httpx
import pytest
from langchain_core.messages import AIMessage
from openai import APIConnectionError, APIStatusError, OpenAIError

from graph.model_failures import ModelCircuits, classify_failure
from graph.models import LEFT_ALONE, ModelChain
from nodes.models import FailureKind, ModelAnswer
from tests.unit.graph.chat_models import FakeChatModel, ask, chain

REQUEST = httpx.Request("POST", "http://model.test/v1/chat/completions")


def status_error(status: int) -> APIStatusError:
    return APIStatusError("told", response=httpx.Response(status, request=REQUEST), body=None)


class Seconds:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        *((status_error(status), "auth") for status in (401, 403)),
        *((status_error(status), "quota") for status in (402, 429)),
        *((status_error(status), "content") for status in (400, 413, 422)),
        *((status_error(status), "network") for status in (404, 408, 500, 503)),
        (APIConnectionError(request=REQUEST), "network"),
        (TimeoutError(), "network"),
        (OpenAIError("who knows"), "network"),
        (TypeError("choices is null"), "content"),
        (ValueError("no JSON"), "content"),
    ],
)
def test_a_failure_is_of_one_of_four_kinds(error: Exception, kind: FailureKind) -> None:
    assert classify_failure(error) == kind


def test_a_failure_is_known_by_what_caused_it() -> None:
    outer = RuntimeError("wrapped")
    outer.__cause__ = status_error(401)
    assert classify_failure(outer) == "auth"


def of(model: FakeChatModel) -> tuple[ModelChain, Seconds]:
    asked, seconds = chain(model), Seconds()
    asked.circuits = ModelCircuits(seconds)
    return asked, seconds


def told(answer: ModelAnswer) -> list[tuple[str, FailureKind | None]]:
    return [(failure.reason, failure.kind) for failure in answer.failures]


@pytest.mark.parametrize(("status", "kind", "seconds"), [(401, "auth", 60), (429, "quota", 30)])
async def test_a_wrong_key_and_an_empty_purse_are_not_tried_again_at_once(
    status: int, kind: FailureKind, seconds: int
) -> None:
    model = FakeChatModel(error=status_error(status))
    asked, clock = of(model)
    assert told(await ask(asked)) == [("APIStatusError", kind)]
    for _ in range(3):
        answer = await ask(asked)
        assert (answer.model, told(answer)) == ("offline", [(LEFT_ALONE, None)])
    assert len(model.asked) == 1
    clock.now += seconds
    model.error = None
    assert (await ask(asked)).model == "openai:m1"
    assert (await ask(asked)).model == "openai:m1"


async def test_a_network_that_fails_thrice_in_a_row_is_left_alone_and_then_tried_once() -> None:
    model = FakeChatModel(error=status_error(503))
    asked, clock = of(model)
    for _ in range(5):
        assert (await ask(asked)).model == "offline"
    assert len(model.asked) == 3
    clock.now += 30
    assert told(await ask(asked)) == [("APIStatusError", "network")]
    assert told(await ask(asked)) == [(LEFT_ALONE, None)], "one probe that failed opens again"
    assert len(model.asked) == 4


async def test_answers_between_failures_keep_the_circuit_closed() -> None:
    model = FakeChatModel()
    asked, _ = of(model)
    for _ in range(4):
        for error in (status_error(500), TimeoutError(), None):
            model.error = error
            await ask(asked)
    assert len(model.asked) == 12


async def test_what_cannot_be_used_leaves_the_circuit_closed() -> None:
    model = FakeChatModel(answer=AIMessage(""))
    asked, _ = of(model)
    for _ in range(5):
        assert told(await ask(asked)) == [("no usable answer", "content")]
    assert len(model.asked) == 5


async def test_one_probe_at_a_time_and_a_withdrawn_one_lets_the_next_try() -> None:
    model = FakeChatModel(error=status_error(429))
    asked, clock = of(model)
    await ask(asked)
    clock.now += 30
    model.error, model.seconds = None, 30.0
    probe = asyncio.create_task(ask(asked))
    await asyncio.sleep(0)
    await asyncio.sleep(0.01)
    assert told(await ask(asked)) == [(LEFT_ALONE, None)]
    probe.cancel()
    await asyncio.gather(probe, return_exceptions=True)
    model.seconds = 0.0
    assert (await ask(asked)).model == "openai:m1"
