"""Numbers out of many."""

import math
from collections.abc import Sequence


def percentile(values: Sequence[float], percent: float) -> float:
    """By nearest rank: always a value that was measured."""
    if not values:
        return math.nan
    ranked = sorted(values)
    return ranked[max(0, math.ceil(len(ranked) * percent / 100) - 1)]


def median(values: Sequence[float]) -> float:
    """Of an even number the mean of the two in the middle; of none, not a number."""
    ranked = sorted(value for value in values if not math.isnan(value))
    if not ranked:
        return math.nan
    middle = len(ranked) // 2
    return ranked[middle] if len(ranked) % 2 else (ranked[middle - 1] + ranked[middle]) / 2
