"""Drafts that wait for a person."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query

from api.cursors import page_of, read_cursor, write_cursor
from api.dependencies import Actor, Id, PageDep, Reader, ServicesDep
from api.once_route import OnceRoute
from api.schemas import ApprovalDecision
from api.views import approval_view
from pipewise import draft_decisions
from pipewise.audit import Act
from pipewise.draft_decisions import Decision
from pipewise.errors import Conflict
from pipewise.storage import approvals, leads

Standing = Literal["pending", "accepted", "edited", "responded", "ignored", "stale", "all"]

router = APIRouter(prefix="/api/approvals", tags=["approvals"], route_class=OnceRoute)


@router.get("")
async def list_approvals(
    user: Reader, services: ServicesDep, page: PageDep, status: Annotated[Standing, Query()] = "pending"
) -> dict[str, Any]:
    """Longest waiting first; by default those that still wait."""
    position = read_cursor("approvals", page.cursor) if page.cursor else None
    async with services.resources.database.read() as connection:
        found = await approvals.list_approvals(
            connection,
            user.account_id,
            limit=page.limit + 1,
            status=None if status == "all" else status,
            position=(position[0], position[1]) if position else None,
        )
    return page_of(page, found, approval_view, lambda draft: write_cursor("approvals", draft.created_at, draft.id))


@router.post("/{approval_id}")
async def decide(user: Actor, services: ServicesDep, approval_id: Id, body: ApprovalDecision) -> dict[str, Any]:
    """Accept sends the draft, edit sends it with another text, respond sends the person's own words, ignore sends nothing."""
    resources = services.resources
    async with resources.database.read() as connection:
        approval = await approvals.get_approval(connection, user.account_id, approval_id)
        lead = await leads.get_lead(connection, user.account_id, approval.lead_id)
    decision = Decision(body.action, user.email, body.text)
    channel, times_hold = None, True
    if body.action != "ignore" and approval.status == "pending":
        channel = await draft_decisions.find_draft_channel(resources.connections, approval, lead)
        times_hold = await draft_decisions.times_stand(resources.connections, approval, decision, services.now())
    async with resources.database.write() as connection:
        stale = await draft_decisions.decide(
            connection, approval, channel, decision, services.now(), times_hold=times_hold
        )
        detail = {"decision": body.action, "lead": approval.lead_id, "stale": bool(stale)}
        await services.record(connection, user, Act.APPROVAL_DECIDED, f"approval:{approval_id}", **detail)
    services.application.engine.wake(approval.lead_id)
    if stale:
        raise Conflict(stale, code="stale_draft")
    async with resources.database.read() as connection:
        return approval_view(await approvals.get_approval(connection, user.account_id, approval_id))
