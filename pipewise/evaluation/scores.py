"""Precision, recall, F1 and calibration of labels that were guessed."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

BINS = 10


@dataclass(frozen=True)
class LabelScore:
    label: str
    count: int
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def score_label(label: str, wanted: Sequence[str], guessed: Sequence[str]) -> LabelScore:
    hits = sum(want == guess == label for want, guess in zip(wanted, guessed, strict=True))
    named, there = sum(guess == label for guess in guessed), sum(want == label for want in wanted)
    return LabelScore(label, there, hits / named if named else 0.0, hits / there if there else 0.0)


def macro_f1(wanted: Sequence[str], guessed: Sequence[str]) -> float:
    """The mean over the labels that the data hold."""
    labels = sorted(set(wanted))
    return sum(score_label(label, wanted, guessed).f1 for label in labels) / len(labels)


def accuracy(wanted: Sequence[str], guessed: Sequence[str]) -> float:
    return sum(want == guess for want, guess in zip(wanted, guessed, strict=True)) / len(wanted)


def calibration_error(sure: Iterable[tuple[float, bool]]) -> float:
    """Expected calibration error: how far confidence is from being right, in ten bins, weighed by their size."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for confidence, right in sure:
        bins.setdefault(min(int(confidence * BINS), BINS - 1), []).append((confidence, right))
    count = sum(len(found) for found in bins.values())
    return sum(abs(sum(c for c, _ in found) - sum(right for _, right in found)) for found in bins.values()) / count


def percentile(values: Sequence[float], share: float) -> float:
    ranked = sorted(values)
    return ranked[max(0, math.ceil(len(ranked) * share) - 1)]
