"""Processes that the benchmark starts: found healthy, read from /proc, and stopped by the id they were started under."""

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from bench.wire import HOST, Client

ROOT = Path(__file__).parent.parent
START_SECONDS = 60.0
STOP_SECONDS = 15.0
POLL_SECONDS = 0.01
LOG_CHARACTERS = 2000
TICKS = os.sysconf("SC_CLK_TCK")


class Process:
    """One program of this repository. `started_in` is seconds from its start to its first healthy answer."""

    def __init__(self, running: asyncio.subprocess.Process, port: int, started_in: float) -> None:
        self._running = running
        self.pid = running.pid
        self.port = port
        self.started_in = started_in

    def cpu_seconds(self) -> float:
        """User and system time so far, of every thread: the embedded database's included."""
        return own_cpu_seconds(self.pid)

    def memory_mb(self) -> float:
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        raise RuntimeError(f"process {self.pid} has ended")

    async def kill(self) -> None:
        """As the kernel would, for want of memory: no last word, nothing is finished."""
        self._running.kill()
        await self._running.wait()

    def ask(self, number: signal.Signals) -> None:
        self._running.send_signal(number)


def own_cpu_seconds(pid: int) -> float:
    return sum(map(int, stat_fields(pid)[11:13])) / TICKS


def stat_fields(pid: int) -> list[str]:
    """What /proc says of a process after its name, from its state on."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def running(
    arguments: list[str], environment: Mapping[str, str], *, port: int | None, log: Path
) -> AsyncIterator[Process]:
    """`python -m …`, answering 200 on /healthz of its port, if it has one; stopped at the end, whatever happens."""
    started = time.monotonic()
    process = await _spawn(arguments, environment, log)
    try:
        if port is not None:
            await _wait_healthy(process, port, log)
        yield Process(process, port or 0, time.monotonic() - started)
    finally:
        await stop(process)


@asynccontextmanager
async def running_vendors(log: Path) -> AsyncIterator[tuple[int, int]]:
    """The ports of the vendors and of their feed."""
    process = await _spawn(["bench.vendors"], {}, log, piped=True)
    try:
        assert process.stdout is not None  # noqa: S101  it was piped; tells the type checker
        async with asyncio.timeout(START_SECONDS):
            ports = (await process.stdout.readline()).split()
        yield int(ports[0]), int(ports[1])
    finally:
        await stop(process)


async def run_to_end(arguments: list[str], environment: Mapping[str, str], *, seconds: float, log: Path) -> bytes:
    """What the program prints. Raises RuntimeError if it fails, TimeoutError if it takes too long."""
    process = await _spawn(arguments, environment, log, piped=True)
    try:
        async with asyncio.timeout(seconds):
            printed, _ = await process.communicate()
    finally:
        await stop(process)
    if process.returncode:
        raise RuntimeError(f"{' '.join(arguments)} failed: {_end_of(log)}")
    return printed


async def stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


async def _spawn(
    arguments: list[str], environment: Mapping[str, str], log: Path, *, piped: bool = False
) -> asyncio.subprocess.Process:
    """In a clean environment and away from any `.env`: nothing of the caller's settings may change what is measured."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    with log.open("ab") as sink:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            *arguments,
            cwd=log.parent,
            env={**inherited, "PYTHONPATH": str(ROOT), **environment},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE if piped else sink,
            stderr=sink,
        )


async def _wait_healthy(process: asyncio.subprocess.Process, port: int, log: Path) -> None:
    client = Client(port)
    async with asyncio.timeout(START_SECONDS):
        while process.returncode is None:
            try:
                status, _ = await client.request("GET", "/healthz")
                if status == 200:
                    client.close()
                    return
            except (OSError, asyncio.IncompleteReadError):
                pass
            await asyncio.sleep(POLL_SECONDS)
    raise RuntimeError(f"a server ended before it answered: {_end_of(log)}")


def _end_of(log: Path) -> str:
    return log.read_text()[-LOG_CHARACTERS:]
