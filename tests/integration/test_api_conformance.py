"""The running API against its own description: schemathesis makes requests out of it, good and bad, and looks at every answer.

Short in the suite; `make schemathesis` is the long form."""

import asyncio
import itertools
import json
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from api.server import make_config
from tests.faults_plan import is_long
from tests.integration.command_line import ROOT, free_port
from tests.integration.world import LEAD, TOKEN, World, open_world

CHECKS = Path(sys.prefix) / "checks"
IS_LONG = is_long()
EXAMPLES = 100 if IS_LONG else 1
PHASES = "coverage,fuzzing,stateful" if IS_LONG else "fuzzing"
SECONDS = 7200 if IS_LONG else 240
PATHS = os.environ.get("PIPEWISE_CONFORMANCE_PATHS", "")  # a regular expression: the long form in parts, side by side


class ManyCallers:
    """Each request from an address of its own: requests with a wrong token are part of the attack, and are counted by address.
    The token of the attack itself is not revoked."""

    def __init__(self, app: ASGIApp, token_id: str) -> None:
        self._app = app
        self._numbers = itertools.count()
        self._kept = f"/api/tokens/{token_id}"
        self.statuses: dict[int, int] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        number = next(self._numbers)
        address = (f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}", 1)
        path = "/api/tokens/none" if scope["path"] == self._kept else scope["path"]

        async def count(message: Any) -> None:
            if message["type"] == "http.response.start":
                self.statuses[message["status"]] = self.statuses.get(message["status"], 0) + 1
            await send(message)

        await self._app({**scope, "client": address, "path": path}, receive, count)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    # In development a meeting can always be given: by a demo link, where the calendar is gone.
    async with open_world(tmp_path / "data", model="offline", env="development") as opened:
        yield opened


async def known_ids(world: World) -> dict[str, str]:
    """A lead with a booked meeting and what hangs on it."""
    for number, text in enumerate(("Schedule a demo", "1, ana@silva.example"), 1):
        await world.lead_says(text)
        await world.until_sends(number)
    await world.settle()
    lead_id = (await world.lead())["id"]
    thread = (await world.api.post("/threads", json={})).json()["thread_id"]
    found = {"lead_id": lead_id, "thread_id": thread, "integration_id": world.integrations["whatsapp"]}
    for name, path in {
        "run_id": f"/api/leads/{lead_id}/runs",
        "message_id": f"/api/leads/{lead_id}/messages",
        "event_id": "/api/events",
        "meeting_id": "/api/meetings",
    }.items():
        items = (await world.api.get(path)).json()["items"]
        found |= {name: items[0]["id"]} if items else {}
    return found | {"assistant_id": "pipewise", "platform": "whatsapp"}


@asynccontextmanager
async def serve(app: ASGIApp) -> AsyncIterator[str]:
    """On a socket of loopback, as `pipewise serve` does it."""
    port = free_port()
    config = make_config(app, "127.0.0.1", port)
    config.lifespan = "off"  # the world has opened it
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server._serve())  # not serve(): signals are the test run's own
    while not server.started:  # noqa: ASYNC110  uvicorn has no event for it
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    await serving


async def attack(url: str, ids: dict[str, str], folder: Path) -> tuple[int, str]:
    """Exit code and report of one run."""
    command = [sys.executable, "-c", "from schemathesis.cli import schemathesis; schemathesis()"]
    command += ["--config-file", str(ROOT / "tests/conformance/schemathesis.toml")]
    command += ["run", f"{url}/openapi.json", "--header", f"Authorization: Bearer {TOKEN}"]
    command += ["--checks", "all", "--max-examples", str(EXAMPLES), "--phases", PHASES, "--max-redirects", "0"]
    command += ["--continue-on-failure", "--no-color", "--suppress-health-check", "all"]
    command += ["--include-path-regex", PATHS] if PATHS else []
    command += [] if IS_LONG else ["--generation-deterministic", "--no-shrink"]
    process = await asyncio.create_subprocess_exec(
        *command,
        env={**os.environ, "PYTHONPATH": f"{CHECKS}:{ROOT}", "PIPEWISE_KNOWN_IDS": json.dumps(ids)},
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(SECONDS):
            told, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    return process.returncode or 0, told.decode()


@pytest.mark.timeout(7500 if IS_LONG else 300)
async def test_every_answer_is_as_the_description_says(world: World, tmp_path: Path) -> None:
    assert CHECKS.is_dir(), "schemathesis is installed by `make test`"
    ids = await known_ids(world)
    (token,) = (await world.api.get("/api/tokens")).json()["items"]
    callers = ManyCallers(world.app, token["id"])
    async with serve(callers) as url:
        code, report = await attack(url, ids, tmp_path)
    if IS_LONG:
        (ROOT / "schemathesis-report.txt").write_text(report)
    tested = re.search(r"Tested: (\d+)", report)
    print(f"\n{report[report.find('= SUMMARY') :]}\nanswers by status: {dict(sorted(callers.statuses.items()))}")  # noqa: T201  numbers of the proof
    assert [status for status in callers.statuses if status >= 500] == [], report
    assert code == 0, report
    assert tested
    operations = sum(len(one) for path, one in world.app.openapi()["paths"].items() if re.search(PATHS, path))
    assert int(tested.group(1)) == operations
    assert sum(callers.statuses.values()) > operations
    assert LEAD not in report
