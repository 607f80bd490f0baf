"""A running API for each test, on each kind of database."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.integration.api.running import Running, make_settings, open_api


@pytest.fixture
async def api(database_url: str, tmp_path: Path) -> AsyncIterator[Running]:
    async with open_api(make_settings(database_url, tmp_path)) as running:
        yield running


@pytest.fixture
async def api_on_sqlite(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Running]:
    """Where the database makes no difference."""
    async with open_api(make_settings(sqlite_url, tmp_path)) as running:
        yield running
