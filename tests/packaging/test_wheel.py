"""The wheel holds the five packages, whole and alone, and its console script runs from anywhere."""

import json
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.packaging.tree import PACKAGES, ROOT, package_files, read_pyproject

ASK_OWNERS = f"""
import importlib, importlib.metadata, json
owners = importlib.metadata.packages_distributions()
names = {PACKAGES!r}
print(json.dumps({{n: [sorted(set(owners[n])), importlib.import_module(n).__file__] for n in names}}))
"""


def _run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy, so that no build folder of an earlier day slips into it."""
    copy = tmp_path_factory.mktemp("source")
    for relative in [*package_files(), *map(Path, ("pyproject.toml", "README.md", "LICENSE"))]:
        (copy / relative).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / relative, copy / relative)
    _run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", copy / "dist", cwd=copy)
    (built,) = (copy / "dist").glob("*.whl")
    return built


@pytest.fixture(scope="module")
def clean_environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the executables of an environment with the wheel and our dependencies, but no checkout."""
    home = tmp_path_factory.mktemp("clean")
    _run(sys.executable, "-m", "venv", "--without-pip", home / "venv", cwd=home)
    python = home / "venv" / "bin" / "python"
    site = Path(_run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=home).strip())
    for entry in Path(sysconfig.get_path("purelib")).iterdir():
        # Links instead of an install: no network is needed. What belongs to this checkout stays out.
        if (
            not entry.name.startswith(("pipewise", "__editable__"))
            and entry.suffix != ".pth"
            and not (site / entry.name).exists()
        ):
            (site / entry.name).symlink_to(entry)
    _run(sys.executable, "-m", "pip", "--python", python, "install", "--no-index", "--no-deps", wheel, cwd=home)
    return python.parent


def test_the_console_script_runs_from_an_empty_folder(clean_environment: Path, tmp_path: Path) -> None:
    version = read_pyproject()["project"]["version"]
    assert version in _run(clean_environment / "pipewise", "--version", cwd=tmp_path)
    assert version in _run(clean_environment / "python", "-m", "pipewise", "--version", cwd=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_evaluations_run_from_an_empty_folder_or_say_what_they_need(
    clean_environment: Path, tmp_path: Path
) -> None:
    told = _run(clean_environment / "pipewise", "eval", "--suite", "intent", cwd=tmp_path)
    assert "macro-F1" in told
    assert json.loads((tmp_path / "eval-intent.json").read_text())["examples"] > 500
    command = [str(clean_environment / "pipewise"), "eval", "--suite", "scenarios"]
    asked = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (asked.returncode, len(asked.stderr.splitlines())) == (2, 1), asked.stderr
    assert "in a checkout" in asked.stderr


def test_the_five_names_belong_to_pipewise_alone(clean_environment: Path, tmp_path: Path) -> None:
    answer = json.loads(_run(clean_environment / "python", "-c", ASK_OWNERS, cwd=tmp_path))
    for name, (owners, file) in answer.items():
        assert owners == ["pipewise"], name
        assert Path(file).is_relative_to(clean_environment.parent), name


def test_the_wheel_holds_every_file_of_the_packages_and_no_other(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        shipped = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert shipped == {path.as_posix() for path in package_files()}


def test_the_packages_listed_are_the_folders_on_disk() -> None:
    folders = {".".join(path.parent.parts) for path in package_files() if path.suffix == ".py"}
    assert sorted(read_pyproject()["tool"]["setuptools"]["packages"]) == sorted(folders)


def test_no_folder_with_code_lacks_its_init() -> None:
    # A folder without one is a namespace package, which loses to any installed package of that name.
    folders = {path.parent for path in package_files() if path.suffix == ".py"}
    assert [folder for folder in folders if not (ROOT / folder / "__init__.py").is_file()] == []
