"""The trained intent classifier: hashed features of a message, weighed for each label, with calibrated probabilities.

Its weights are one file of the package, made by `evals/train_intent.py`; reading them takes milliseconds and two megabytes.
"""

import json
import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from zlib import crc32

from pipewise.language.intent_features import BUCKETS, features_of

MAGIC = b"pipewise-intent-1\n"
RARITY_STEPS = 255
WEIGHT_STEPS = 127
_UNSEEN = 0


class UnreadableWeights(ValueError):
    """The file of weights is cut, damaged, or of another make."""


@dataclass(frozen=True)
class IntentModel:
    """`version` names the weights; `trained_on` is the digest of the messages that they were trained from."""

    labels: tuple[str, ...]
    version: str
    trained_on: str
    temperature: float
    scale: float
    _rarity: bytes
    _weights: Sequence[int]

    def probabilities(self, text: str) -> dict[str, float]:
        """How likely each label is."""
        totals = self._totals(text)
        highest = max(totals)
        powers = [math.exp((total - highest) / self.temperature) for total in totals]
        whole = sum(powers)
        return {label: power / whole for label, power in zip(self.labels, powers, strict=True)}

    def _totals(self, text: str) -> list[float]:
        count, length = len(self.labels), 0.0
        totals = [0.0] * count
        for bucket, times in features_of(text).items():
            value = times * (self._rarity[bucket] or RARITY_STEPS) / RARITY_STEPS
            length += value * value
            if self._rarity[bucket] != _UNSEEN:
                own = self._weights[bucket * count : (bucket + 1) * count]
                totals = [total + value * weight for total, weight in zip(totals, own, strict=True)]
        scale = self.scale / math.sqrt(length) if length else 0.0
        return [total * scale for total in totals]


def read_weights(content: bytes) -> IntentModel:
    """Raises UnreadableWeights."""
    try:
        if not content.startswith(MAGIC):
            raise UnreadableWeights("these are no weights of the intent classifier")
        header, _, packed = content[len(MAGIC) :].partition(b"\n")
        about = json.loads(header)
        body = zlib.decompress(packed)
        labels = tuple(about["labels"])
        if about["buckets"] != BUCKETS or len(body) != BUCKETS * (len(labels) + 1):
            raise UnreadableWeights("the weights are of another size than the classifier's features")
        return IntentModel(
            labels=labels,
            version=_version_of(content),
            trained_on=about["trained_on"],
            temperature=about["temperature"],
            scale=about["scale"],
            _rarity=body[:BUCKETS],
            _weights=memoryview(body)[BUCKETS:].cast("b"),
        )
    except (zlib.error, json.JSONDecodeError, KeyError, TypeError) as error:
        raise UnreadableWeights(f"the weights of the intent classifier cannot be read: {error}") from error


def load_intent_model() -> IntentModel:
    """The weights that ship with the package."""
    return read_weights(_shipped())


def read_version() -> str:
    """Names the weights that ship, without reading them in."""
    return _version_of(_shipped())


def _shipped() -> bytes:
    return resources.files("pipewise.language").joinpath("data", "intent.weights").read_bytes()


def _version_of(content: bytes) -> str:
    return f"{crc32(content):08x}"
