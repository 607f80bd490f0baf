"""The one assistant, described as the protocol's clients ask for it."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from pydantic import TypeAdapter
from pydantic.errors import PydanticUserError

from graph.state import LeadState

GRAPH = "pipewise"
DESCRIPTION = "Answers an inbound lead: classify, then schedule a meeting, qualify or follow up, then reply."
# The namespace from which LangGraph's own server derives the ids of assistants: the same graph has the same id on both.
ASSISTANT_ID = str(uuid.uuid5(uuid.UUID("6ba7b821-9dad-11d1-80b4-00c04fd430c8"), GRAPH))
MADE_AT = datetime(2026, 11, 22, tzinfo=UTC).isoformat().replace("+00:00", "Z")


def is_assistant(name: str) -> bool:
    return name in {GRAPH, ASSISTANT_ID}


def describe_assistant() -> dict[str, Any]:
    return {
        "assistant_id": ASSISTANT_ID,
        "graph_id": GRAPH,
        "config": {},
        "context": {},
        "created_at": MADE_AT,
        "updated_at": MADE_AT,
        "metadata": {"created_by": "system"},
        "version": 1,
        "name": GRAPH,
        "description": DESCRIPTION,
    }


def describe_drawing(graph: Any, xray: bool | int) -> dict[str, Any]:  # noqa: FBT001  the protocol's word for how deep
    drawn: dict[str, Any] = graph.get_graph(xray=xray).to_json()
    return drawn


def describe_schemas(graph: Any) -> dict[str, Any]:
    return {
        "graph_id": GRAPH,
        "input_schema": _schema(graph.get_input_jsonschema),
        "output_schema": _schema(graph.get_output_jsonschema),
        "state_schema": _schema(lambda: TypeAdapter(LeadState).json_schema()),
        "config_schema": {},
        "context_schema": None,
    }


def _schema(describe: Callable[[], dict[str, Any]]) -> dict[str, Any] | None:
    """None where a part of the state has no schema; the protocol allows for that."""
    try:
        return describe()
    except PydanticUserError:
        return None


def describe_subgraphs(graph: Any, namespace: str | None, *, recurse: bool) -> dict[str, Any]:
    found = graph.get_subgraphs(namespace=namespace, recurse=recurse)
    return {name: describe_schemas(part) for name, part in found}
