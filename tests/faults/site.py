"""The installation under test: its processes, killed and started again, its clock, and its API."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.faults.vendor import CALENDLY, WHATSAPP, FaultyVendor
from tests.integration.command_line import ROOT, free_port

TOKEN = "pw_" + "f" * 40
READY_SECONDS = 60.0
PAGE = 500
READERS = 6

Json = dict[str, Any]


class Site:
    """`processes` are running now; every one leads a process group of its own, so that a kill leaves nothing behind."""

    def __init__(self, folder: Path, vendor: FaultyVendor, **settings: str) -> None:
        self.port = free_port()
        self.folder = folder
        self.clock = folder / "clock"
        self.clock.write_text("0")
        self.webhook = ""
        self.processes: list[asyncio.subprocess.Process] = []
        self._vendor = vendor
        self._readers = asyncio.Semaphore(READERS)
        self.settings = {
            "PIPEWISE_ENV": "test",
            "PIPEWISE_DATA_DIR": str(folder / "data"),
            "PIPEWISE_API_TOKEN": TOKEN,
            "PIPEWISE_MODEL": "offline",
            "PIPEWISE_BURST_MS": "0",
            "PIPEWISE_CLOCK_FILE": str(self.clock),
            "PIPEWISE_PUBLIC_URL": f"http://127.0.0.1:{self.port}",
            "PIPEWISE_CALENDLY_API_URL": vendor.url,
            "PIPEWISE_WHATSAPP_API_URL": vendor.url,
            **settings,
        }
        self.api = httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{self.port}", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=30
        )

    async def start(self, *arguments: str, hook: str = "") -> asyncio.subprocess.Process:
        """One `pipewise` process; its log is appended to a file in the folder."""
        with (self.folder / f"{arguments[0]}.log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "pipewise",
                *arguments,
                env=_environment({**self.settings, "PIPEWISE_TEST_HOOKS": hook}),
                cwd=self.folder,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    async def serve(self, *options: str, hook: str = "") -> asyncio.subprocess.Process:
        """A service that is ready."""
        process = await self.start("serve", "--port", str(self.port), *options, hook=hook)
        await until(lambda: self._ready(process), "the service is ready", READY_SECONDS)
        return process

    async def _ready(self, process: asyncio.subprocess.Process) -> bool:
        if process.returncode is not None:
            raise AssertionError(f"the service ended by itself: {self.log('serve')[-2000:]}")
        with contextlib.suppress(httpx.TransportError):
            return (await self.api.get("/readyz")).status_code == 200
        return False

    async def kill(self, process: asyncio.subprocess.Process) -> None:
        """SIGKILL to the whole group."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
        self.processes.remove(process)

    async def stop(self, process: asyncio.subprocess.Process) -> None:
        """As an operator would; killed if it does not end."""
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), 30)
        await self.kill(process)

    async def close(self) -> None:
        for process in list(self.processes):
            await self.kill(process)
        await self.api.aclose()

    def log(self, command: str) -> str:
        return (self.folder / f"{command}.log").read_text(errors="replace")

    def advance(self, seconds: float) -> None:
        """Replaced as a whole: a reader never meets half a number."""
        fresh = self.clock.with_suffix(".new")
        fresh.write_text(str(float(self.clock.read_text()) + seconds))
        fresh.replace(self.clock)

    async def connect(self) -> None:
        """Both vendors, over the API; statuses find their way from then on."""
        for platform, credentials in (("calendly", CALENDLY), ("whatsapp", WHATSAPP)):
            body = {"platform": platform, "credentials": credentials}
            made = await self.api.post("/api/integrations", json=body)
            assert made.status_code == 201, made.text
        self.webhook = f"/webhooks/whatsapp/{made.json()['id']}"
        self._vendor.report_to(self.port, self.webhook)

    async def get(self, path: str, **params: Any) -> Json:
        """Patient with the limit of requests a second, and with a database that is away for a moment."""
        while True:
            async with self._readers:
                answer = await self.api.get(path, params=params)
            if answer.status_code not in {429, 503}:
                answer.raise_for_status()
                body: Json = answer.json()
                return body
            await asyncio.sleep(0.2)

    async def read_all(self, path: str, **params: Any) -> list[Json]:
        found: list[Json] = []
        cursor: str | None = None
        while True:
            page = await self.get(path, limit=PAGE, **params, **({"cursor": cursor} if cursor else {}))
            found += page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return found


def _environment(settings: Mapping[str, str]) -> dict[str, str]:
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    python = {"PYTHONPATH": str(ROOT), "LANGGRAPH_STRICT_MSGPACK": "true", "LANGSMITH_TRACING": "false"}
    return {**inherited, **python, **settings}


@asynccontextmanager
async def open_site(folder: Path, vendor: FaultyVendor, **settings: str) -> AsyncIterator[Site]:
    """Nothing runs yet. Whatever runs at the end is killed."""
    site = Site(folder, vendor, **settings)
    try:
        yield site
    finally:
        await site.close()


async def until(check: Any, what: str, seconds: float = 60.0, pause: float = 0.02) -> Any:
    try:
        async with asyncio.timeout(seconds):
            while True:
                found = await check()
                if found:
                    return found
                await asyncio.sleep(pause)
    except TimeoutError:
        raise AssertionError(f"waited in vain until {what}") from None
