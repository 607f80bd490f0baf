"""The one assistant: searched, read, drawn, described."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from api.dependencies import Reader, ServicesDep
from api.protocol.answers import json_answer
from api.protocol.bodies import AssistantQuery
from graph import assistant
from pipewise.errors import NotFound

router = APIRouter(prefix="/assistants", tags=["assistants"])


def _require(assistant_id: str) -> None:
    if not assistant.is_assistant(assistant_id):
        raise NotFound("There is no assistant of this name; the one here is pipewise.")


def _found(body: AssistantQuery) -> list[dict[str, Any]]:
    described = assistant.describe_assistant()
    wanted = {"graph_id": body.graph_id, "name": body.name}
    fits = all(value is None or described[name] == value for name, value in wanted.items())
    return [described] if fits and body.metadata.items() <= described["metadata"].items() else []


@router.post("/search")
async def search_assistants(user: Reader, body: AssistantQuery) -> list[dict[str, Any]]:
    del user
    return _found(body)[body.offset : body.offset + body.limit]


@router.post("/count")
async def count_assistants(user: Reader, body: AssistantQuery) -> int:
    del user
    return len(_found(body))


@router.get("/{assistant_id}")
async def get_assistant(user: Reader, assistant_id: str) -> dict[str, Any]:
    del user
    _require(assistant_id)
    return assistant.describe_assistant()


@router.get("/{assistant_id}/graph")
async def get_graph(user: Reader, services: ServicesDep, assistant_id: str, xray: bool | int = False) -> Response:  # noqa: FBT001, FBT002  the protocol's
    """The drawing; with `xray` the agents' own steps too."""
    del user
    _require(assistant_id)
    return json_answer(assistant.describe_drawing(services.application.protocol.graph, xray))


@router.get("/{assistant_id}/schemas")
async def get_schemas(user: Reader, services: ServicesDep, assistant_id: str) -> Response:
    del user
    _require(assistant_id)
    return json_answer(assistant.describe_schemas(services.application.protocol.graph))


@router.get("/{assistant_id}/subgraphs")
async def get_subgraphs(user: Reader, services: ServicesDep, assistant_id: str, recurse: bool = False) -> Response:  # noqa: FBT001, FBT002  the protocol's
    return await get_subgraph(user, services, assistant_id, None, recurse=recurse)


@router.get("/{assistant_id}/subgraphs/{namespace}")
async def get_subgraph(
    user: Reader,
    services: ServicesDep,
    assistant_id: str,
    namespace: str | None,
    recurse: bool = False,  # noqa: FBT001, FBT002  the protocol's
) -> Response:
    del user
    _require(assistant_id)
    graph = services.application.protocol.graph
    return json_answer(assistant.describe_subgraphs(graph, namespace, recurse=recurse))


@router.post("/{assistant_id}/versions")
async def list_versions(user: Reader, assistant_id: str) -> list[dict[str, Any]]:
    """There is one: the release that runs."""
    del user
    _require(assistant_id)
    described = assistant.describe_assistant()
    del described["updated_at"]
    return [described]
