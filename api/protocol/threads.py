"""Threads of the graph protocol and their states."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query, Response

from api.dependencies import Actor, Reader, Services, ServicesDep
from api.protocol.answers import json_answer
from api.protocol.bodies import (
    CheckpointId,
    HistoryAsked,
    NewThread,
    StateAt,
    StateChange,
    ThreadChange,
    ThreadPruning,
    ThreadQuery,
    Uuid,
)
from graph.run_spec import NotOffered
from graph.thread_states import HistoryQuery
from pipewise.errors import Conflict
from pipewise.storage.accounts import User
from pipewise.storage.threads import Search, Thread

router = APIRouter(prefix="/threads", tags=["threads"])
ThreadId = Annotated[Uuid, Path()]
MOST_WITH_VALUES = 100


async def find_thread(services: Services, user: User, thread_id: str) -> Thread:
    return await services.application.protocol.threads.get(user, thread_id)


@router.post("")
async def create_thread(user: Actor, services: ServicesDep, body: NewThread) -> Response:
    """With an id of the client's choice or one that is made here."""
    if body.supersteps or body.ttl:
        raise NotOffered("supersteps and ttl are not offered.")
    threads = services.application.protocol.threads
    may_exist = body.if_exists == "do_nothing"
    thread = await threads.create(user, body.thread_id, body.metadata, may_exist=may_exist)
    return json_answer(await threads.describe(thread))


def _search(body: ThreadQuery) -> Search:
    if body.values or body.extract:
        raise NotOffered("Threads are found by their metadata, ids and status; values and extract are not offered.")
    return Search(
        metadata=body.metadata,
        ids=body.ids,
        status=body.status,
        limit=min(body.limit, MOST_WITH_VALUES),
        offset=body.offset,
        sort_by=body.sort_by,
        ascending=body.sort_order == "asc",
    )


@router.post("/search")
async def search_threads(user: Reader, services: ServicesDep, body: ThreadQuery) -> Response:
    """Of the account. `metadata: {"lead_id": …}` finds a lead's conversation."""
    threads = services.application.protocol.threads
    with_values = not body.select or bool({"values", "interrupts"} & set(body.select))
    found = [
        await threads.describe(thread, with_values=with_values) for thread in await threads.search(user, _search(body))
    ]
    if body.select:
        found = [{name: one[name] for name in body.select if name in one} for one in found]
    return json_answer(found)


@router.post("/count")
async def count_threads(user: Reader, services: ServicesDep, body: ThreadQuery) -> int:
    return await services.application.protocol.threads.count(user, _search(body))


@router.post("/prune")
async def prune_threads(user: Actor, services: ServicesDep, body: ThreadPruning) -> dict[str, int]:
    """Removes threads, or all but where they stand. Leads' conversations are left alone."""
    keep = body.strategy == "keep_latest"
    done = await services.application.protocol.threads.prune(user, body.thread_ids, keep_latest=keep)
    return {"pruned_count": done}


@router.get("/{thread_id}")
async def get_thread(user: Reader, services: ServicesDep, thread_id: ThreadId) -> Response:
    thread = await find_thread(services, user, thread_id)
    return json_answer(await services.application.protocol.threads.describe(thread))


@router.patch("/{thread_id}", response_model=None, responses={204: {"description": "With `Prefer: return=minimal`."}})
async def change_thread(
    user: Actor,
    services: ServicesDep,
    thread_id: ThreadId,
    body: ThreadChange,
    prefer: Annotated[str | None, Header()] = None,
) -> Response:
    """Metadata are merged key by key."""
    threads = services.application.protocol.threads
    thread = await threads.change(user, thread_id, body.metadata)
    if prefer == "return=minimal":
        return Response(status_code=204)
    return json_answer(await threads.describe(thread))


@router.delete("/{thread_id}", status_code=204)
async def delete_thread(user: Actor, services: ServicesDep, thread_id: ThreadId) -> None:
    thread = await find_thread(services, user, thread_id)
    await services.application.protocol.runs.cancel_all(user.account_id, thread)
    await services.application.protocol.threads.remove(thread)


@router.post("/{thread_id}/copy")
async def copy_thread(user: Actor, services: ServicesDep, thread_id: ThreadId) -> Response:
    threads = services.application.protocol.threads
    copied = await threads.copy(user, await find_thread(services, user, thread_id))
    return json_answer(await threads.describe(copied))


@router.get("/{thread_id}/state")
async def get_state(user: Reader, services: ServicesDep, thread_id: ThreadId, subgraphs: bool = False) -> Response:  # noqa: FBT001, FBT002  the protocol's
    thread = await find_thread(services, user, thread_id)
    return json_answer(await services.application.protocol.states.get(thread, subgraphs=subgraphs))


@router.post("/{thread_id}/state/checkpoint")
async def get_state_by_place(user: Reader, services: ServicesDep, thread_id: ThreadId, body: StateAt) -> Response:
    thread = await find_thread(services, user, thread_id)
    states = services.application.protocol.states
    return json_answer(await states.get(thread, body.checkpoint.checkpoint_id, subgraphs=body.subgraphs))


@router.get("/{thread_id}/state/{checkpoint_id}")
async def get_state_at(
    user: Reader,
    services: ServicesDep,
    thread_id: ThreadId,
    checkpoint_id: Annotated[CheckpointId, Path()],
    subgraphs: bool = False,  # noqa: FBT001, FBT002  the protocol's
) -> Response:
    thread = await find_thread(services, user, thread_id)
    return json_answer(await services.application.protocol.states.get(thread, checkpoint_id, subgraphs=subgraphs))


@router.post("/{thread_id}/state")
async def update_state(user: Actor, services: ServicesDep, thread_id: ThreadId, body: StateChange) -> dict[str, Any]:
    """Writes a new checkpoint; a lead's conversation goes on from it, and the change is in the lead's timeline."""
    thread = await find_thread(services, user, thread_id)
    if thread.status == "busy":
        raise Conflict("The thread is busy with a run; wait for its end.", code="busy")
    place = body.checkpoint.checkpoint_id if body.checkpoint else None
    return await services.application.protocol.states.update(
        thread, body.values, as_node=body.as_node, checkpoint_id=body.checkpoint_id or place, by=user.email
    )


@router.get("/{thread_id}/history")
async def get_history(
    user: Reader,
    services: ServicesDep,
    thread_id: ThreadId,
    limit: Annotated[int, Query(ge=1, le=1000)] = 10,
    before: Annotated[CheckpointId | None, Query()] = None,
) -> Response:
    thread = await find_thread(services, user, thread_id)
    return json_answer(await services.application.protocol.states.history(thread, HistoryQuery(limit, before)))


@router.post("/{thread_id}/history")
async def search_history(user: Reader, services: ServicesDep, thread_id: ThreadId, body: HistoryAsked) -> Response:
    """Newest first."""
    thread = await find_thread(services, user, thread_id)
    query = HistoryQuery(body.limit, body.before_id, body.metadata)
    return json_answer(await services.application.protocol.states.history(thread, query))
