"""Crons of the graph protocol: an event again and again by the clock, or on a thread."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path
from starlette.responses import Response

from api.dependencies import Actor, Reader, Services, ServicesDep
from api.protocol.answers import json_answer
from api.protocol.bodies import Uuid
from api.protocol.cron_bodies import CronBody, CronChange, CronQuery
from api.protocol.threads import ThreadId
from graph.assistant import ASSISTANT_ID, is_assistant
from graph.run_spec import RunSpec, check_spec
from pipewise.audit import Act
from pipewise.errors import InvalidInput
from pipewise.lead_view import format_time
from pipewise.storage import crons as rows
from pipewise.storage.accounts import User
from pipewise.storage.crons import Cron, Search

router = APIRouter(tags=["crons"])
CronId = Annotated[Uuid, Path()]


async def _create(services: Services, user: User, body: CronBody, thread_id: str | None) -> Response:
    protocol = services.application.protocol
    spec = body.to_spec()
    check_spec(spec, protocol.nodes)
    if thread_id is None and spec.input is None:
        problem = {"field": "input", "problem": "a cron without a thread needs an event"}
        raise InvalidInput("The cron cannot be made like this.", details=(problem,))
    given = {
        "thread_id": thread_id,
        "on_run_completed": None if thread_id else body.on_run_completed,
        **{name: getattr(body, name) for name in ("schedule", "timezone", "end_time", "enabled")},
    }
    async with services.resources.database.write() as connection:
        cron = await protocol.crons.add(connection, user, spec, given)
        await services.record(connection, user, Act.CRON_CREATED, f"cron:{cron.cron_id}", schedule=cron.schedule)
    protocol.crons.note_change()
    return json_answer(_view(cron))


@router.post("/runs/crons")
async def create_cron(user: Actor, services: ServicesDep, body: CronBody) -> Response:
    """Each run has a thread of its own, which goes with it unless `on_run_completed` is `keep`."""
    return await _create(services, user, body, None)


@router.post("/threads/{thread_id}/runs/crons")
async def create_cron_for_thread(user: Actor, services: ServicesDep, thread_id: ThreadId, body: CronBody) -> Response:
    """Runs on this thread, in its line with the others."""
    return await _create(services, user, body, thread_id)


@router.post("/runs/crons/search")
async def search_crons(user: Reader, services: ServicesDep, body: CronQuery) -> Response:
    if not _is_ours(body):
        return json_answer([])
    async with services.resources.database.read() as connection:
        found = [_view(cron) for cron in await rows.search(connection, user.account_id, _search(body))]
    if body.select:
        found = [{name: one[name] for name in body.select if name in one} for one in found]
    return json_answer(found)


@router.post("/runs/crons/count")
async def count_crons(user: Reader, services: ServicesDep, body: CronQuery) -> int:
    if not _is_ours(body):
        return 0
    async with services.resources.database.read() as connection:
        return await rows.count(connection, user.account_id, _search(body))


@router.get("/runs/crons/{cron_id}")
async def get_cron(user: Reader, services: ServicesDep, cron_id: CronId) -> Response:
    async with services.resources.database.read() as connection:
        return json_answer(_view(await rows.get(connection, user.account_id, cron_id)))


@router.patch("/runs/crons/{cron_id}")
async def change_cron(user: Actor, services: ServicesDep, cron_id: CronId, body: CronChange) -> Response:
    """What is given changes; metadata are merged key by key. Dates count from now on."""
    protocol = services.application.protocol
    asked = body.asked()
    check_spec(RunSpec(**asked), protocol.nodes)
    async with services.resources.database.write() as connection:
        cron = await rows.get(connection, user.account_id, cron_id)
        changed = await protocol.crons.change(connection, cron, body.columns(of_thread=bool(cron.thread_id)), asked)
        await services.record(connection, user, Act.CRON_CHANGED, f"cron:{cron_id}", schedule=changed.schedule)
    protocol.crons.note_change()
    return json_answer(_view(changed))


@router.delete("/runs/crons/{cron_id}")
async def delete_cron(user: Actor, services: ServicesDep, cron_id: CronId) -> Response:
    """Runs that it made stay."""
    async with services.resources.database.write() as connection:
        await rows.remove(connection, await rows.get(connection, user.account_id, cron_id))
        await services.record(connection, user, Act.CRON_DELETED, f"cron:{cron_id}")
    return json_answer({})


def _is_ours(body: CronQuery) -> bool:
    return body.assistant_id is None or is_assistant(body.assistant_id)


def _search(body: CronQuery) -> Search:
    return Search(
        thread_id=body.thread_id,
        enabled=body.enabled,
        metadata=body.metadata,
        limit=body.limit,
        offset=body.offset,
        sort_by="created_at" if body.sort_by == "assistant_id" else body.sort_by,
        ascending=body.sort_order == "asc",
    )


def _view(cron: Cron) -> dict[str, Any]:
    asked = cron.asked
    return {
        "cron_id": cron.cron_id,
        "assistant_id": ASSISTANT_ID,
        "thread_id": cron.thread_id,
        "user_id": cron.user_id,
        "on_run_completed": cron.on_run_completed,
        "schedule": cron.schedule,
        "timezone": cron.timezone,
        "end_time": _time(cron.end_time),
        "enabled": cron.enabled,
        "metadata": dict(cron.metadata),
        "next_run_date": _time(cron.next_run_at),
        "created_at": _time(cron.created_at),
        "updated_at": _time(cron.updated_at),
        "payload": {
            "assistant_id": ASSISTANT_ID,
            "input": asked["input"],
            "command": asked["command"],
            "metadata": dict(cron.metadata),
            "stream_mode": asked["modes"],
            "stream_subgraphs": asked["subgraphs"],
            "interrupt_before": asked["stop_before"],
            "interrupt_after": asked["stop_after"],
            "durability": asked["durability"],
            "multitask_strategy": asked["strategy"],
        },
    }


def _time(moment: datetime | None) -> str | None:
    return format_time(moment) if moment else None
