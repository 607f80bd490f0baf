"""The OpenAI-compatible model: script first, then a rule whose arguments fit the schema."""

import json

from tests.unit.pipewise.sandbox.world import MODEL, Json, Sandbox

TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "find_best_meeting_slot",
            "parameters": {
                "type": "object",
                "properties": {
                    "day": {"type": "string", "minLength": 10},
                    "part": {"type": "string", "enum": ["morning", "afternoon"]},
                    "count": {"type": "integer", "minimum": 1},
                    "zone": {"anyOf": [{"type": "string"}, {"type": "null"}]},
                    "who": {"$ref": "#/$defs/Person"},
                    "optional": {"type": "string"},
                    "days": {"type": "array", "items": {"type": "boolean"}, "minItems": 1},
                },
                "required": ["day", "part", "count", "zone", "who", "days"],
                "$defs": {
                    "Person": {"type": "object", "properties": {"vip": {"type": "boolean"}}, "required": ["vip"]}
                },
            },
        },
    },
    {"type": "function", "function": {"name": "other_tool", "parameters": {"type": "object", "properties": {}}}},
]


async def ask(sandbox: Sandbox, *messages: Json, **more: object) -> Json:
    body = {"model": "gpt-any", "messages": list(messages), **more}
    answer = await sandbox.http.post("/v1/chat/completions", headers=MODEL, json=body)
    assert answer.status_code == 200, answer.text
    whole: Json = answer.json()
    return whole


async def script(sandbox: Sandbox, *responses: Json) -> None:
    answer = await sandbox.http.post("/_sandbox/model/script", json={"responses": list(responses)})
    assert answer.status_code == 200, answer.text


USER = {"role": "user", "content": "Schedule a demo, my password is hunter2"}


async def test_after_a_users_turn_the_first_tool_is_called_with_arguments_that_fit(sandbox: Sandbox) -> None:
    answer = await ask(sandbox, USER, tools=TOOLS)
    [choice] = answer["choices"]
    [call] = choice["message"]["tool_calls"]
    assert (choice["finish_reason"], call["function"]["name"]) == ("tool_calls", "find_best_meeting_slot")
    assert json.loads(call["function"]["arguments"]) == {
        "day": "sandboxxxx",
        "part": "morning",
        "count": 1,
        "zone": None,
        "who": {"vip": False},
        "days": [False],
    }


async def test_after_a_tool_result_it_answers_and_repeats_nothing(sandbox: Sandbox) -> None:
    call = (await ask(sandbox, USER, tools=TOOLS))["choices"][0]["message"]
    result = {"role": "tool", "tool_call_id": call["tool_calls"][0]["id"], "content": "token abc"}
    answer = await ask(sandbox, USER, call, result, tools=TOOLS)
    assert answer["choices"][0]["finish_reason"] == "stop"
    assert "abc" not in answer["choices"][0]["message"]["content"]
    assert (
        answer["usage"]["total_tokens"] == answer["usage"]["prompt_tokens"] + answer["usage"]["completion_tokens"] > 0
    )


async def test_the_tool_choice_is_respected(sandbox: Sandbox) -> None:
    choice = {"type": "function", "function": {"name": "other_tool"}}
    named = await ask(sandbox, USER, tools=TOOLS, tool_choice=choice)
    assert named["choices"][0]["message"]["tool_calls"][0]["function"] == {"name": "other_tool", "arguments": "{}"}
    none = await ask(sandbox, USER, tools=TOOLS, tool_choice="none")
    assert "tool_calls" not in none["choices"][0]["message"]
    assert "hunter2" not in none["choices"][0]["message"]["content"]


async def test_a_wanted_schema_is_answered_with_json(sandbox: Sandbox) -> None:
    schema = {"type": "object", "properties": {"intent": {"const": "greeting"}}, "required": ["intent"]}
    wanted = {"type": "json_schema", "json_schema": {"name": "intent", "schema": schema}}
    answer = await ask(sandbox, USER, response_format=wanted)
    assert json.loads(answer["choices"][0]["message"]["content"]) == {"intent": "greeting"}


async def test_scripted_answers_come_first_and_in_order(sandbox: Sandbox) -> None:
    call = {"tool_calls": [{"name": "book", "arguments": {"slot": 2}}]}
    await script(sandbox, {"text": "One moment"}, call)
    first = (await ask(sandbox, USER, tools=TOOLS))["choices"][0]["message"]
    second = (await ask(sandbox, USER, tools=TOOLS))["choices"][0]["message"]
    third = (await ask(sandbox, USER, tools=TOOLS))["choices"][0]["message"]
    assert (first["content"], "tool_calls" in first) == ("One moment", False)
    assert second["tool_calls"][0]["function"] == {"name": "book", "arguments": '{"slot": 2}'}
    assert third["tool_calls"][0]["function"]["name"] == "find_best_meeting_slot"
    refused = await sandbox.http.post("/_sandbox/model/script", json={"responses": [{}]})
    assert refused.status_code == 422


async def test_a_stream_says_the_same_in_pieces(sandbox: Sandbox) -> None:
    await script(sandbox, {"text": "It is  booked"}, {"tool_calls": [{"name": "book", "arguments": {}}]})
    events = await stream(sandbox, stream_options={"include_usage": True})
    text = "".join(event["choices"][0]["delta"].get("content") or "" for event in events if event["choices"])
    assert text == "It is  booked"
    assert events[-1]["choices"] == []
    assert events[-1]["usage"]["total_tokens"] > 0
    assert events[-2]["choices"][0]["finish_reason"] == "stop"
    calls = await stream(sandbox)
    [delta] = [e["choices"][0]["delta"]["tool_calls"][0] for e in calls if "tool_calls" in e["choices"][0]["delta"]]
    assert (delta["index"], delta["function"]["name"]) == (0, "book")


async def stream(sandbox: Sandbox, **more: object) -> list[Json]:
    body = {"model": "gpt-any", "messages": [USER], "stream": True, **more}
    answer = await sandbox.http.post("/v1/chat/completions", headers=MODEL, json=body)
    assert answer.headers["content-type"].startswith("text/event-stream")
    lines = [line.removeprefix("data: ") for line in answer.text.split("\n\n") if line]
    assert lines[-1] == "[DONE]"
    return [json.loads(line) for line in lines[:-1]]


async def test_requests_are_checked(sandbox: Sandbox) -> None:
    url = "/v1/chat/completions"
    assert (await sandbox.http.post(url, json={})).status_code == 401
    for body in (
        {"model": "a"},
        {"model": "a", "messages": []},
        {"model": "a", "messages": ["hi"]},
        {"messages": [USER]},
    ):
        refused = await sandbox.http.post(url, headers=MODEL, json=body)
        assert (refused.status_code, refused.json()["error"]["type"]) == (400, "invalid_request_error")
    models = (await sandbox.http.get("/v1/models", headers=MODEL)).json()
    assert models["object"] == "list"
