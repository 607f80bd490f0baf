"""The lock files: every package pinned with hashes, no host, equal to what pyproject.toml asks for."""

import re

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.packaging.tree import ROOT, read_pyproject, requirement_strings

BUILD, RUNTIME = "requirements-build.lock", "requirements.lock"
DEVELOPMENT, BENCHMARK = "requirements-dev.lock", "requirements-bench.lock"
CHECKS = "requirements-checks.lock"
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}$")


def _entries(name: str) -> dict[str, tuple[str, list[str]]]:
    """Package → version and hashes."""
    text = (ROOT / name).read_text().replace("\\\n", " ")
    entries: dict[str, tuple[str, list[str]]] = {}
    for line in text.splitlines():
        if line and not line.lstrip().startswith("#"):
            requirement, *hashes = map(str, re.split(r"\s+(?=--)", line.strip()))
            pinned = Requirement(requirement.strip())
            (specifier,) = pinned.specifier
            assert specifier.operator == "==", line
            entries[canonicalize_name(pinned.name)] = (specifier.version, hashes)
    return entries


@pytest.mark.parametrize("name", [BUILD, RUNTIME, DEVELOPMENT, BENCHMARK, CHECKS])
def test_every_pin_carries_hashes(name: str) -> None:
    entries = _entries(name)
    assert entries
    for package, (_, hashes) in entries.items():
        assert hashes, package
        assert all(HASH.match(item) for item in hashes), package


@pytest.mark.parametrize("name", [BUILD, RUNTIME, DEVELOPMENT, BENCHMARK, CHECKS])
def test_a_lock_names_no_host_and_no_folder(name: str) -> None:
    assert (
        re.search(r"://|@ |--(extra-)?index|--find-links|--trusted-host|(?<![\w.-])/", (ROOT / name).read_text())
        is None
    )


def test_the_pins_satisfy_the_direct_dependencies() -> None:
    entries = {**_entries(CHECKS), **_entries(BENCHMARK)}
    for text in requirement_strings():
        wanted = Requirement(text)
        version, _ = entries[canonicalize_name(wanted.name)]
        assert wanted.specifier.contains(version), f"{text}: {version} is locked; run `make lock`"


def test_the_smaller_locks_are_parts_of_the_larger() -> None:
    build, runtime, development, benchmark = map(_entries, (BUILD, RUNTIME, DEVELOPMENT, BENCHMARK))
    assert build.items() <= runtime.items() <= development.items() <= benchmark.items()


def test_what_builds_the_wheel_is_locked() -> None:
    needed = {canonicalize_name(Requirement(text).name) for text in read_pyproject()["build-system"]["requires"]}
    assert needed <= _entries(BUILD).keys()


def test_what_only_tests_need_is_not_installed_to_run() -> None:
    runtime = _entries(RUNTIME)
    own = {canonicalize_name(Requirement(text).name) for text in read_pyproject()["dependency-groups"]["dev"]}
    assert own & runtime.keys() == {"langgraph-sdk"}  # a dependency of langgraph itself


def test_what_only_the_benchmark_needs_is_not_installed_to_develop() -> None:
    own = {canonicalize_name(Requirement(text).name) for text in read_pyproject()["dependency-groups"]["bench"]}
    assert own
    assert not own & _entries(DEVELOPMENT).keys()
