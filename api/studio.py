"""Webhooks and /api inside `langgraph dev`, whose own server speaks the graph protocol. Import reads no environment."""

from api.app import RESOURCES, build_app
from graph.compose import open_application
from pipewise.settings import load_settings

app = build_app(
    load_settings,
    with_worker=False,
    open_application=open_application,
    routers=RESOURCES,
    prefixes=("/webhooks/", "/api/"),
    docs_url=None,
    openapi_url=None,
)
