"""Records the cassettes of the contract tests anew: `python -m tests.contract.record [PLATFORM …]`.

By default from the vendor sandbox, started here on loopback with its clock stopped, which gives the same files every time. With a
platform's own variables in the environment (its token, or the address of an API) it records from there instead; scenarios
that need the sandbox's switches then keep their cassettes, and what names the account's owner is replaced. Such a run writes
to that account: it books a meeting and cancels it.
"""

import argparse
import asyncio
import importlib
import json
import os
import pkgutil
import re
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import uvicorn
import yaml

from pipewise.clock import SystemClock
from pipewise.sandbox.app import create_sandbox
from pipewise.sandbox.faults import FaultRequest
from tests.contract import scenarios
from tests.contract.cassettes import Recordings, Scenario, Stage, open_cassette
from tests.fakes import FixedClock

SANDBOX_LABEL = "recorded from the PipeWise sandbox"
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")


def find_recordings() -> dict[str, Recordings]:
    modules = [
        importlib.import_module(f"{scenarios.__name__}.{found.name}")
        for found in pkgutil.iter_modules(scenarios.__path__)
    ]
    return {module.RECORDINGS.platform: module.RECORDINGS for module in modules}


async def record_from_sandbox(recordings: Recordings, scenario: Scenario) -> None:
    clock = FixedClock()
    faults = [FaultRequest.model_validate({"vendor": recordings.platform, **fault}) for fault in scenario.faults]
    given = {name: sample for name, (_, sample) in recordings.given.items()}
    async with running_sandbox(clock, faults) as base_url:
        await record(recordings, scenario, base_url, clock, given, SANDBOX_LABEL)


async def record_from_vendor(recordings: Recordings, scenario: Scenario, environment: Mapping[str, str]) -> None:
    base_url = environment.get(recordings.url_setting, recordings.vendor_url)
    given = {name: environment.get(variable, sample) for name, (variable, sample) in recordings.given.items()}
    label = f"recorded from {urlsplit(base_url).netloc}"
    await record(recordings, scenario, base_url, FixedClock(SystemClock().now()), given, label)
    replace_personal_values(recordings, recordings.path(scenario.name))


async def record(
    recordings: Recordings, scenario: Scenario, base_url: str, clock: FixedClock, given: Mapping[str, str], label: str
) -> None:
    with open_cassette(recordings, scenario.name, record=True) as cassette:
        cassette.get_metadata("recorded_from", label)
        cassette.get_metadata("frozen_at", clock.now().isoformat())
        async with httpx.AsyncClient(trust_env=False) as http:
            await scenario.act(Stage(http, base_url, clock, given))


@asynccontextmanager
async def running_sandbox(clock: FixedClock, faults: list[FaultRequest]) -> AsyncIterator[str]:
    """A fresh sandbox on a free loopback port; its webhooks go nowhere."""
    nowhere = httpx.AsyncClient(transport=httpx.MockTransport(lambda _: httpx.Response(200)))
    app = create_sandbox(clock, webhook_http=nowhere)
    for fault in faults:
        app.state.sandbox.faults.add(fault)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False))
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            while not server.started:  # noqa: ASYNC110  uvicorn offers no event for it
                await asyncio.sleep(0.01)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            await serving
            await nowhere.aclose()


def replace_personal_values(recordings: Recordings, path: Path) -> None:
    """Names, addresses and the like of the account's owner, everywhere in the cassette, and every e-mail address."""
    text = path.read_text()
    for interaction in yaml.safe_load(text)["interactions"]:
        asked = urlsplit(interaction["request"]["uri"]).path
        for number, value in enumerate(personal_values(recordings, asked, interaction["response"]["body"]["string"])):
            text = text.replace(value, f"owner-{number}")
    path.write_text(
        _EMAIL.sub(lambda found: found[0] if found[0].endswith(".example") else "someone@owner.example", text)
    )


def personal_values(recordings: Recordings, path: str, answer: str) -> list[str]:
    fields = [field for asked, names in recordings.personal if asked == path for field in names]
    if not fields:
        return []
    document: Any = json.loads(answer)
    resource = document.get("resource", document)
    return [value for field in fields if isinstance(value := resource.get(field), str) and len(value) > 2]


async def main(wanted: list[str]) -> int:
    known = find_recordings()
    if unknown := set(wanted) - set(known):
        print(f"There are no scenarios for {', '.join(sorted(unknown))}.", file=sys.stderr)  # noqa: T201
        return 2
    for recordings in [known[name] for name in wanted or sorted(known)]:
        variables = {recordings.url_setting, *(variable for variable, _ in recordings.given.values())}
        live = bool(variables & {name for name, value in os.environ.items() if value})
        for scenario in recordings.scenarios:
            if live and scenario.sandbox_only:
                print(f"{recordings.platform}/{scenario.name}: kept, it needs the sandbox")  # noqa: T201
                continue
            if live:
                await record_from_vendor(recordings, scenario, os.environ)
            else:
                await record_from_sandbox(recordings, scenario)
            print(f"{recordings.platform}/{scenario.name}: recorded")  # noqa: T201
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("platform", nargs="*", help=f"default: all of {', '.join(sorted(find_recordings()))}")
    sys.exit(asyncio.run(main(parser.parse_args().platform)))
