"""Ratios and verdicts out of rounds."""

import pytest

from bench.budgets import BUDGETS, MORE, Line, least, most
from bench.report import failures, ratio, render, verdict
from bench.results import Results


def _results(**sides: list[float]) -> Results:
    results = Results()
    for side, values in sides.items():
        for value in values:
            results.add("cpu", side, value)
    return results


def test_a_ratio_is_the_median_of_the_rounds_not_the_ratio_of_medians() -> None:
    results = _results(product=[10, 30, 50], naive=[10, 10, 100])
    assert ratio(results, "cpu", "naive") == 1.0


@pytest.mark.parametrize(("product", "expected"), [(5, "aim"), (9, "holds"), (11, "misses")])
def test_a_line_is_judged_against_its_baseline(product: float, expected: str) -> None:
    line = Line("cpu", "CPU", "ms", most(1, "naive"), most(0.6, "naive"))
    assert verdict(_results(product=[product], naive=[10]), line) == expected


@pytest.mark.parametrize(("product", "expected"), [([3, 1], "holds"), ([3, 2], "MISSES")])
def test_a_limit_that_fails_the_run_is_held_against_the_best_round(product: list[float], expected: str) -> None:
    assert verdict(_results(product=product), Line("cpu", "CPU", "ms", most(1.5), gates=True)) == expected


def test_what_was_not_measured_has_no_line_and_no_verdict() -> None:
    assert failures(Results()) == []
    assert render(Results()) == ""


def test_more_than_no_answer_too_many_fails_the_run() -> None:
    results = Results()
    results.add("burst_doubled", "product", 1)
    assert failures(results) == ["three messages in 300 ms: answers too many: must be ≤ 0"]


def test_unequal_work_fails_the_run() -> None:
    results = Results()
    results.compare_calls("saturation", {"product": {"model": 2.0}, "naive": {"model": 3.0}})
    assert len(failures(results)) == 1


def test_equal_work_may_differ_in_what_is_not_compared() -> None:
    results = Results()
    results.compare_calls("saturation", {"product": {"model": 2.0, "whatsapp.typing": 1.0}, "naive": {"model": 2.001}})
    assert failures(results) == []


def test_a_table_has_numbers_ratio_limits_and_verdict() -> None:
    shown = render(_results(product=[30], naive=[40], bare=[20]))
    assert "30.0 ms" in shown
    assert "0.75" in shown
    assert "≤ 0.6 x naive" in shown


def test_every_line_is_there_once() -> None:
    metrics = [line.metric for line in (*BUDGETS, *MORE)]
    assert len(metrics) == len(set(metrics))


def test_limits_read_as_in_the_table_of_budgets() -> None:
    assert (str(least(1.5, "naive")), str(most(220))) == ("≥ 1.5 x naive", "≤ 220")
