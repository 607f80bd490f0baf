"""Routes of the protocol that this server does not have: each says so, instead of looking like a wrong address.

The OpenAPI document tells what can be used, so they are not in it."""

from typing import NoReturn

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
router = APIRouter()


async def _refuse(user: Reader) -> NoReturn:
    del user
    raise NotOffered("This part of the LangGraph server protocol is not offered here.")


for _method, _path in MISSING:
    router.add_api_route(_path, _refuse, methods=[_method], response_model=None, include_in_schema=False)
