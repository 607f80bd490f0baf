"""The provider's real client over a transport that never leaves the process: whatever comes back, the lead gets an answer."""

from typing import Any

import httpx2
import pytest
from langchain_openai import ChatOpenAI
from openai import OpenAIError
from pydantic import SecretStr

from graph.models import ChainLink, ModelChain
from tests.unit.graph.chat_models import Spending, ask, chain

WORDS = {"choices": [{"message": {"role": "assistant", "content": "Hello"}, "finish_reason": "stop", "index": 0}]}


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
