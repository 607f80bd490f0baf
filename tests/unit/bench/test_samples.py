"""Percentiles and medians."""

import math

import pytest

from bench.samples import median, percentile


@pytest.mark.parametrize(("percent", "expected"), [(0, 1), (50, 2), (75, 3), (95, 4), (100, 4)])
def test_a_percentile_is_a_value_that_was_measured(percent: float, expected: float) -> None:
    assert percentile([4, 2, 1, 3], percent) == expected


@pytest.mark.parametrize(("values", "expected"), [([3, 1, 2], 2), ([1, 2, 3, 10], 2.5), ([math.nan, 7], 7)])
def test_the_median_is_the_middle(values: list[float], expected: float) -> None:
    assert median(values) == expected


def test_of_nothing_there_is_no_number() -> None:
    assert math.isnan(percentile([], 50))
    assert math.isnan(median([]))
