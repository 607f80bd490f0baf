"""Every mutant fits the code as it is, and a run is judged by tests that failed alone."""

import ast
import re
from pathlib import Path

import pytest

from tests.mutants.__main__ import choose
from tests.mutants.catalogue import MUTANTS
from tests.mutants.mutant import DoesNotApply, Mutant
from tests.mutants.trial import judge
from tests.packaging.tree import ROOT

SOUND = Mutant("sound", "A sentence.", "module.py", "one", "two", ("tests/test_nothing.py",))


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mutant_fits_the_code(mutant: Mutant) -> None:
    ast.parse(mutant.mutate(ROOT))
    assert mutant.guarantee.endswith(".")
    for test in mutant.tests:
        path, _, name = test.partition("::")
        text = (ROOT / path).read_text()
        assert not name or re.search(rf"def {re.escape(name.partition('[')[0])}\(", text), test


def test_names_are_unique() -> None:
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS)


def test_a_mutant_is_chosen_by_its_name() -> None:
    assert choose([]) == list(MUTANTS)
    assert choose([MUTANTS[3].name]) == [MUTANTS[3]]
    with pytest.raises(LookupError, match="no mutant nonsense"):
        choose(["nonsense"])


@pytest.mark.parametrize("text", ["", "one and one"])
def test_a_mutant_whose_text_is_not_there_once_does_not_apply(tmp_path: Path, text: str) -> None:
    (tmp_path / "module.py").write_text(text)
    with pytest.raises(DoesNotApply, match="not once"):
        SOUND.mutate(tmp_path)


def test_a_mutant_whose_file_is_gone_does_not_apply(tmp_path: Path) -> None:
    with pytest.raises(DoesNotApply, match="there is no file"):
        SOUND.mutate(tmp_path)


def report(kind: str, message: str) -> str:
    return f'<testsuites><testsuite><testcase name="test_it"><{kind} message="{message}"/></testcase></testsuite></testsuites>'


@pytest.mark.parametrize(
    ("code", "document", "verdict"),
    [
        (0, "<testsuites/>", "green"),
        (1, report("failure", "assert 2 == 1"), "red"),
        (1, report("failure", "Failed: Timeout (&gt;60.0s) from pytest-timeout."), "broken"),
        (1, report("failure", "NameError: name 'lanes' is not defined"), "broken"),
        (1, report("error", "failed on setup"), "broken"),
        (1, report("skipped", "no server"), "broken"),
        (2, report("error", "collection failure"), "broken"),
        (4, "", "broken"),
        (5, "<testsuites/>", "broken"),
        (-9, "", "broken"),
    ],
)
def test_a_run_is_red_by_failed_tests_and_nothing_else(code: int, document: str, verdict: str) -> None:
    assert judge(code, document, "the last line\n").verdict == verdict
