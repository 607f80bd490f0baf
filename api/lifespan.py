"""Opening and closing what the routes work with, once for each running application."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Protocol

from fastapi import FastAPI

from api.auth import Authenticator
from api.background import Background
from api.dependencies import Application, Services
from api.login import Logins
from api.metrics import Metrics
from api.webhook_directory import WebhookDirectory
from pipewise.people import People
from pipewise.settings import Settings

ReadSettings = Callable[[], Settings]
Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


class OpenApplication(Protocol):
    """Opens everything under the HTTP layer and closes it in reverse."""

    def __call__(self, settings: Settings, *, with_worker: bool = True) -> AbstractAsyncContextManager[Application]: ...


def make_lifespan(
    read_settings: ReadSettings, open_application: OpenApplication, metrics: Metrics, *, with_worker: bool
) -> Lifespan:
    """Settings are read when the application starts, not when it is made."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with open_application(read_settings(), with_worker=with_worker) as application:
            services = assemble(application, metrics)
            app.state.services = services
            try:
                yield
            finally:
                await services.background.close()

    return lifespan


def assemble(application: Application, metrics: Metrics) -> Services:
    resources = application.resources
    engine: Any = application.engine
    metrics.watch_lanes(lambda: float(getattr(engine, "active", 0)))
    metrics.watch_overdue(lambda: float(application.overdue_alerts))
    authenticator = Authenticator(resources.database, resources.clock)
    directory = WebhookDirectory(resources.database, resources.connections, resources.clock)
    resources.caches.add(authenticator.forget)
    resources.caches.add(directory.forget)
    background = Background()
    return Services(
        application=application,
        authenticator=authenticator,
        logins=Logins(resources, authenticator, background),
        directory=directory,
        background=background,
        metrics=metrics,
        people=People(resources.database, resources.audit, resources.clock, engine.wake),
    )
