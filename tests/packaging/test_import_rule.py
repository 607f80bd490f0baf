"""The contracts in pyproject.toml hold for this tree and break on a planted violation."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.packaging.tree import ROOT, package_files

ONE_WAY = "imports run one way"
CORE = "the core knows neither LangGraph nor FastAPI"


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tree")
    for relative in [*package_files(), Path("pyproject.toml")]:
        (folder / relative).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / relative, folder / relative)
    return folder


def _lint(tree: Path) -> subprocess.CompletedProcess[str]:
    script = Path(sys.executable).with_name("lint-imports")
    return subprocess.run([str(script), "--no-cache"], cwd=tree, capture_output=True, text=True, check=False)


def test_the_tree_keeps_every_contract(copy: Path) -> None:
    done = _lint(copy)
    assert done.returncode == 0, done.stdout
    assert f"{ONE_WAY} KEPT" in done.stdout
    assert f"{CORE} KEPT" in done.stdout


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("pipewise/clock.py", "import langgraph.graph", CORE),
        ("pipewise/settings.py", "import langchain_core.messages", CORE),
        ("pipewise/platforms/http.py", "import fastapi", CORE),
        ("pipewise/inbox.py", "import graph.state", CORE),
        ("pipewise/outbox.py", "import tools", CORE),
        ("nodes/__init__.py", "import graph.main", ONE_WAY),
        ("nodes/__init__.py", "import tools", ONE_WAY),
        ("tools/__init__.py", "import nodes", ONE_WAY),
        ("tools/__init__.py", "import api", ONE_WAY),
        ("graph/state.py", "import nodes", ONE_WAY),
        ("graph/main.py", "import graph.compose", ONE_WAY),
        ("graph/main.py", "import api.app", ONE_WAY),
        ("api/app.py", "import pipewise.cli", ONE_WAY),
    ],
)
def test_a_planted_import_breaks_its_contract(copy: Path, module: str, line: str, contract: str) -> None:
    planted = copy / module
    sound = planted.read_text()
    try:
        planted.write_text(f"{sound}\n{line}\n")
        done = _lint(copy)
    finally:
        planted.write_text(sound)
    assert done.returncode == 1, done.stdout
    assert f"{contract} BROKEN" in done.stdout
