"""The inbox: what came in, what became of it, and another life for what failed."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query

from api.cursors import page_of, read_cursor, write_cursor
from api.dependencies import Actor, Filter, Id, PageDep, Reader, ServicesDep
from api.once_route import OnceRoute
from api.schemas import BulkReplay
from api.views import event_view
from pipewise.audit import Act
from pipewise.event_replay import replay_all, replay_event
from pipewise.storage import events

Standing = Literal["accepted", "processed", "ignored", "dead_letter"]

router = APIRouter(prefix="/api/events", tags=["events"], route_class=OnceRoute)


@router.get("")
async def list_events(
    user: Reader,
    services: ServicesDep,
    page: PageDep,
    status: Annotated[Standing | None, Query()] = None,
    platform: Filter = None,
) -> dict[str, Any]:
    """Newest first."""
    before = read_cursor("events", page.cursor)[0] if page.cursor else None
    async with services.resources.database.read() as connection:
        found = await events.list_events(
            connection, user.account_id, limit=page.limit + 1, status=status, platform=platform, before_seq=before
        )
    return page_of(page, found, event_view, lambda event: write_cursor("events", event.seq))


@router.post("/replay")
async def replay_dead_letters(user: Actor, services: ServicesDep, body: BulkReplay) -> dict[str, Any]:
    """Every dead letter that has a lead, oldest first, at most 500 at a time; `more` says that some are left."""
    now = services.now()
    async with services.resources.database.write() as connection:
        done = await replay_all(connection, user.account_id, now, platform=body.platform)
        detail = {"events": len(done.events), "platform": body.platform}
        await services.record(connection, user, Act.EVENT_REPLAYED, "event:all", **detail)
    for lead_id in done.leads:
        services.application.engine.wake(lead_id)
    return {"replayed": len(done.events), "events": list(done.events), "more": done.more}


@router.post("/{event_id}/replay")
async def replay(user: Actor, services: ServicesDep, event_id: Id) -> dict[str, Any]:
    """A dead letter is accepted again and worked on at once."""
    async with services.resources.database.write() as connection:
        event = await replay_event(connection, user.account_id, event_id, services.now())
        await services.record(connection, user, Act.EVENT_REPLAYED, f"event:{event_id}", lead=event.lead_id)
    if event.lead_id:
        services.application.engine.wake(event.lead_id)
    return event_view(event)
