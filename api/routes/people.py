"""A lead as a person: two that are one, one that is two, and everything that is known of somebody."""

from typing import Any

from fastapi import APIRouter

from api.cursors import page_of_short_list
from api.dependencies import Actor, Id, PageDep, Reader, ServicesDep
from api.once_route import OnceRoute
from api.schemas import MergeRequest, UnmergeRequest
from pipewise.audit import Act
from pipewise.lead_export import export_lead
from pipewise.lead_view import lead_as_dict
from pipewise.merging import Pair
from pipewise.storage import lead_merges, leads

MOST_ALIKE = 50

router = APIRouter(prefix="/api/leads/{lead_id}", tags=["people"], route_class=OnceRoute)


@router.post("/merge")
async def merge(user: Actor, services: ServicesDep, lead_id: Id, body: MergeRequest) -> dict[str, Any]:
    """The other lead goes into this one, with everything of it: one transcript, one timeline. `merge_id` undoes it."""
    pair = Pair(user.account_id, lead_id, body.other_id)
    made = await services.people.merge(pair, actor=user.email, reason="merged by a person")
    async with services.resources.database.read() as connection:
        lead = await leads.get_lead(connection, user.account_id, lead_id)
    return {**lead_as_dict(lead), "merge_id": made.id}


@router.post("/unmerge")
async def unmerge(user: Actor, services: ServicesDep, lead_id: Id, body: UnmergeRequest) -> dict[str, Any]:
    """The other lead is back, with what it had; what came since the merge stays here."""
    undone = await services.people.unmerge(user.account_id, lead_id, body.merge_id, actor=user.email)
    async with services.resources.database.read() as connection:
        lead = await leads.get_lead(connection, user.account_id, lead_id)
        restored = await leads.get_lead(connection, user.account_id, undone.other_id)
    return {**lead_as_dict(lead), "restored": lead_as_dict(restored)}


@router.get("/matches")
async def list_matches(user: Reader, services: ServicesDep, lead_id: Id, page: PageDep) -> dict[str, Any]:
    """Leads of the same name, oldest first: perhaps the same person, which nobody but a person decides."""
    async with services.resources.database.read() as connection:
        await leads.get_lead(connection, user.account_id, lead_id)
        ids = await lead_merges.list_alike(connection, user.account_id, lead_id, MOST_ALIKE)
        found = [await leads.get_lead(connection, user.account_id, one) for one in ids]
    return page_of_short_list(
        "matches", page, found, lambda lead: {"reason": "the same name", "lead": lead_as_dict(lead)}
    )


@router.get("/export")
async def export(user: Actor, services: ServicesDep, lead_id: Id) -> dict[str, Any]:
    """Everything that is known of the lead. That it was given out is written down."""
    async with services.resources.database.write() as connection:
        told = await export_lead(connection, user.account_id, lead_id)
        await services.record(connection, user, Act.LEAD_EXPORTED, f"lead:{lead_id}")
    return told
