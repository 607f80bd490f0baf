"""The servers that one suite, written with the official client alone, is run against: ours on both databases, and LangGraph's own."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.integration.command_line import ROOT, environment, free_port

START_SECONDS = 60.0
TOKEN = "pw_" + "p" * 40
AUTHORIZED = {"Authorization": f"Bearer {TOKEN}"}
NOWHERE = "http://127.0.0.1:9"


@dataclass(frozen=True)
class Server:
    """`kind`: sqlite | postgresql | dev."""

    kind: str
    url: str
    folder: Path

    @property
    def headers(self) -> dict[str, str]:
        """LangGraph's own server asks for none."""
        return {} if self.kind == "dev" else AUTHORIZED

    @property
    def is_ours(self) -> bool:
        return self.kind != "dev"


@contextmanager
def serving(kind: str, folder: Path, database_url: str | None = None, **more: str) -> Iterator[Server]:
    port = free_port()
    settings = {
        "PIPEWISE_DATA_DIR": str(folder / "data"),
        "PIPEWISE_API_TOKEN": TOKEN,
        "PIPEWISE_BURST_MS": "0",
        **more,
    }
    if database_url:
        settings["PIPEWISE_DATABASE_URL"] = database_url
    command = _dev(port) if kind == "dev" else [sys.executable, "-m", "pipewise", "serve", "--port", str(port)]
    with _process(command, settings, folder) as process:
        url = f"http://127.0.0.1:{port}"
        _wait(f"{url}/ok" if kind == "dev" else f"{url}/readyz", process, folder / "log")
        yield Server(kind, url, folder)


def _dev(port: int) -> list[str]:
    program = str(Path(sys.executable).parent / "langgraph")
    return [
        program,
        "dev",
        "--no-browser",
        "--no-reload",
        "--port",
        str(port),
        "--config",
        str(ROOT / "langgraph.json"),
    ]


@contextmanager
def _process(command: list[str], settings: Mapping[str, str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    variables = {
        "LANGGRAPH_CLI_NO_ANALYTICS": "1",
        "LANGGRAPH_NO_VERSION_CHECK": "1",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        **settings,
    }
    with (folder / "log").open("a") as log:
        process = subprocess.Popen(
            command, cwd=folder, env=environment(variables), stdout=log, stderr=subprocess.STDOUT
        )
        (folder / "pid").write_text(str(process.pid))
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(timeout=25)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(url, timeout=2).is_success:
                return
        time.sleep(0.1)
    raise AssertionError(f"the server did not start:\n{log.read_text()[-3000:]}")


def connect_approving(server: Server) -> None:
    credentials = {
        "access_token": "planted-instagram-token",
        "account_id": "17841400000000001",
        "app_secret": "planted-app-secret-0002",
        "verify_token": "verify-me-please",
    }
    body = {"platform": "instagram", "credentials": credentials, "settings": {"reply_mode": "approve"}}
    # Webhooks and /api are mounted in LangGraph's server as well.
    made = httpx.post(f"{server.url}/api/integrations", json=body, headers=AUTHORIZED, timeout=30)
    assert made.status_code == 201, made.text
