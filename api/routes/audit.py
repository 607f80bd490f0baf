"""The record of who did what in an account, and whether it is whole."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.cursors import page_of, read_cursor, write_cursor
from api.dependencies import Filter, PageDep, RangeDep, Reader, ServicesDep
from api.views import audit_view
from pipewise.plain_text import Line
from pipewise.storage import audit as rows
from pipewise.storage.audit import AuditFilter

router = APIRouter(prefix="/api/audit", tags=["audit"])


@router.get("")
async def list_entries(
    user: Reader,
    services: ServicesDep,
    page: PageDep,
    span: RangeDep,
    actor: Filter = None,
    action: Filter = None,
    object_: Annotated[Line | None, Query(alias="object", description="kind:id, or a kind alone")] = None,
) -> dict[str, Any]:
    """Newest first."""
    wanted = AuditFilter(span.start, span.end, actor, action, object_)
    before = read_cursor("audit", page.cursor)[0] if page.cursor else None
    async with services.resources.database.read() as connection:
        found = await rows.list_entries(connection, user.account_id, wanted, limit=page.limit + 1, before_seq=before)
    return page_of(page, found, audit_view, lambda entry: write_cursor("audit", entry.seq))


@router.get("/verify")
async def verify(user: Reader, services: ServicesDep) -> dict[str, Any]:
    """Whether any entry was changed, removed, inserted or moved, or the end cut off."""
    resources = services.resources
    anchors = await asyncio.to_thread(resources.anchors.read)
    verdict = await resources.audit.verify(resources.database, user.account_id, anchors.get(user.account_id))
    problems = [{"seq": problem.seq, "problem": problem.text} for problem in verdict.problems]
    return {"ok": verdict.ok, "entries": verdict.entries, "problems": problems}
