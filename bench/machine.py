"""What a run was measured on: numbers of different machines are not compared."""

import os
import platform
import subprocess
import sys
from pathlib import Path

from tests.postgres import find_binaries

_SOUND = (
    "from pipewise.storage.sqlite import install_sound_sqlite as f; f(); import sqlite3; print(sqlite3.sqlite_version)"
)


def describe() -> dict[str, object]:
    return {
        "cores": os.cpu_count(),
        "cpu": _cpu(),
        "memory_mb": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20,
        "kernel": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "sqlite": _printed(sys.executable, "-c", _SOUND),
        "postgresql": _printed(str(find_binaries() / "postgres"), "--version"),
        "load_before": round(os.getloadavg()[0], 1),
    }


def sentence(machine: dict[str, object]) -> str:
    return (
        "machine: {cores} cores of {cpu}, {memory_mb} MB, {kernel}, Python {python}, SQLite {sqlite}, {postgresql}, "
        "load {load_before} before the run"
    ).format(**machine)


def _cpu() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _printed(*command: str) -> str:
    """Of our own programs."""
    root = Path(__file__).parent.parent
    return subprocess.run(command, capture_output=True, text=True, check=True, cwd=root).stdout.strip()  # noqa: S603
