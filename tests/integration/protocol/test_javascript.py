"""The official JavaScript client on Node against `pipewise serve`: its own suite, and the examples of docs/http.md."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.protocol.servers import TOKEN, Server, connect_approving, serving
from tests.packaging.tree import ROOT

FOLDER = ROOT / "tests" / "javascript"
EXAMPLES = re.findall(r"^```javascript\n(.*?)^```", (ROOT / "docs" / "http.md").read_text(), re.DOTALL | re.MULTILINE)
FIX = "install Node 20 or newer (https://nodejs.org) and run `make install-dev`"


@pytest.fixture(scope="module")
def node() -> str:
    """Missing, it fails: a skipped test would tell that the client works."""
    found = shutil.which("node")
    assert found, f"the JavaScript client is tested with Node: {FIX}"
    assert (FOLDER / "node_modules" / "@langchain").is_dir(), f"the JavaScript client is not installed: {FIX}"
    return found


@pytest.fixture(scope="module")
def page_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder: Path = tmp_path_factory.mktemp("javascript")
    with serving("sqlite", folder) as started:
        connect_approving(started)
        yield started


def run(command: list[str], server: Server) -> str:
    variables = {"PATH": os.environ["PATH"], "PIPEWISE_URL": server.url, "PIPEWISE_TOKEN": TOKEN}
    done = subprocess.run(command, cwd=FOLDER, env=variables, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_suite_of_the_javascript_client_passes(page_server: Server, node: str) -> None:
    told = run([node, "--test", "--test-reporter=tap", "smoke.test.js"], page_server)
    summary = dict(re.findall(r"^# (tests|pass|fail|skipped|todo) (\d+)$", told, re.MULTILINE))
    written = len(re.findall(r"^test\(", (FOLDER / "smoke.test.js").read_text(), re.MULTILINE))
    assert summary == {"tests": str(written), "pass": str(written), "fail": "0", "skipped": "0", "todo": "0"}, told


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_every_example_on_the_page_runs(page_server: Server, node: str, number: int) -> None:
    source = EXAMPLES[number].replace("http://127.0.0.1:8000", page_server.url).replace("pw_…", TOKEN)
    told = run([node, "--input-type=module", "--eval", source], page_server)
    assert ["meeting_request" in told and "updates" in told, "Hello! What can we do for you?" in told][number], told


def test_the_lock_names_hashes_and_no_host() -> None:
    text = (FOLDER / "package-lock.json").read_text()
    assert "://" not in text
    packages = json.loads(text)["packages"]
    own = packages.pop("")
    assert own["devDependencies"] == json.loads((FOLDER / "package.json").read_text())["devDependencies"]
    assert all(version[0].isdigit() for version in own["devDependencies"].values()), "pinned"
    assert packages
    for name, entry in packages.items():
        assert entry["integrity"].startswith("sha512-"), name
        assert "resolved" not in entry, name
