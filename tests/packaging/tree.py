"""The project as files: what a clone holds, without what builds and runs leave behind."""

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PACKAGES = ("api", "graph", "nodes", "pipewise", "tools")
LEFT_BEHIND = {".git", ".venv", "build", "dist", "results", "__pycache__", ".env"}


@cache
def read_pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def project_files(below: Path = ROOT) -> Iterator[Path]:
    for path in sorted(below.iterdir()):
        if (
            path.name in LEFT_BEHIND
            or path.name.endswith((".egg-info", "_cache", ".pyc"))
            or path.name in _ignored_data()
        ):
            continue
        if path.is_dir():
            yield from project_files(path)
        else:
            yield path


@cache
def _ignored_data() -> frozenset[str]:
    lines = (ROOT / ".gitignore").read_text().splitlines()
    return frozenset(line.strip("/") for line in lines if line and "*" not in line)


def package_files() -> list[Path]:
    """Everything in the five packages, relative to the root."""
    return [path.relative_to(ROOT) for package in PACKAGES for path in project_files(ROOT / package)]


def source_files() -> list[Path]:
    return [ROOT / path for path in package_files() if path.suffix == ".py"]


def written_by_hand() -> list[Path]:
    """Python of the packages, the tests and the scripts, as absolute paths."""
    return [path for path in project_files() if path.suffix == ".py"]


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def requirement_strings() -> list[str]:
    """Every direct dependency: to run, for Studio, to develop, to measure, to build."""
    pyproject = read_pyproject()
    project, groups = pyproject["project"], pyproject["dependency-groups"]
    extras = [item for extra in project["optional-dependencies"].values() for item in extra]
    return [*project["dependencies"], *extras, *groups["build"], *groups["dev"], *groups["bench"], *groups["checks"]]
