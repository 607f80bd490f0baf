"""Softmax regression over sparse features in plain Python: the same rows give the same weights, on any machine."""

import math
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pipewise.language.intent_features import Features

Row = tuple[tuple[tuple[int, float], ...], int]
"""Features of one message by bucket, and the index of its label."""


@dataclass(frozen=True)
class Recipe:
    epochs: int = 6
    rate: float = 0.5
    decay: float = 2e-6  # pull of each weight to nothing, at each step that touches it
    seed: int = 7


def rarity(rows: Sequence[Features]) -> dict[int, float]:
    """Inverse document frequency: what few messages have tells more."""
    seen = Counter(bucket for row in rows for bucket in row)
    return {bucket: math.log((1 + len(rows)) / (1 + count)) + 1 for bucket, count in seen.items()}


def weighed(features: Features, rare: dict[int, float]) -> tuple[tuple[int, float], ...]:
    """Scaled to length one, so that long and short messages weigh the same."""
    values = [(bucket, count * rare[bucket]) for bucket, count in features.items()]
    length = math.sqrt(sum(value * value for _, value in values)) or 1.0
    return tuple((bucket, value / length) for bucket, value in values)


def train(rows: Sequence[Row], labels: int, recipe: Recipe) -> dict[int, list[float]]:
    """Weights by bucket, one for each label; steps shrink by what a bucket has moved (AdaGrad)."""
    share = _balance(rows, labels)
    weights: dict[int, list[float]] = {}
    moved: dict[int, list[float]] = {}
    order, draw = list(range(len(rows))), random.Random(recipe.seed)  # noqa: S311  data, no secret
    for _ in range(recipe.epochs):
        draw.shuffle(order)
        for place in order:
            _step(rows[place], weights, moved, share, labels, recipe)
    return weights


def _balance(rows: Sequence[Row], labels: int) -> list[float]:
    """A rare label counts more for each of its messages."""
    counts = Counter(label for _, label in rows)
    return [math.sqrt(len(rows) / (labels * counts[label])) if counts[label] else 0.0 for label in range(labels)]


def _step(
    row: Row,
    weights: dict[int, list[float]],
    moved: dict[int, list[float]],
    share: Sequence[float],
    labels: int,
    recipe: Recipe,
) -> None:
    features, label = row
    errors = probabilities(scores(features, weights, labels))
    errors[label] -= 1.0
    errors = [error * share[label] for error in errors]
    if max(map(abs, errors)) < 1e-4:
        return
    rate, decay = recipe.rate, recipe.decay
    for bucket, value in features:
        own = weights.get(bucket)
        if own is None:
            own = weights[bucket] = [0.0] * labels
            moved[bucket] = [1e-3] * labels
        past = moved[bucket]
        for place, error in enumerate(errors):
            slope = error * value + decay * own[place]
            past[place] += slope * slope
            own[place] -= rate * slope / math.sqrt(past[place])


def scores(features: Sequence[tuple[int, float]], weights: dict[int, list[float]], labels: int) -> list[float]:
    totals = [0.0] * labels
    for bucket, value in features:
        own = weights.get(bucket)
        if own is not None:
            totals = [total + value * weight for total, weight in zip(totals, own, strict=True)]
    return totals


def probabilities(totals: Sequence[float]) -> list[float]:
    highest = max(totals)
    powers = [math.exp(total - highest) for total in totals]
    whole = sum(powers)
    return [power / whole for power in powers]
