"""The `pipewise` command as a person runs it: inside the test's own process, or in one of its own."""

import contextlib
import io
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipewise.cli import main

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


def pipewise(*arguments: str, settings: Mapping[str, str] | None = None, given: str = "") -> Done:
    """Run to the end in this process, in the present folder: a start of Python each time would cost the suite minutes. `given`
    is what its standard input says."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        for name, value in (settings or {}).items():
            patch.setenv(name, value)
        patch.setattr(sys, "stdin", io.StringIO(given))
        try:
            code = main(arguments)
        except SystemExit as ended:  # how argparse refuses arguments
            code = ended.code if isinstance(ended.code, int) else 1
    return Done(code, out.getvalue(), err.getvalue())


def run_pipewise(*arguments: str, folder: Path, settings: Mapping[str, str] | None = None) -> Done:
    """Run to the end in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "pipewise", *arguments],
        env=environment(settings),
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


# Nobody reads while the process works, and one that cannot write its log stands still. An outage has much to tell.
PIPE_BYTES = 1 << 20


def environment(settings: Mapping[str, str] | None = None) -> dict[str, str]:
    """For a process of its own, which has to find this checkout whether it is installed or not."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **(settings or {})}


@contextmanager
def running(*arguments: str, settings: Mapping[str, str] | None = None) -> Iterator[subprocess.Popen[str]]:
    """A command that goes on, ended with the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", "pipewise", *arguments],
        env=environment(settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        pipesize=PIPE_BYTES,
        text=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
