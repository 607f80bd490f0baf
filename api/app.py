"""The HTTP application: guards, routes, and the one way in which errors are told."""

from collections.abc import Callable

from fastapi import APIRouter, FastAPI

from api.errors import ErrorBoundary, install_error_handlers
from api.lifespan import OpenApplication, make_lifespan
from api.metrics import MeasureRequests, Metrics
from api.openapi import DocumentedApp
from api.protocol import assistants, crons, not_offered, runs, store, threads
from api.receive import ReceiveGuard
from api.routes import (
    accounts,
    analytics,
    approvals,
    audit,
    conversations,
    events,
    health,
    integrations,
    leads,
    meetings,
    oauth,
    people,
    sessions,
    tasks,
    users,
    webhooks,
)
from api.unknown_callers import UnknownCallers
from graph.compose import open_application as open_composed
from pipewise.settings import Settings

TITLE = "PipeWise"
SUMMARY = "Answers every inbound lead and turns it into a held meeting."
RESOURCES: tuple[APIRouter, ...] = (
    webhooks.router,
    integrations.router,
    oauth.router,
    leads.router,
    people.router,
    conversations.router,
    approvals.router,
    tasks.router,
    meetings.router,
    events.router,
    analytics.router,
    accounts.router,
    users.router,
    sessions.router,
    audit.router,
)
# The first that fits a path answers: what is not offered has names that would else be taken for ids.
PROTOCOL: tuple[APIRouter, ...] = (
    not_offered.router,
    assistants.router,
    threads.router,
    crons.router,
    runs.router,
    store.router,
)
OWN_SERVER: tuple[APIRouter, ...] = (*PROTOCOL, health.router)


def create_app(
    settings: Settings, *, with_worker: bool = True, open_application: OpenApplication = open_composed
) -> FastAPI:
    """Everything that `pipewise serve` answers."""
    return build_app(
        lambda: settings,
        with_worker=with_worker,
        open_application=open_application,
        routers=(*RESOURCES, *OWN_SERVER),
        prefixes=("/",),
        docs_url="/docs",
        openapi_url="/openapi.json",
    )


def build_app(
    read_settings: Callable[[], Settings],
    *,
    with_worker: bool,
    open_application: OpenApplication,
    routers: tuple[APIRouter, ...],
    prefixes: tuple[str, ...],
    docs_url: str | None,
    openapi_url: str | None,
) -> FastAPI:
    """`prefixes` are the paths that are ours: elsewhere neither guard nor error body of ours applies."""
    metrics = Metrics()
    app = DocumentedApp(
        title=TITLE,
        summary=SUMMARY,
        lifespan=make_lifespan(read_settings, open_application, metrics, with_worker=with_worker),
        docs_url=docs_url,
        openapi_url=openapi_url,
        redoc_url=None,
        redirect_slashes=False,
    )
    for router in routers:
        app.include_router(router)
    install_error_handlers(app, prefixes)
    # The last one added is the outermost.
    app.add_middleware(ErrorBoundary, prefixes=prefixes)
    app.add_middleware(MeasureRequests, metrics=metrics, prefixes=prefixes)
    app.add_middleware(ReceiveGuard, prefixes=prefixes)
    app.add_middleware(UnknownCallers)
    return app
