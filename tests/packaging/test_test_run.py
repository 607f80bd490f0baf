"""The run of the suites itself: what is left out counts as a failure, and settings of the caller do not leak in."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.packaging.tree import ROOT

PASSING = "def test_passes() -> None:\n    assert True\n"
LEFT_OUT = {
    "skip": "import pytest\n\ndef test_skips() -> None:\n    pytest.skip('not today')\n",
    "module": "import pytest\n\npytest.importorskip('a_package_that_is_not_there')\n",
    "xfail": "import pytest\n\n@pytest.mark.xfail\ndef test_fails() -> None:\n    assert False\n",
}


def _run(folder: Path, *files: str) -> subprocess.CompletedProcess[str]:
    tests = folder / "tests" / "unit"
    tests.mkdir(parents=True)
    for name in ("__init__.py", "conftest.py", "own_looks.py", "tenant_guard.py"):
        shutil.copy(ROOT / "tests" / name, folder / "tests" / name)
    shutil.copy(ROOT / "pyproject.toml", folder)
    for number, text in enumerate(files):
        (tests / f"test_{number}.py").write_text(text)
    environment = os.environ | {"PYTHONPATH": str(ROOT), "CALENDLY_ACCESS_TOKEN": "from-the-shell"}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_run_in_which_everything_passes_passes(tmp_path: Path) -> None:
    done = _run(tmp_path, PASSING)
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout.splitlines()[-1]


@pytest.mark.parametrize("kind", sorted(LEFT_OUT))
def test_a_run_that_leaves_something_out_fails(tmp_path: Path, kind: str) -> None:
    done = _run(tmp_path, PASSING, LEFT_OUT[kind])
    assert done.returncode == 1, done.stdout
    assert "1 passed" in done.stdout.splitlines()[-1]


def test_unit_tests_reach_no_network_and_see_no_settings(tmp_path: Path) -> None:
    done = _run(
        tmp_path,
        "import os, socket\nimport pytest\n\n"
        "def test_network() -> None:\n"
        "    with pytest.raises((RuntimeError, UserWarning), match='socket'):\n        socket.create_connection(('127.0.0.1', 9))\n\n"
        "def test_settings() -> None:\n    assert 'CALENDLY_ACCESS_TOKEN' not in os.environ\n",
    )
    assert done.returncode == 0, done.stdout


def test_other_suites_reach_loopback_alone() -> None:
    import socket  # noqa: PLC0415  as this very test sees it

    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        pass
    with pytest.raises((RuntimeError, UserWarning), match="socket"), socket.socket() as outside:
        outside.connect(("192.0.2.1", 9))
