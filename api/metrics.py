"""Numbers for Prometheus: a registry for each application, fed by a middleware and the webhook route."""

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """No label holds anything a caller chose freely: routes are templates, platforms are known names."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "pipewise_http_requests", "Requests answered.", ("method", "route", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "pipewise_http_request_seconds", "Time to answer.", ("route",), registry=self._registry, buckets=BUCKETS
        )
        self._items = Counter(
            "pipewise_webhook_items", "Items of webhook deliveries.", ("platform", "outcome"), registry=self._registry
        )
        self._overdue = Gauge(
            "pipewise_overdue_hand_offs", "Hand-offs found overdue since the start.", registry=self._registry
        )
        self._active = Gauge("pipewise_active_lanes", "Leads being worked on.", registry=self._registry)
        self._integrations = Gauge(
            "pipewise_integrations", "Connections by how they are.", ("platform", "status"), registry=self._registry
        )

    def count_request(self, method: str, route: str, status: int, seconds: float) -> None:
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def count_items(self, platform: str, counts: dict[str, int]) -> None:
        for outcome, number in counts.items():
            if number:
                self._items.labels(platform, outcome).inc(number)

    def watch_overdue(self, read: Callable[[], float]) -> None:
        self._overdue.set_function(read)

    def set_integrations(self, counts: Mapping[tuple[str, str], int]) -> None:
        """Of all accounts together, by platform and status."""
        self._integrations.clear()
        for (platform, status), number in counts.items():
            self._integrations.labels(platform, status).set(number)

    def watch_lanes(self, read: Callable[[], float]) -> None:
        self._active.set_function(read)

    def render(self) -> bytes:
        return generate_latest(self._registry)


class MeasureRequests:
    """Counts every request by its route template. Other paths than those under `prefixes` pass."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics, prefixes: Iterable[str] = ("/",)) -> None:
        self._app = app
        self._metrics = metrics
        self._prefixes = tuple(prefixes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(self._prefixes):
            await self._app(scope, receive, send)
            return
        started, status = time.perf_counter(), 0

        async def note_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, note_status)
        finally:
            method = scope["method"] if scope["method"] in _METHODS else "other"
            self._metrics.count_request(method, _route(scope), status, time.perf_counter() - started)


_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def _route(scope: Scope) -> str:
    route: Any = scope.get("route")
    return str(getattr(route, "path", None) or "unmatched")
