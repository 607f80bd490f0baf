"""One FastAPI application that plays every vendor on one port, told apart by path."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import httpx
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.staticfiles import StaticFiles

from pipewise.clock import Clock
from pipewise.sandbox import (
    calendly_control,
    calendly_oauth,
    calendly_pages,
    calendly_reads,
    calendly_subscriptions,
    calendly_writes,
    control,
    instagram_control,
    instagram_graph,
    instagram_oauth,
    instagram_send,
    model_routes,
    pages,
    whatsapp_control,
    whatsapp_graph,
    whatsapp_media,
    whatsapp_send,
    x_api,
    x_control,
    x_oauth,
    x_reads,
)
from pipewise.sandbox.answers import AsciiJSONResponse, VendorRefusalError, render_refusal
from pipewise.sandbox.calendly_answers import missing
from pipewise.sandbox.gate import Gate, vendor_of
from pipewise.sandbox.instagram_errors import unknown_object as no_such_node
from pipewise.sandbox.state import SandboxState
from pipewise.sandbox.whatsapp_errors import unknown_object
from pipewise.sandbox.x_errors import missing as no_such_resource

# The order matters where patterns overlap: fixed paths first, the public `/{user}/{event type}` pages last.
ROUTERS = (
    control.router,
    pages.router,
    calendly_control.router,
    whatsapp_control.router,
    instagram_control.router,
    x_control.router,
    x_oauth.router,
    x_api.router,
    x_reads.router,
    instagram_send.router,
    instagram_graph.router,
    instagram_oauth.router,
    model_routes.router,
    whatsapp_graph.token_router,
    whatsapp_graph.versioned_token_router,
    whatsapp_send.router,
    whatsapp_media.downloads,
    whatsapp_media.router,
    whatsapp_graph.router,
    calendly_oauth.router,
    calendly_reads.router,
    calendly_writes.router,
    calendly_subscriptions.router,
    calendly_pages.router,
)
# Meta allows about a second in the median; Calendly waits 10 s for the connection and 15 s for the answer.
WEBHOOK_TIMEOUT = httpx.Timeout(15.0, connect=10.0)


def create_sandbox(clock: Clock, *, seed: int = 7, webhook_http: httpx.AsyncClient | None = None) -> FastAPI:
    """The vendors as they were on the first day. Webhooks leave through `webhook_http`, or a client of the sandbox's own."""
    http = webhook_http or httpx.AsyncClient(timeout=WEBHOOK_TIMEOUT, trust_env=False)
    state = SandboxState(clock, seed, http)

    @contextlib.asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        sending = asyncio.create_task(state.deliveries.run(), name="sandbox-webhooks")
        try:
            yield
        finally:
            sending.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await sending
            if webhook_http is None:
                await http.aclose()

    # FastAPI's own documentation pages load scripts from elsewhere; the description itself stays readable.
    app = FastAPI(
        title="PipeWise vendor sandbox",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/_sandbox/openapi.json",
        default_response_class=AsciiJSONResponse,
    )
    app.state.sandbox = state
    app.add_exception_handler(VendorRefusalError, render_refusal)
    app.add_exception_handler(HTTPException, render_missing)
    app.add_middleware(Gate, state=state)
    app.mount("/_sandbox/static", StaticFiles(packages=[("pipewise.sandbox", "static")]), name="static")
    for router in ROUTERS:
        app.include_router(router)
    return app


async def render_missing(request: Request, error: Exception) -> Response:
    """A path that no vendor has is answered in the style of the vendor that was asked."""
    if not isinstance(error, HTTPException):
        raise error
    vendor = vendor_of(request.url.path)
    if vendor == "calendly":
        return await render_refusal(request, missing())
    if vendor == "x":
        return await render_refusal(request, no_such_resource())
    if vendor == "instagram":
        return await render_refusal(request, no_such_node(request.url.path))
    if vendor == "whatsapp":
        return await render_refusal(request, unknown_object(request.url.path, request.method.lower()))
    return JSONResponse({"detail": error.detail}, error.status_code)
