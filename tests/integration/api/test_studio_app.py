"""The application that is mounted into `langgraph dev`: webhooks and /api, and nothing of our own graph protocol."""

import importlib

import pytest

from pipewise.errors import SettingsError


async def test_it_holds_webhooks_and_api_alone_and_reads_settings_when_it_starts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PIPEWISE_DATABASE_URL", "mysql://nowhere")
    studio = importlib.import_module("api.studio")
    paths = studio.app.openapi()["paths"]
    assert "/api/leads" in paths
    assert all(path.startswith(("/api/", "/webhooks/")) for path in paths)
    with pytest.raises(SettingsError, match="PIPEWISE_DATABASE_URL"):
        async with studio.app.router.lifespan_context(studio.app):
            raise AssertionError("it must not start")
