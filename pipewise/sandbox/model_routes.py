"""An OpenAI-compatible `/v1/chat/completions`: scripted answers first, else a plain rule that uses the offered tools."""

import json
import re
from collections.abc import AsyncIterator
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import BaseModel, model_validator

from pipewise.sandbox.answers import VendorRefusalError, read_object
from pipewise.sandbox.bearer import bearer
from pipewise.sandbox.model_answers import answer_by_rule, count_tokens
from pipewise.sandbox.state import SandboxState, StateDep

Json = dict[str, Any]

router = APIRouter(tags=["model"])
MODEL_NAME = "sandbox-model"


class ScriptedCall(BaseModel):
    """`arguments` as text are sent as they are, whatever they are."""

    name: str
    arguments: Json | str = {}


class ScriptedAnswer(BaseModel):
    model_config = {"extra": "forbid"}

    text: str | None = None
    tool_calls: list[ScriptedCall] = []

    @model_validator(mode="after")
    def _says_something(self) -> "ScriptedAnswer":
        if self.text is None and not self.tool_calls:
            raise ValueError("an answer needs text or tool_calls")
        return self


class ScriptRequest(BaseModel):
    responses: list[ScriptedAnswer]
    replace: bool = False


@router.post("/_sandbox/model/script", tags=["sandbox"])
async def add_script(request: ScriptRequest, state: StateDep) -> Json:
    if request.replace:
        state.model.script.clear()
    state.model.script.extend(answer.model_dump() for answer in request.responses)
    return {"queued": len(state.model.script)}


def model_refusal(status: int, message: str, code: str | None = None) -> VendorRefusalError:
    error = {"message": message, "type": "invalid_request_error", "param": None, "code": code}
    return VendorRefusalError(status, {"error": error})


def need_key(request: Request) -> None:
    if bearer(request) is None:
        raise model_refusal(401, "You didn't provide an API key.", "invalid_api_key")


@router.get("/v1/models")
async def list_models(request: Request, state: StateDep) -> Json:
    need_key(request)
    created = int(state.clock.now().timestamp())
    return {
        "object": "list",
        "data": [{"id": MODEL_NAME, "object": "model", "created": created, "owned_by": "sandbox"}],
    }


@router.post("/v1/chat/completions")
async def complete(request: Request, state: StateDep) -> Response:
    need_key(request)
    body = await read_object(request, model_refusal(400, "The request body is not a JSON object."))
    messages = body.get("messages")
    if (
        not isinstance(messages, list)
        or not messages
        or not all(isinstance(m, dict) and m.get("role") for m in messages)
    ):
        raise model_refusal(400, "'messages' must be a non-empty list of messages with a role.")
    if not body.get("model"):
        raise model_refusal(400, "you must provide a model parameter")
    scripted = state.model.script.popleft() if state.model.script else None
    state.model.answered += 1
    message = as_message(state.model.answered, scripted or answer_by_rule(body))
    usage = usage_of(messages, message)
    state.ledger.record("model", "completion", scripted=scripted is not None, answer=message, usage=usage)
    if body.get("stream"):
        wants_usage = bool((body.get("stream_options") or {}).get("include_usage"))
        chunks = stream(state, body, message, usage if wants_usage else None)
        return StreamingResponse(chunks, media_type="text/event-stream")
    return JSONResponse(
        {
            **head(state, body, "chat.completion"),
            "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": finish_reason(message)}],
            "usage": usage,
        }
    )


def as_message(number: int, answer: Json) -> Json:
    calls = [
        {
            "id": f"call_sandbox_{number:06d}_{index}",
            "type": "function",
            "function": {"name": call["name"], "arguments": as_arguments(call["arguments"])},
        }
        for index, call in enumerate(answer.get("tool_calls") or [])
    ]
    return {
        "role": "assistant",
        "content": answer.get("text"),
        "refusal": None,
        **({"tool_calls": calls} if calls else {}),
    }


def as_arguments(given: Json | str) -> str:
    return given if isinstance(given, str) else json.dumps(given)


def finish_reason(message: Json) -> str:
    return "tool_calls" if message.get("tool_calls") else "stop"


def usage_of(messages: list[Json], answer: Json) -> Json:
    prompt = sum(count_tokens(json.dumps(message.get("content") or "")) for message in messages)
    completion = count_tokens(json.dumps([answer["content"], answer.get("tool_calls")]))
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}


def head(state: SandboxState, body: Json, kind: str) -> Json:
    created = int(state.clock.now().timestamp())
    answer_id = f"chatcmpl-sandbox-{state.model.answered:06d}"
    return {"id": answer_id, "object": kind, "created": created, "model": body["model"], "system_fingerprint": None}


async def stream(state: SandboxState, body: Json, message: Json, usage: Json | None) -> AsyncIterator[str]:
    """Server-sent events: the role, the text word by word or the calls, the reason, then usage when it was asked for."""
    opening = head(state, body, "chat.completion.chunk")

    def event(delta: Json, reason: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}
        return f"data: {json.dumps({**opening, 'choices': [choice]})}\n\n"

    yield event({"role": "assistant", "content": "", "refusal": None})
    for piece in re.findall(r"\S+\s*|\s+", message["content"] or ""):
        yield event({"content": piece})
    for index, call in enumerate(message.get("tool_calls") or []):
        yield event({"tool_calls": [{"index": index, **call}]})
    yield event({}, finish_reason(message))
    if usage is not None:
        yield f"data: {json.dumps({**opening, 'choices': [], 'usage': usage})}\n\n"
    yield "data: [DONE]\n\n"
