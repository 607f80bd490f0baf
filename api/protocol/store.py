"""The account's store of JSON items, as the protocol's clients use it."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import JSONResponse, Response

from api.dependencies import Actor, Reader, ServicesDep
from api.protocol.bodies import ItemKey, ItemPlace, ItemQuery, NamespaceQuery, NewItem
from graph.run_spec import NotOffered
from pipewise.lead_view import format_time
from pipewise.storage import store_items
from pipewise.storage.store_items import Item

router = APIRouter(prefix="/store", tags=["store"])


@router.put("/items", status_code=204)
async def put_item(user: Actor, services: ServicesDep, body: NewItem) -> None:
    if body.ttl:
        raise NotOffered("Items stay until they are removed; ttl is not offered.")
    async with services.resources.database.write() as connection:
        await store_items.put(connection, user.account_id, body.namespace, body.key, body.value, services.now())


@router.get("/items")
async def get_item(
    user: Reader,
    services: ServicesDep,
    key: Annotated[ItemKey, Query()],
    namespace: Annotated[str, Query(max_length=700)] = "",
) -> Response:
    """Null if there is none."""
    labels = namespace.split(store_items.SEPARATOR)
    async with services.resources.database.read() as connection:
        found = await store_items.get(connection, user.account_id, labels, key)
    return JSONResponse(_view(found) if found else None)


@router.delete("/items", status_code=204)
async def delete_item(user: Actor, services: ServicesDep, body: ItemPlace) -> None:
    async with services.resources.database.write() as connection:
        await store_items.remove(connection, user.account_id, body.namespace, body.key)


@router.post("/items/search")
async def search_items(user: Reader, services: ServicesDep, body: ItemQuery) -> dict[str, Any]:
    """Under a prefix, by equal members of the value; latest first."""
    if body.query:
        raise NotOffered("Items are found by namespace and members; a search by meaning is not offered.")
    async with services.resources.database.read() as connection:
        found = await store_items.search(
            connection,
            user.account_id,
            body.namespace_prefix,
            body.filter or {},
            limit=body.limit,
            offset=body.offset,
        )
    return {"items": [_view(item) for item in found]}


@router.post("/namespaces")
async def list_namespaces(user: Reader, services: ServicesDep, body: NamespaceQuery) -> dict[str, Any]:
    async with services.resources.database.read() as connection:
        found = await store_items.list_namespaces(connection, user.account_id, body.prefix or [])
    suffix = tuple(body.suffix or ())
    fitting = [one[: body.max_depth] for one in found if not suffix or one[-len(suffix) :] == suffix]
    shown = list(dict.fromkeys(fitting))[body.offset : body.offset + body.limit]
    return {"namespaces": [list(one) for one in shown]}


def _view(item: Item) -> dict[str, Any]:
    return {
        "namespace": list(item.namespace),
        "key": item.key,
        "value": dict(item.value),
        "created_at": format_time(item.created_at),
        "updated_at": format_time(item.updated_at),
    }
