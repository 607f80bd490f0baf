"""Numbers: what was used and what it cost, where leads stand, how fast they were answered. Each also as CSV."""

from collections.abc import AsyncIterator, Iterable, Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse

from api.cursors import page_of, read_cursor, write_cursor
from api.dependencies import Filter, PageDep, RangeDep, Reader, Services, ServicesDep
from api.views import MICROUSD, usage_totals_view, usage_view
from pipewise.csv_text import write_rows
from pipewise.leads import Status
from pipewise.rollup import catch_up
from pipewise.storage import statistics, usage
from pipewise.storage.usage import UsageFilter

router = APIRouter(prefix="/api/analytics", tags=["analytics"])

CSV = "text/csv"
CSV_PAGE = 1000
AS_CSV: dict[int | str, dict[str, Any]] = {200: {"content": {CSV: {"schema": {"type": "string"}}}}}
USAGE_COLUMNS = ("user_id", "platform", "action", "timestamp", "success", "response_time_ms")


def wants_csv(
    request: Request, format_: Annotated[Literal["json", "csv"] | None, Query(alias="format")] = None
) -> bool:
    """By `format`, else by the `Accept` header's first choice."""
    if format_:
        return format_ == "csv"
    return request.headers.get("accept", "").split(",")[0].split(";")[0].strip().lower() == CSV


CsvDep = Annotated[bool, Depends(wants_csv)]


@router.get("/usage", response_model=None, responses=AS_CSV)
async def list_usage(
    user: Reader,
    services: ServicesDep,
    page: PageDep,
    span: RangeDep,
    as_csv: CsvDep,
    platform: Filter = None,
    action: Filter = None,
) -> Response | dict[str, Any]:
    """Calls of vendors and models, newest first; `totals` are those of the whole range, not of the page. As CSV all of them."""
    wanted = UsageFilter(span.start, span.end, platform, action)
    if as_csv:
        return StreamingResponse(
            _stream_usage(services, user.account_id, wanted), headers=_named("usage"), media_type=CSV
        )
    position = read_cursor("usage", page.cursor) if page.cursor else None
    before = (position[0], position[1]) if position else None
    async with services.resources.database.read() as connection:
        found = await usage.list_usage(connection, user.account_id, wanted, limit=page.limit + 1, before=before)
        totals = await usage.total_usage(connection, user.account_id, wanted)
    listed = page_of(page, found, usage_view, lambda row: write_cursor("usage", row.created_at, row.seq))
    return {**listed, "totals": usage_totals_view(totals)}


@router.get("/funnel", response_model=None, responses=AS_CSV)
async def count_funnel(
    user: Reader, services: ServicesDep, span: RangeDep, as_csv: CsvDep
) -> Response | dict[str, Any]:
    """How many leads, of those that came in the range, stand where; and of meetings in the range what became of them and what one
    that was held has cost. `fallbacks` are counted since the account began."""
    account_id, ends = user.account_id, {"start": span.start, "end": span.end}
    async with services.resources.database.read() as connection:
        found = await statistics.count_by_status(connection, account_id, **ends)
        meetings = await statistics.count_meetings(connection, account_id, **ends)
        fallbacks = await statistics.count_fallbacks(connection, account_id)
        totals = await usage.total_usage(connection, account_id, UsageFilter(span.start, span.end))
    counts = {str(status): found.get(status, 0) for status in Status}
    if as_csv:
        return _as_csv("funnel", [("status", "count"), *counts.items()])
    items = [{"status": status, "count": count} for status, count in counts.items()]
    cost = sum(total.cost_microusd for total in totals) / MICROUSD
    held = meetings["held"]
    return {
        "items": items,
        "next_cursor": None,
        "counts": counts,
        "total": sum(counts.values()),
        "meetings": meetings,
        "fallbacks": fallbacks,
        "cost_usd": cost,
        "cost_per_held_meeting_usd": round(cost / held, 6) if held else None,
    }


@router.get("/speed-to-lead", response_model=None, responses=AS_CSV)
async def measure_speed(
    user: Reader, services: ServicesDep, span: RangeDep, as_csv: CsvDep
) -> Response | dict[str, Any]:
    """Seconds from a lead's first message to the first answer."""
    resources = services.resources
    await catch_up(resources.database, resources.clock, user.account_id)
    async with resources.database.read() as connection:
        waits = await statistics.measure_waits(connection, user.account_id, start=span.start, end=span.end)
    told = {"count": waits.count, "p50": _seconds(waits.p50), "p95": _seconds(waits.p95), "unit": "seconds"}
    return _as_csv("speed-to-lead", [tuple(told), tuple(told.values())]) if as_csv else told


async def _stream_usage(services: Services, account_id: str, wanted: UsageFilter) -> AsyncIterator[str]:
    """Page by page, each read on its own: a slow reader holds no connection."""
    yield write_rows([USAGE_COLUMNS])
    before = None
    while True:
        async with services.resources.database.read() as connection:
            found = await usage.list_usage(connection, account_id, wanted, limit=CSV_PAGE, before=before)
        yield write_rows(_usage_row(usage_view(row)) for row in found)
        if len(found) < CSV_PAGE:
            return
        before = (found[-1].created_at, found[-1].seq)


def _usage_row(told: Mapping[str, Any]) -> list[Any]:
    return [told[name] for name in USAGE_COLUMNS]


def _as_csv(name: str, rows: Iterable[Iterable[Any]]) -> Response:
    return Response(write_rows(rows), headers=_named(name), media_type=CSV)


def _named(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}.csv"', "X-Content-Type-Options": "nosniff"}


def _seconds(milliseconds: int | None) -> float | None:
    return None if milliseconds is None else milliseconds / 1000
