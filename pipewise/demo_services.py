"""The sandbox and the service as child processes: started on free ports, waited for, always stopped by their process id."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

import pipewise
from pipewise.doctor import port_is_free
from pipewise.env_example import environment_name
from pipewise.errors import PipewiseError
from pipewise.settings import Settings

HOST = "127.0.0.1"
START_SECONDS = 30.0
STOP_SECONDS = 10.0
POLL_SECONDS = 0.05
LINES_SHOWN = 10


class ServiceFailed(PipewiseError):
    """A child ended or never became healthy; the message holds the end of its output."""

    code = "service_failed"


@dataclass(frozen=True)
class Child:
    """One `pipewise` command in a process of its own, its output in a file."""

    name: str
    process: asyncio.subprocess.Process
    log: Path

    async def wait_until_healthy(self, http: httpx.AsyncClient, url: str) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(START_SECONDS):
                while self.process.returncode is None:
                    with suppress(httpx.TransportError):
                        if (await http.get(url)).is_success:
                            return
                    await asyncio.sleep(POLL_SECONDS)
        raise self.failure("did not become healthy")

    def failure(self, what: str) -> ServiceFailed:
        ended = "" if self.process.returncode is None else f" and ended with code {self.process.returncode}"
        return ServiceFailed(f"The {self.name} {what}{ended}. It said: {' '.join(self.last_lines()) or 'nothing'}")

    def last_lines(self) -> list[str]:
        return self.log.read_text(errors="replace").splitlines()[-LINES_SHOWN:]

    async def stop(self) -> None:
        """Asked first, then forced; the operating system is only ever given this child's id."""
        if self.process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await self.process.wait()
        except TimeoutError:
            self.kill()
            await self.process.wait()

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            self.process.kill()


@asynccontextmanager
async def run_child(
    name: str, arguments: Sequence[str], environment: Mapping[str, str], folder: Path
) -> AsyncIterator[Child]:
    """`python -m pipewise ARGUMENTS` as long as the block runs."""
    log = folder / f"{name}.log"
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "pipewise",
            *arguments,
            env=dict(environment),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=asyncio.subprocess.STDOUT,
            # Ctrl-C at the terminal reaches the demo alone, which then stops its children in order.
            start_new_session=True,
        )
    child = Child(name, process, log)
    try:
        yield child
    finally:
        await _stop_in_any_case(child)


async def _stop_in_any_case(child: Child) -> None:
    """A second Ctrl-C while the child takes its time ends it at once; it never outlives the demo."""
    stopping = asyncio.ensure_future(child.stop())
    try:
        await asyncio.shield(stopping)
    except asyncio.CancelledError:
        child.kill()
        await stopping
        raise


def child_environment(base: Mapping[str, str], settings: Mapping[str, str]) -> dict[str, str]:
    """The environment of a child: every setting at its default, whatever the shell or a `.env` says, except `settings`.

    A demo must not touch a real database and must not reach the internet with somebody's keys.
    """
    blank = {environment_name(name, field): "" for name, field in Settings.model_fields.items()}
    # Started from a checkout that is not installed, the child has to find the same package.
    home = str(Path(pipewise.__file__).parents[1])
    path = os.pathsep.join(filter(None, (home, base.get("PYTHONPATH"))))
    return {**base, **blank, **settings, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1"}


def pick_port(preferred: int) -> int:
    """The usual port, so that links stay the same from run to run; any free one where that is taken."""
    if port_is_free(HOST, preferred):
        return preferred
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port
