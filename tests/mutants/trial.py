"""One run of tests in a copy of the project, and what it says of a mutant."""

import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import cache_from_source
from pathlib import Path

import pytest

from tests.mutants.mutant import Mutant
from tests.packaging.tree import ROOT, project_files

TEST_SECONDS = 60
RUN_SECONDS = 300
# These say that the changed code cannot run at all, which is not what the mutant is about.
BROKEN = ("SyntaxError", "ImportError", "ModuleNotFoundError", "NameError", "UnboundLocalError")


@dataclass(frozen=True)
class Outcome:
    """`verdict`: green, red (tests failed as they should), or broken (nothing can be said). `reason` is one line."""

    verdict: str
    reason: str


def copy_project(target: Path) -> None:
    """What a clone holds, and what was added and is not committed yet."""
    for path in project_files():
        copy = target / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, copy)


def run_mutated(copy: Path, mutant: Mutant) -> Outcome:
    """Break the copy, run the mutant's tests, mend the copy."""
    path = copy / mutant.file
    sound = path.read_text()
    _write(path, mutant.mutate(copy))
    try:
        return run_tests(copy, mutant.tests, "-x")
    finally:
        _write(path, sound)


def _write(path: Path, text: str) -> None:
    """Without its bytecode, which would be taken for that of the new text if both are of one size and second."""
    path.write_text(text)
    Path(cache_from_source(path)).unlink(missing_ok=True)


def run_tests(copy: Path, tests: Sequence[str], *options: str) -> Outcome:
    report = copy.parent / f"{copy.name}.xml"
    report.unlink(missing_ok=True)
    environment = {**os.environ, "PYTHONPATH": str(copy)}
    asked = ["-q", "-p", "no:cacheprovider", f"--junitxml={report}", "-o", f"timeout={TEST_SECONDS}", *options, *tests]
    command = [sys.executable, "-m", "pytest", *asked]
    try:
        done = subprocess.run(
            command,
            cwd=copy,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=RUN_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return Outcome("broken", f"the tests did not end within {RUN_SECONDS} s")
    return judge(done.returncode, report.read_text() if report.is_file() else "", done.stdout)


def judge(code: int, report: str, output: str) -> Outcome:
    """By pytest's exit code and its report: a run counts as red by tests that failed, and by nothing else."""
    lines = [line for line in output.splitlines() if line.strip()]
    last = next((line for line in lines if line.startswith("ERROR")), lines[-1] if lines else "")
    if code == pytest.ExitCode.OK:
        return Outcome("green", last)
    if code != pytest.ExitCode.TESTS_FAILED or not report:
        return Outcome("broken", f"pytest ended with {code}: {last}")
    cases = ET.fromstring(report).iter("testcase")  # noqa: S314  written by us
    failed = [(case.get("name"), str(failure.get("message"))) for case in cases for failure in case.iter("failure")]
    if not failed:
        return Outcome("broken", f"no test failed, and the run did: {last}")
    name, message = failed[0]
    first = message.partition("\n")[0]
    if "Timeout (>" in first:
        return Outcome("broken", f"{name} ran into its time limit: {first}")
    if first.startswith(BROKEN):
        return Outcome("broken", first)
    return Outcome("red", f"{name}: {first}")
