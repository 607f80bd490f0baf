"""Rules of CONTRIBUTING.md that no linter knows."""

import ast
import re
from pathlib import Path

import pytest

from tests.packaging.tree import ROOT, functions, project_files, source_files, written_by_hand

FILE_LINES = 300
FUNCTION_LINES = 50
# Longer files, each with the reason why a split would read worse.
LONG_FILES = {"pipewise/storage/tables.py": "one table after the other; a schema is read as a whole"}
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc", "base_service"}
# Spelled in two parts, so that this file does not hold what it looks for.
UNFINISHED = re.compile("|".join(("TO" + "DO", "FIX" + "ME", "NotImplemented" + "Error")))
SUPPRESSION = re.compile(r"#\s*(noqa|type:\s*ignore)(?![:\[]\s*[A-Za-z])")
MACHINE_PATHS = ["/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/", "/Us" + "ers/", "/op" + "t/pypi", "/tm" + "p/w/"]
REGISTRY_HOSTS = [
    "pypi." + "org",
    "python" + "hosted.org",
    "registry." + "npmjs",
    "deb." + "debian.org",
    "index" + "-url",
]
TEXT = {
    ".py",
    ".md",
    ".toml",
    ".json",
    ".yaml",
    ".yml",
    ".txt",
    ".lock",
    ".html",
    ".css",
    ".js",
    ".mako",
    ".cfg",
    ".example",
    "",
}


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _read_as_a_whole() -> list[Path]:
    """A migration is a list of statements, written once and never edited: its length is the schema's."""
    return [path for path in source_files() if path.parent.name != "versions"]


def test_files_stay_short_enough_to_read_at_once() -> None:
    lengths = {_name(path): len(path.read_text().splitlines()) for path in _read_as_a_whole()}
    long = {name for name, lines in lengths.items() if lines > FILE_LINES}
    assert long == set(LONG_FILES), "split it, or list it in LONG_FILES with the reason; take out what is short again"


def test_functions_stay_short() -> None:
    long = [
        f"{_name(path)}:{function.lineno} {function.name}"
        for path in _read_as_a_whole()
        for function in functions(path)
        if (function.end_lineno or 0) - function.lineno >= FUNCTION_LINES
    ]
    assert long == []


def test_modules_are_named_for_what_they_hold() -> None:
    assert [_name(path) for path in source_files() if path.stem in VAGUE_NAMES or path.parent.name in VAGUE_NAMES] == []


def test_every_module_says_what_it_is() -> None:
    silent = [_name(path) for path in written_by_hand() if not ast.get_docstring(ast.parse(path.read_text()))]
    assert silent == []


def test_nothing_is_left_for_later() -> None:
    assert _lines_with(UNFINISHED, [*source_files(), *_scripts()]) == []


def test_every_suppression_names_what_it_suppresses() -> None:
    assert _lines_with(SUPPRESSION, written_by_hand()) == []


@pytest.mark.parametrize("word", [*MACHINE_PATHS, *REGISTRY_HOSTS])
def test_no_file_knows_the_machine_it_was_written_on(word: str) -> None:
    texts = [path for path in project_files() if path.suffix in TEXT]
    assert _lines_with(re.compile(re.escape(word)), texts) == []


def test_nothing_is_skipped_or_expected_to_fail() -> None:
    pattern = re.compile(r"pytest\.(skip|xfail|importorskip|mark\.(skip|skipif|xfail))\b|@unittest\.skip")
    tests = [path for path in written_by_hand() if path.is_relative_to(ROOT / "tests") and path != Path(__file__)]
    assert _lines_with(pattern, [path for path in tests if path.name != "test_test_run.py"]) == []


def _scripts() -> list[Path]:
    return [ROOT / name for name in ("Makefile", ".ci/run")]


def _lines_with(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    return [
        f"{_name(path)}:{number} {line.strip()}"
        for path in paths
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if pattern.search(line)
    ]
