"""Figures of an evaluation, worked out by hand."""

import pytest

from pipewise.evaluation.report import Limit, SuiteReport, columns
from pipewise.evaluation.scores import accuracy, calibration_error, macro_f1, percentile, score_label

WANTED = ["a", "a", "b", "b", "c"]
GUESSED = ["a", "b", "b", "b", "a"]


def test_scores_of_a_label() -> None:
    found = score_label("a", WANTED, GUESSED)
    assert (found.count, found.precision, found.recall, found.f1) == (2, 0.5, 0.5, 0.5)
    assert score_label("d", WANTED, GUESSED).f1 == 0.0


def test_the_mean_over_the_labels_there_are() -> None:
    assert macro_f1(WANTED, GUESSED) == pytest.approx((0.5 + 0.8 + 0.0) / 3)
    assert accuracy(WANTED, GUESSED) == 0.6


def test_calibration() -> None:
    assert calibration_error([(1.0, True), (1.0, True)]) == 0.0
    assert calibration_error([(0.9, True), (0.9, False)]) == pytest.approx(0.4)
    # Errors of different bins do not make up for each other.
    assert calibration_error([(0.65, True), (0.95, False)]) == pytest.approx(0.65)


def test_percentiles() -> None:
    assert percentile([3, 1, 2, 4], 0.5) == 2
    assert percentile([1], 0.95) == 1


def test_a_report_holds_when_every_limit_does() -> None:
    good, bad = Limit("f1", 0.8, 0.8), Limit("ms", 11.0, 10.0, most=True)
    assert SuiteReport("s", (), {}, (good,)).holds
    report = SuiteReport("s", ("head",), {"x": 1}, (good, bad))
    assert not report.holds
    assert report.table() == ["head", "", "holds  f1 0.800 >= 0.8", "FAILS  ms 11.000 <= 10"]
    assert report.as_dict()["limits"][1] == {"name": "ms", "value": 11.0, "bound": 10.0, "most": True, "holds": False}


def test_columns() -> None:
    assert columns([("a", "n"), ("long", "10")]) == ["a      n", "long  10"]
