"""Runs of the graph protocol: on threads, and without one."""

import json
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Path, Query
from starlette.responses import JSONResponse, Response

from api.dependencies import Actor, Reader, Services, ServicesDep
from api.protocol.answers import EventStream, json_answer, streaming, told_at_once, waiting
from api.protocol.bodies import RunBody, RunsCancellation, Uuid
from api.protocol.threads import ThreadId, find_thread
from api.protocol.views import finished_body, run_view
from graph.live_run import LiveRun
from graph.run_spec import check_spec
from pipewise.errors import InvalidInput, NotFound
from pipewise.storage import thread_runs as rows
from pipewise.storage.accounts import User
from pipewise.storage.thread_runs import ThreadRun
from pipewise.storage.threads import Thread

router = APIRouter(tags=["runs"])
RunId = Annotated[Uuid, Path()]
Mode = Annotated[str | None, Query(max_length=500)]
LastEvent = Annotated[str | None, Header(alias="Last-Event-ID", max_length=40)]
MOST_AT_ONCE = 100


async def _start(services: Services, user: User, thread_id: str, body: RunBody) -> LiveRun:
    protocol = services.application.protocol
    spec = body.to_spec()
    check_spec(spec, protocol.nodes)
    try:
        thread = await find_thread(services, user, thread_id)
    except NotFound:
        if body.if_not_exists != "create":
            raise
        thread = await protocol.threads.create(user, thread_id, {"graph_id": "pipewise"}, may_exist=True)
    return await protocol.runs.start(user, thread, spec)


def _start_without_thread(services: Services, user: User, body: RunBody) -> LiveRun:
    spec = body.to_spec()
    if spec.input is None:
        problem = {"field": "input", "problem": "a run without a thread needs an event"}
        raise InvalidInput("The run cannot be made like this.", details=(problem,))
    return services.application.protocol.runs.start_without_thread(user, spec)


async def _start_in_background(services: Services, user: User, body: RunBody) -> LiveRun:
    """On a thread that is there for this run alone."""
    protocol = services.application.protocol
    spec = body.to_spec()
    check_spec(spec, protocol.nodes)
    if spec.input is None:
        problem = {"field": "input", "problem": "a run without a thread needs an event"}
        raise InvalidInput("The run cannot be made like this.", details=(problem,))
    kept = body.on_completion == "keep"
    thread = await protocol.threads.create(user, None, {"graph_id": "pipewise"}, may_exist=False, temporary=not kept)
    return await protocol.runs.start(user, thread, spec)


def _created(live: LiveRun) -> Response:
    place = f"/threads/{live.thread.thread_id}/runs/{live.run_id}"
    return JSONResponse(run_view(live, live.row), headers={"Content-Location": place})


@router.post("/runs/wait")
async def run_and_wait(user: Actor, services: ServicesDep, body: RunBody) -> Response:
    """Runs one event and returns intent, reply, lead and actions. Nothing is sent unless the input says `deliver`."""
    live = _start_without_thread(services, user, body)
    return waiting(live, _nothing, cancels=body.on_disconnect == "cancel")


async def _nothing() -> dict[str, Any]:
    return {}


@router.post("/runs/stream", response_class=EventStream)
async def run_and_stream(user: Actor, services: ServicesDep, body: RunBody) -> Response:
    live = _start_without_thread(services, user, body)
    return streaming(live, cancels=body.on_disconnect == "cancel")


@router.post("/runs")
async def create_run_without_thread(user: Actor, services: ServicesDep, body: RunBody) -> Response:
    return _created(await _start_in_background(services, user, body))


@router.post("/runs/batch")
async def create_batch(user: Actor, services: ServicesDep, body: list[RunBody]) -> Response:
    """All of them, or none if one is not valid."""
    if len(body) > MOST_AT_ONCE:
        problem = {"field": "body", "problem": f"at most {MOST_AT_ONCE} at once"}
        raise InvalidInput("These are too many runs.", details=(problem,))
    for one in body:
        check_spec(one.to_spec(), services.application.protocol.nodes)
    lives = [await _start_in_background(services, user, one) for one in body]
    return JSONResponse([run_view(live, live.row) for live in lives])


@router.post("/runs/cancel", status_code=204)
async def cancel_many(
    user: Actor,
    services: ServicesDep,
    body: RunsCancellation,
    action: Annotated[Literal["interrupt", "rollback"], Query()] = "interrupt",
) -> None:
    """Of one thread by their ids, or all of the account by their status."""
    protocol, database = services.application.protocol, services.resources.database
    if body.status:
        statuses = ("pending", "running") if body.status == "all" else (body.status,)
        async with database.read() as connection:
            found = await rows.list_unfinished(connection, user.account_id, statuses)
    elif body.thread_id and body.run_ids:
        thread = await find_thread(services, user, body.thread_id)
        async with database.read() as connection:
            found = [await rows.get(connection, thread, run_id) for run_id in body.run_ids]
    else:
        problem = {"field": "status", "problem": "give a status, or a thread_id with run_ids"}
        raise InvalidInput("It is not clear which runs are meant.", details=(problem,))
    for row in found:
        live = protocol.runs.find(user.account_id, row.thread_id, row.run_id)
        await protocol.runs.cancel(row, live, undo=action == "rollback")


@router.post("/threads/{thread_id}/runs/wait")
async def run_on_thread_and_wait(user: Actor, services: ServicesDep, thread_id: ThreadId, body: RunBody) -> Response:
    live = await _start(services, user, thread_id, body)
    return waiting(live, lambda: finished_body(services, live.thread, None), cancels=body.on_disconnect == "cancel")


