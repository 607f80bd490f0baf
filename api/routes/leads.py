"""Leads: who they are and where they stand."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response, status
from fastapi.responses import JSONResponse

from api.contacts import normalise_contact, read_new_lead
from api.cursors import page_of, read_cursor, write_cursor
from api.dependencies import Actor, Filter, Id, PageDep, Reader, Services, ServicesDep
from api.idempotency import IdempotencyKey, OnceOnly
from api.once_route import OnceRoute
from api.schemas import LeadChange, NewLead
from pipewise import lead_edits, quiet_outbox
from pipewise.audit import Act
from pipewise.events import InboundEvent, ParsedDelivery
from pipewise.lead_view import lead_as_dict
from pipewise.leads import Lead, Status
from pipewise.storage import erasure, events, lead_merges, leads
from pipewise.storage.types import new_id

SOURCE = "api"
ERASE_WAIT_SECONDS = 10.0
LOG_TRIES = 50

router = APIRouter(prefix="/api/leads", tags=["leads"], route_class=OnceRoute)


@router.get("")
async def list_leads(
    user: Reader,
    services: ServicesDep,
    page: PageDep,
    status: Annotated[Status | None, Query()] = None,
    platform: Filter = None,
    q: Filter = None,
) -> dict[str, Any]:
    """Newest first; `q` looks into name, e-mail, phone and company."""
    before = read_cursor("leads", page.cursor) if page.cursor else None
    async with services.resources.database.read() as connection:
        found = await leads.list_leads(
            connection,
            user.account_id,
            limit=page.limit + 1,
            status=status,
            platform=platform,
            query=q,
            before=(before[0], before[1]) if before else None,
        )
    return page_of(page, found, lead_as_dict, lambda lead: write_cursor("leads", lead.created_at, lead.id))


@router.post("", status_code=status.HTTP_201_CREATED, responses={200: {"description": "The key was seen before."}})
async def add_lead(
    user: Actor, services: ServicesDep, body: NewLead, idempotency_key: IdempotencyKey = None
) -> Response:
    """An inbound event of source `api`: found or made by e-mail or phone, and answered like any other lead."""
    given = body.model_dump(exclude={"fields"}, exclude_none=True)
    event = read_new_lead({**body.fields, **given}, services.now())
    first = True
    if idempotency_key is None:
        answer: Mapping[str, Any] = await _accept(services, user.account_id, event, new_id())
    else:
        once = OnceOnly(services, user.account_id, "POST /api/leads", idempotency_key, body.model_dump(mode="json"))
        answer, first = await once.run(lambda: _accept(services, user.account_id, event, idempotency_key))
    async with services.resources.database.read() as connection:
        gone_to = await lead_merges.survivor_of(connection, user.account_id, answer["lead_id"])
        lead = await leads.get_lead(connection, user.account_id, gone_to or answer["lead_id"])
    return JSONResponse(lead_as_dict(lead), status.HTTP_201_CREATED if first else status.HTTP_200_OK)


async def _accept(services: Services, account_id: str, event: InboundEvent, key: str) -> dict[str, Any]:
    keyed = replace(event, dedupe_key=f"{SOURCE}:{key}")
    accepted = await services.application.inbox.accept(account_id, None, SOURCE, ParsedDelivery((keyed,)))
    if accepted.lead_id:
        return {"lead_id": accepted.lead_id}
    # Stored before by a process that ended before it could answer.
    async with services.resources.database.read() as connection:
        return {"lead_id": await events.lead_of_key(connection, account_id, keyed.dedupe_key)}


@router.get("/{lead_id}")
async def get_lead(user: Reader, services: ServicesDep, lead_id: Id) -> dict[str, Any]:
    return lead_as_dict(await _read(services, user.account_id, lead_id))


@router.patch("/{lead_id}")
async def change_lead(user: Actor, services: ServicesDep, lead_id: Id, body: LeadChange) -> dict[str, Any]:
    """A status goes only where the lead's present one allows it."""
    change = normalise_contact(body.given(), services.now())
    async with services.resources.database.write() as connection:
        lead = await leads.get_lead(connection, user.account_id, lead_id)
        changed = await lead_edits.edit_lead(
            connection, lead, change, body.given_status(), by=user.email, now=services.now()
        )
        names = sorted(body.model_fields_set)
        await services.record(connection, user, Act.LEAD_CHANGED, f"lead:{lead_id}", names=names)
    return lead_as_dict(changed)


@router.delete("/{lead_id}", status_code=status.HTTP_204_NO_CONTENT)
async def erase_lead(user: Actor, services: ServicesDep, lead_id: Id) -> None:
    """Erases the person everywhere, the conversation's checkpoints included."""
    resources = services.resources
    lead = await _read(services, user.account_id, lead_id)
    await quiet_outbox.wait_until_quiet(
        resources.database, resources.clock, user.account_id, lead_id, ERASE_WAIT_SECONDS
    )
    await services.application.forget_conversations(user.account_id, lead_id)
    async with resources.database.write() as connection:
        lead = await leads.get_lead(connection, user.account_id, lead_id)
        merged = [merge.other_id for merge in await lead_merges.list_merged(connection, user.account_id, lead_id)]
        await erasure.erase_lead(connection, lead, merged)
        person = await resources.audit.digests(connection, user.account_id, erasure.traces(lead))
        await services.record(connection, user, Act.LEAD_ERASED, f"lead:{lead_id}", person=person)
    for one in (lead_id, *merged):
        await services.application.forget_thread(user.account_id, one)
    if not await resources.database.shed_log():
        services.background.start(_shed_log(services), "empty the log of an erasure")


async def _shed_log(services: Services) -> None:
    """A long read is in the way; until it ends the log alone still holds what was erased."""
    for _ in range(LOG_TRIES):
        await asyncio.sleep(1)
        if await services.resources.database.shed_log():
            break


async def _read(services: Services, account_id: str, lead_id: str) -> Lead:
    async with services.resources.database.read() as connection:
        return await leads.get_lead(connection, account_id, lead_id)
