"""The OpenAPI document: FastAPI's own, with every error answer and its one body (CONTRACT 4) told in a single place."""

from collections.abc import Iterator, Mapping
from typing import Any

from fastapi import FastAPI

ERROR: Mapping[str, Any] = {
    "title": "Error",
    "type": "object",
    "description": "What went wrong, in one sentence that a person can act on.",
    "properties": {
        "success": {"const": False},
        "error": {"type": "string"},
        "code": {"type": "string"},
        "fallback_available": {"type": "boolean"},
        "manual_action_required": {"type": "boolean"},
        "retry_after": {"type": ["number", "null"], "description": "Seconds."},
        "details": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "problem": {"type": "string"}},
                "required": ["field", "problem"],
            },
        },
    },
    "required": ["success", "error", "code", "fallback_available", "manual_action_required", "retry_after"],
}
CONTENT: Mapping[str, Any] = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
RETRY: Mapping[str, Any] = {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer", "minimum": 1}}}
STREAM = "text/event-stream"
EVENT: Mapping[str, Any] = {  # each of the stream, as the specification of server-sent events has them
    "type": "object",
    "properties": {name: {"type": "string"} for name in ("event", "data", "id")},
}
WORDS: Mapping[str, str] = {
    "400": "The request is malformed.",
    "401": "No valid token.",
    "403": "The caller's role does not allow it.",
    "404": "There is no such object in this account.",
    "408": "The request took too long to arrive.",
    "409": "The object's state does not allow it.",
    "413": "The body is too large.",
    "415": "The body is of another type than the route takes.",
    "422": "The request is not complete or not valid; `details` say where.",
    "429": "Too many requests; wait `retry_after` seconds.",
    "502": "The vendor refused or cannot be used.",
    "503": "It cannot be answered now; try again.",
}
METHODS = ("get", "put", "post", "delete", "patch")
WRITES = frozenset({"put", "post", "delete", "patch"})
OF_THE_PROTOCOL = ("/assistants", "/threads", "/runs", "/store")  # their bodies name ids too
WITHOUT_DATABASE = frozenset({"/healthz"})


class DocumentedApp(FastAPI):
    """FastAPI with the answers that middleware, dependencies and error handlers give told for every route."""

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            complete(super().openapi())
        assert self.openapi_schema is not None  # noqa: S101  made by the line before
        return self.openapi_schema


def complete(document: dict[str, Any]) -> None:
    """Adds what is missing, in place; what a route tells about itself stays."""
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas["Error"] = dict(ERROR)
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    for path, operations in document["paths"].items():
        for method in METHODS:
            if method in operations:
                _complete_operation(path, method, operations[method])


def _complete_operation(path: str, method: str, operation: dict[str, Any]) -> None:
    answers = operation["responses"]
    for described in answers.values():
        if STREAM in described.get("content", {}):
            described["content"][STREAM] = {"schema": EVENT}
    for status in sorted({*_statuses(path, method, operation), *(one for one in answers if one >= "400")}):
        described = dict(answers.get(status, {}))
        if status == "422" or "description" not in described:
            described["description"] = WORDS[status]
        described["content"] = described.get("content", CONTENT) if status != "422" else CONTENT
        if status in {"429", "503"}:
            described["headers"] = RETRY
        answers[status] = described


def _statuses(path: str, method: str, operation: Mapping[str, Any]) -> Iterator[str]:
    """Which errors any route of this kind may answer."""
    yield from ("400", "422")
    if path not in WITHOUT_DATABASE:
        yield "503"
    if "security" in operation:
        yield from ("401", "403", "429")
    if "{" in path or method in WRITES or path.startswith(OF_THE_PROTOCOL):
        yield "404"
    if method in WRITES:
        yield from ("408", "409", "413")
