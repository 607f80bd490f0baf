"""What a panel of the picture shows."""

from bench.budgets import BUDGETS, MORE
from bench.plot import PANELS, measured_bars
from bench.results import Results


def test_only_what_was_measured_has_a_bar() -> None:
    results = Results()
    for value in (10.0, 30.0, 20.0):
        results.add("cpu", "product", value)
    assert measured_bars(results, (("CPU", "cpu"), ("events/s", "throughput"))) == [("CPU", {"product": 20.0})]


def test_every_bar_is_a_line_of_the_table() -> None:
    lines = {line.metric for line in (*BUDGETS, *MORE)}
    assert {metric for _, _, bars in PANELS for _, metric in bars} <= lines
