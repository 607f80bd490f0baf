"""The model's rule when nothing is scripted: call the first tool after a user's turn, then answer in a few words."""

import json
from typing import Any

Json = dict[str, Any]

PLAIN_ANSWER = "Thank you, I have noted that. How can I help you further?"
AFTER_TOOL_ANSWER = "That is done. Is there anything else I can do for you?"
CHARACTERS_PER_TOKEN = 4


def count_tokens(text: str) -> int:
    return max(1, len(text) // CHARACTERS_PER_TOKEN)


def answer_by_rule(body: Json) -> Json:
    """Never repeats what it was told, so that nothing confidential can come back through it."""
    tools = [tool["function"] for tool in body.get("tools") or [] if isinstance(tool, dict) and "function" in tool]
    choice = body.get("tool_choice")
    last_role = body["messages"][-1]["role"]
    if tools and choice != "none" and (last_role == "user" or forced(choice)):
        function = chosen(tools, choice)
        return {
            "text": None,
            "tool_calls": [{"name": function["name"], "arguments": smallest(function.get("parameters"))}],
        }
    schema = wanted_schema(body.get("response_format"))
    if schema is not None:
        return {"text": json.dumps(smallest(schema))}
    return {"text": AFTER_TOOL_ANSWER if last_role == "tool" else PLAIN_ANSWER}


def forced(choice: object) -> bool:
    return isinstance(choice, dict) or choice == "required"


def chosen(tools: list[Json], choice: object) -> Json:
    name = choice.get("function", {}).get("name") if isinstance(choice, dict) else None
    return next((tool for tool in tools if tool["name"] == name), tools[0])


def wanted_schema(response_format: object) -> Json | None:
    if not isinstance(response_format, dict):
        return None
    if response_format.get("type") == "json_object":
        return {"type": "object"}
    schema = response_format.get("json_schema", {}).get("schema")
    return schema if isinstance(schema, dict) else None


def smallest(schema: object, root: Json | None = None) -> Any:
    """The smallest value that a JSON Schema accepts: required properties only, first choice of every enumeration."""
    if not isinstance(schema, dict):
        return {}
    root = schema if root is None else root
    if "$ref" in schema:
        return smallest(resolve(root, schema["$ref"]), root)
    for key in ("default", "const"):
        if key in schema:
            return schema[key]
    if schema.get("enum"):
        return schema["enum"][0]
    for key in ("anyOf", "oneOf", "allOf"):
        if schema.get(key):
            return smallest(next((s for s in schema[key] if s.get("type") == "null"), schema[key][0]), root)
    return of_type(schema, root)


def of_type(schema: Json, root: Json) -> Any:
    kind = schema.get("type", "object")
    kind = kind[0] if isinstance(kind, list) else kind
    match kind:
        case "object":
            properties = schema.get("properties", {})
            return {name: smallest(properties.get(name), root) for name in schema.get("required", [])}
        case "array":
            return [smallest(schema.get("items"), root) for _ in range(schema.get("minItems", 0))]
        case "string":
            return "sandbox".ljust(schema.get("minLength", 0), "x")[: schema.get("maxLength", 10_000)]
        case "integer" | "number":
            return schema.get("minimum", 0)
        case "boolean":
            return False
        case _:
            return None


def resolve(root: Json, reference: str) -> Json:
    value: Any = root
    for part in reference.removeprefix("#/").split("/"):
        value = value[part]
    return dict(value)
