"""Is it alive, can it work, and its numbers."""

import asyncio
import ipaddress
from contextlib import suppress

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from api.dependencies import ServicesDep, identify
from api.metrics import CONTENT_TYPE
from pipewise.storage import integrations
from pipewise.storage.tenancy import Purpose, for_every_account

READY_SECONDS = 2.0
FORWARDING = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via")

router = APIRouter(tags=["health"])


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz", responses={503: {"description": "The database does not answer."}})
async def readyz(services: ServicesDep) -> Response:
    """The database answers."""
    try:
        async with asyncio.timeout(READY_SECONDS), services.resources.database.read() as connection:
            await connection.execute(text("SELECT 1"))
    except (SQLAlchemyError, OSError, TimeoutError):
        return JSONResponse({"status": "unavailable", "database": "unavailable"}, 503)
    return JSONResponse({"status": "ok", "database": "ok"})


@router.get(
    "/metrics",
    response_class=PlainTextResponse,
    responses={401: {"description": "Asked from elsewhere without a token."}},
)
async def metrics(request: Request, services: ServicesDep) -> Response:
    """For Prometheus: open to this machine itself, with a token from elsewhere."""
    if not _is_from_here(request):
        await identify(services, request)
    # Without the database the other numbers are told all the same.
    with suppress(SQLAlchemyError, OSError, TimeoutError), for_every_account(Purpose.METRICS):
        async with asyncio.timeout(READY_SECONDS), services.resources.database.read() as connection:
            services.metrics.set_integrations(await integrations.count_by_status(connection))
    return Response(services.metrics.render(), media_type=CONTENT_TYPE)


def _is_from_here(request: Request) -> bool:
    """A request that a proxy on this machine passed on is from elsewhere."""
    if request.client is None or any(name in request.headers for name in FORWARDING):
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False