@router.post("/threads/{thread_id}/runs/stream", response_class=EventStream)
async def run_on_thread_and_stream(user: Actor, services: ServicesDep, thread_id: ThreadId, body: RunBody) -> Response:
    live = await _start(services, user, thread_id, body)
    return streaming(live, cancels=body.on_disconnect == "cancel")


@router.post("/threads/{thread_id}/runs")
async def create_run(user: Actor, services: ServicesDep, thread_id: ThreadId, body: RunBody) -> Response:
    return _created(await _start(services, user, thread_id, body))


@router.get("/threads/{thread_id}/runs")
async def list_runs(
    user: Reader,
    services: ServicesDep,
    thread_id: ThreadId,
    limit: Annotated[int, Query(ge=1, le=1000)] = 10,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    status: Annotated[str | None, Query(max_length=16)] = None,
) -> list[dict[str, Any]]:
    """Newest first."""
    thread = await find_thread(services, user, thread_id)
    async with services.resources.database.read() as connection:
        found = await rows.list_runs(connection, thread, limit=limit, offset=offset, status=status)
    return [run_view(None, row) for row in found]


async def _find(
    services: Services, user: User, thread_id: str, run_id: str
) -> tuple[LiveRun | None, Thread, ThreadRun | None]:
    """The run as this process has it, or as it is stored. Raises NotFound, also for another account's."""
    live = services.application.protocol.runs.find(user.account_id, thread_id, run_id)
    if live and (live.row is None or live.thread.temporary):
        return live, live.thread, live.row
    thread = await find_thread(services, user, thread_id)
    async with services.resources.database.read() as connection:
        return live, thread, await rows.get(connection, thread, run_id)


@router.get("/threads/{thread_id}/runs/{run_id}")
async def get_run(user: Reader, services: ServicesDep, thread_id: ThreadId, run_id: RunId) -> dict[str, Any]:
    live, _, row = await _find(services, user, thread_id, run_id)
    return run_view(live, row)


@router.get("/threads/{thread_id}/runs/{run_id}/join")
async def join_run(user: Reader, services: ServicesDep, thread_id: ThreadId, run_id: RunId) -> Response:
    """The run's output, as soon as there is one."""
    live, thread, row = await _find(services, user, thread_id, run_id)
    if live:
        return waiting(live, lambda: finished_body(services, thread, None))
    if row is None:
        raise NotFound("There is no such run.")
    ended = await services.application.protocol.runs.wait_for(row, thread)
    return json_answer(await finished_body(services, thread, ended))


@router.get("/threads/{thread_id}/runs/{run_id}/stream", response_class=EventStream)
async def join_stream(
    user: Reader,
    services: ServicesDep,
    thread_id: ThreadId,
    run_id: RunId,
    stream_mode: Annotated[list[str] | None, Query(max_length=20)] = None,
    cancel_on_disconnect: bool = False,  # noqa: FBT001, FBT002  the protocol's
    last_event_id: LastEvent = None,
) -> Response:
    """From the event after `Last-Event-ID`, or from the first. A run whose events are not kept any more tells its end."""
    live, thread, row = await _find(services, user, thread_id, run_id)
    if live:
        after = int(last_event_id) if last_event_id and last_event_id.isdecimal() else 0
        return streaming(live, after=after, modes=_modes(stream_mode), cancels=cancel_on_disconnect)
    if row is None:
        raise NotFound("There is no such run.")
    ended = await services.application.protocol.runs.wait_for(row, thread)
    body = await finished_body(services, thread, ended)
    name = "error" if ended.status == "error" else "values"
    return told_at_once([(name, body.get("__error__", body))], f"/threads/{thread_id}/runs/{run_id}")


def _modes(given: list[str] | None) -> frozenset[str]:
    """Repeated, or as one JSON list."""
    found: set[str] = set()
    for one in given or []:
        if one.startswith("["):
            try:
                listed = json.loads(one)
            except ValueError:
                listed = []
            found |= {str(mode) for mode in listed}
        elif one:
            found.add(one)
    return frozenset(found)


@router.post("/threads/{thread_id}/runs/{run_id}/cancel", responses={202: {"description": "It ends."}})
async def cancel_run(
    user: Actor,
    services: ServicesDep,
    thread_id: ThreadId,
    run_id: RunId,
    wait: bool = False,  # noqa: FBT001, FBT002  the protocol's
    action: Annotated[Literal["interrupt", "rollback"], Query()] = "interrupt",
) -> Response:
    """A run that has ended stays as it is. `rollback` takes back what it wrote to the thread as well."""
    live, thread, row = await _find(services, user, thread_id, run_id)
    if row is None and live:
        services.application.protocol.runs.cancel_without_thread(live)
    elif row:
        await services.application.protocol.runs.cancel(row, live, undo=action == "rollback")
    if wait:
        return json_answer(await finished_body(services, thread, None) if row else {})
    return Response(status_code=202)


@router.delete("/threads/{thread_id}/runs/{run_id}", status_code=204)
async def delete_run(user: Actor, services: ServicesDep, thread_id: ThreadId, run_id: RunId) -> None:
    """Its record; the thread keeps what the run said."""
    live, _, row = await _find(services, user, thread_id, run_id)
    if row is None:
        raise NotFound("There is no such run.")
    await services.application.protocol.runs.cancel(row, live, undo=False)
    async with services.resources.database.write() as connection:
        await rows.remove(connection, row)
    services.application.protocol.runs.forget(run_id)
