"""`pipewise demo`: sandbox and service started, a lead played from first message to booked meeting, then kept open to look at."""

import asyncio
import secrets
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from pipewise.clock import Clock
from pipewise.demo_services import HOST, Child, child_environment, pick_port, run_child
from pipewise.demo_setup import connect_calendly, connect_whatsapp
from pipewise.demo_story import Timeline, check_story, play
from pipewise.errors import PipewiseError
from pipewise.instance_lock import hold_lock

FOLDER = Path(".pipewise") / "demo"
SERVICE_PORT, SANDBOX_PORT = 8000, 8900
BURST_MS = 300  # the lead of the demo writes one message at a time: a short pause is enough to know that it is complete


@dataclass(frozen=True)
class Stage:
    """Both services, up and healthy."""

    service_url: str
    sandbox_url: str
    token: str
    children: tuple[Child, ...]
    api: httpx.AsyncClient
    sandbox: httpx.AsyncClient


async def run_demo(*, once: bool, environment: Mapping[str, str], clock: Clock) -> bool:
    """True if the meeting is booked. Without `once` it ends with Ctrl-C; the children end with it either way."""
    _cancel_on_signals()
    booked = False
    try:
        with open_folder(once=once) as folder:
            timeline = Timeline(_print, clock)
            timeline.step("demo", "starting the vendor sandbox and PipeWise, with no account and no key")
            async with open_stage(folder, environment) as stage:
                booked = await _perform(stage, clock, timeline)
                if not once:
                    _show_addresses(stage)
                    await _wait_for_end(stage)
    except asyncio.CancelledError:
        _print("Stopped.")
    return booked


def _cancel_on_signals() -> None:
    """However it is asked to end, the demo leaves its blocks in order, and its children with it."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    if task is None:
        raise AssertionError("the demo runs in a task")
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, task.cancel)


async def _perform(stage: Stage, clock: Clock, timeline: Timeline) -> bool:
    try:
        calendly = await connect_calendly(stage.api, stage.sandbox)
        whatsapp = await connect_whatsapp(stage.api, stage.sandbox)
        timeline.step("owner", f"connects Calendly ({calendly['status']}) and WhatsApp ({whatsapp['status']})")
        story = await play(stage.api, stage.sandbox, clock, timeline)
        checks = await check_story(stage.api, stage.sandbox, story)
    except PipewiseError as error:
        return _give_up(stage, timeline, error.message)
    except httpx.HTTPStatusError as error:
        return _give_up(
            stage, timeline, f"{error.request.url} answered {error.response.status_code}: {error.response.text}"
        )
    except httpx.TransportError as error:
        return _give_up(stage, timeline, f"{error.request.url} did not answer: {type(error).__name__}")
    booked = all(check.ok for check in checks)
    timeline.step("demo", "booked; compared with what the vendors hold:" if booked else "this is not as it should be:")
    for check in checks:
        timeline.note(check.line())
    timeline.note(f"timeline: {stage.service_url}/api/leads/{story.lead_id}/timeline")
    return booked


def _give_up(stage: Stage, timeline: Timeline, reason: str) -> bool:
    timeline.step("!!", reason)
    for child in stage.children:
        for line in child.last_lines():
            timeline.note(f"{child.name}: {line}")
    return False


@contextmanager
def open_folder(*, once: bool) -> Iterator[Path]:
    """Where the demo's data goes. It starts empty, as the sandbox does: half of a former run would not fit the other half."""
    if once:
        with tempfile.TemporaryDirectory(prefix="pipewise-demo-") as folder:
            yield Path(folder)
        return
    with hold_lock(FOLDER.with_name("demo.lock")):
        if FOLDER.exists():
            shutil.rmtree(FOLDER)
        FOLDER.mkdir(parents=True)
        yield FOLDER.absolute()


@asynccontextmanager
async def open_stage(folder: Path, environment: Mapping[str, str]) -> AsyncIterator[Stage]:
    token = "pw_" + secrets.token_urlsafe(32)
    ports = pick_port(SERVICE_PORT), pick_port(SANDBOX_PORT)
    service_url, sandbox_url = (f"http://{HOST}:{port}" for port in ports)
    settings = {
        "PIPEWISE_DATA_DIR": str(folder / "data"),
        "PIPEWISE_API_TOKEN": token,
        "PIPEWISE_PUBLIC_URL": service_url,
        "PIPEWISE_MODEL": "offline",
        "PIPEWISE_BURST_MS": str(BURST_MS),
        **{f"PIPEWISE_{vendor}_API_URL": sandbox_url for vendor in ("CALENDLY", "WHATSAPP", "INSTAGRAM", "X")},
        "PIPEWISE_CALENDLY_AUTH_URL": sandbox_url,
    }
    child = child_environment(environment, settings)
    async with AsyncExitStack() as stack:
        sandbox = await stack.enter_async_context(
            run_child("sandbox", ["sandbox", "--port", str(ports[1])], child, folder)
        )
        service = await stack.enter_async_context(
            run_child("service", ["serve", "--port", str(ports[0])], child, folder)
        )
        # Loopback only: no proxy of the environment may stand between.
        to_service = await stack.enter_async_context(httpx.AsyncClient(base_url=service_url, trust_env=False))
        to_sandbox = await stack.enter_async_context(httpx.AsyncClient(base_url=sandbox_url, trust_env=False))
        await sandbox.wait_until_healthy(to_sandbox, "/_sandbox/health")
        await service.wait_until_healthy(to_service, "/readyz")
        to_service.headers["Authorization"] = f"Bearer {token}"
        yield Stage(service_url, sandbox_url, token, (sandbox, service), to_service, to_sandbox)


async def _wait_for_end(stage: Stage) -> None:
    """Until somebody interrupts, or a child ends by itself, which is an error."""
    ends = {asyncio.create_task(child.process.wait()): child for child in stage.children}
    try:
        done, _ = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in ends:
            task.cancel()
    raise ends[done.pop()].failure("stopped")


def _show_addresses(stage: Stage) -> None:
    for line in (
        "",
        f"  API      {stage.service_url}/docs",
        f"  phone    {stage.sandbox_url}/phone      write as a lead",
        f"  faults   {stage.sandbox_url}/           break Calendly, WhatsApp or the model",
        f"  token    {stage.token}",
        "",
        "Ctrl-C ends both.",
    ):
        _print(line)


def _print(line: str) -> None:
    print(line, flush=True)
