"""Numbers: what was used and what it cost, where leads stand, how fast they were answered."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter

from api.cursors import page_of, read_cursor, write_cursor
from api.dependencies import Filter, PageDep, RangeDep, Reader, ServicesDep
from api.views import usage_totals_view, usage_view
from pipewise.leads import Status
from pipewise.storage import statistics, usage
from pipewise.storage.usage import UsageFilter

router = APIRouter(prefix="/api/analytics", tags=["analytics"])


@router.get("/usage")
async def list_usage(
    user: Reader,
    services: ServicesDep,
    page: PageDep,
    span: RangeDep,
    platform: Filter = None,
    action: Filter = None,
) -> dict[str, Any]:
    """Calls of vendors and models, newest first; `totals` are those of the whole range, not of the page."""
    wanted = UsageFilter(span.start, span.end, platform, action)
    before = read_cursor("usage", page.cursor)[0] if page.cursor else None
    async with services.resources.database.read() as connection:
        found = await usage.list_usage(connection, user.account_id, wanted, limit=page.limit + 1, before_seq=before)
        totals = await usage.total_usage(connection, user.account_id, wanted)
    listed = page_of(page, found, usage_view, lambda row: write_cursor("usage", row.seq))
    return {**listed, "totals": usage_totals_view(totals)}


@router.get("/funnel")
async def count_funnel(user: Reader, services: ServicesDep, span: RangeDep) -> dict[str, Any]:
    """How many leads, of those that came in the range, stand where."""
    async with services.resources.database.read() as connection:
        found = await statistics.count_by_status(connection, user.account_id, start=span.start, end=span.end)
    counts = {str(status): found.get(status, 0) for status in Status}
    items = [{"status": status, "count": count} for status, count in counts.items()]
    return {"items": items, "next_cursor": None, "counts": counts, "total": sum(counts.values())}


@router.get("/speed-to-lead")
async def measure_speed(user: Reader, services: ServicesDep, span: RangeDep) -> dict[str, Any]:
    """Seconds from a lead's first message to the first answer."""
    async with services.resources.database.read() as connection:
        waits = await statistics.first_reply_seconds(connection, user.account_id, start=span.start, end=span.end)
    return {"count": len(waits), "p50": percentile(waits, 0.50), "p95": percentile(waits, 0.95), "unit": "seconds"}


def percentile(ordered: Sequence[float], share: float) -> float | None:
    """Nearest rank; None of nothing."""
    if not ordered:
        return None
    rank = max(1, -(-len(ordered) * share // 1))
    return round(ordered[int(rank) - 1], 3)
