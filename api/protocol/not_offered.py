"""Routes of the protocol that this server does not have: each says so, instead of looking like a wrong address."""

import re
from typing import Any, NoReturn

from fastapi import APIRouter

from api.dependencies import Reader
from graph.run_spec import NotOffered

MISSING: tuple[tuple[str, str], ...] = (
    ("POST", "/assistants"),
    ("PATCH", "/assistants/{assistant_id}"),
    ("DELETE", "/assistants/{assistant_id}"),
    ("POST", "/assistants/{assistant_id}/latest"),
    ("GET", "/threads/{thread_id}/stream"),
    ("POST", "/threads/{thread_id}/commands"),
    ("POST", "/threads/{thread_id}/stream/events"),
    ("GET", "/threads/{thread_id}/stream/events"),
    ("GET", "/runs/{run_id}/stream"),
    ("POST", "/ui/{assistant_id}"),
)
ANSWERS: dict[int | str, dict[str, Any]] = {404: {"description": "This part of the protocol is not offered."}}

router = APIRouter(tags=["not offered"])


class RouteNotOffered(NotOffered):
    status = 404


async def _refuse(user: Reader) -> NoReturn:
    del user
    raise RouteNotOffered("This part of the LangGraph server protocol is not offered here.")


def _parameters(path: str) -> dict[str, Any]:
    """Of a path whose ids nobody reads."""
    names = re.findall(r"{(\w+)}", path)
    return {
        "parameters": [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]
    }


for _method, _path in MISSING:
    router.add_api_route(
        _path,
        _refuse,
        methods=[_method],
        responses=ANSWERS,
        name=f"{_method} {_path}",
        response_model=None,
        openapi_extra=_parameters(_path),
    )
