"""The demo as a newcomer runs it: booked at the vendor, told on one screen, nothing left running."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.integration.command_line import environment, run_pipewise

LONGEST_SECONDS = 60


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@contextmanager
def start_demo(*options: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "pipewise", "demo", *options],
        # Real keys and a real database of the shell must not reach the demo.
        env=environment(
            {"OPENAI_API_KEY": "sk-real", "PIPEWISE_DATABASE_URL": "postgresql+psycopg://real.example/leads"}
        ),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            process.communicate(timeout=30)


def test_the_demo_books_a_meeting_and_leaves_nothing_behind() -> None:
    started = time.monotonic()
    with start_demo("--once") as process:
        out, err = process.communicate(timeout=LONGEST_SECONDS)
    assert process.returncode == 0, out + err
    assert time.monotonic() - started < LONGEST_SECONDS
    assert err == ""
    for told in ("meeting_request", "find_best_meeting_slot", "new → meeting_offered", "→ meeting_scheduled", "UTC"):
        assert told in out
    assert "!!" not in out
    assert list(Path().iterdir()) == []


def test_the_demo_stays_open_until_it_is_interrupted_and_takes_its_children_with_it() -> None:
    with start_demo() as process:
        assert process.stdout
        seen = ""
        while "Ctrl-C" not in seen:
            line = process.stdout.readline()
            assert line, seen + (process.stderr.read() if process.stderr else "")
            seen += line
        children = children_of(process.pid)
        url = re.findall(r"https?://\S+", seen.partition(" API ")[2])[0].removesuffix("/docs")
        token = re.findall(r"pw_\S+", seen)[0]
        leads = httpx.get(f"{url}/api/leads", headers={"Authorization": f"Bearer {token}"}, trust_env=False).json()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
    assert process.returncode == 0
    assert [lead["status"] for lead in leads["items"]] == ["meeting_scheduled"]
    settings = {"PIPEWISE_DATA_DIR": str(Path(".pipewise/demo/data").absolute()), "PIPEWISE_API_TOKEN": token}
    replayed = run_pipewise("replay", "--all", "--verify", settings=settings, folder=Path())
    assert replayed.code == 0, replayed
    assert len(replayed.lines) >= 2
    assert len(children) == 2
    assert [child for child in children if is_running(child)] == []
