"""`python -m evals.train_intent`: trains the intent classifier on our own messages and writes the weights that ship.

Nothing but this file, the messages and Python's own arithmetic goes into the weights: the same messages give the same bytes.
"""

import hashlib
import json
import zlib
from collections.abc import Sequence
from pathlib import Path

from evals.softmax import Recipe, Row, rarity, train, weighed
from evals.write_intents import WRITTEN
from pipewise.language.intent_features import BUCKETS, features_of
from pipewise.language.intent_guesses import INTENTS
from pipewise.language.intent_model import MAGIC, RARITY_STEPS, WEIGHT_STEPS

WEIGHTS = Path(__file__).parents[1] / "pipewise" / "language" / "data" / "intent.weights"
# Of a message in another style than the training messages the classifier is less sure than its sums say: the value
# with the best likelihood on the project's handwritten messages, which are not trained on (docs/evals.md).
TEMPERATURE = 1.0


def read_messages(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def digest_of(messages: Sequence[dict[str, str]]) -> str:
    """Of what is trained on: the texts with their labels, in order."""
    told = "".join(f"{message['label']}\t{message['text']}\n" for message in messages)
    return hashlib.sha256(told.encode()).hexdigest()


def train_weights(messages: Sequence[dict[str, str]], recipe: Recipe, temperature: float = TEMPERATURE) -> bytes:
    """The file of weights."""
    found = [features_of(message["text"]) for message in messages]
    rare = _stepped(rarity(found))
    rows: list[Row] = [
        (weighed(features, rare), INTENTS.index(message["label"]))
        for features, message in zip(found, messages, strict=True)
    ]
    weights = train(rows, len(INTENTS), recipe)
    return _pack(rare, weights, digest_of(messages), temperature)


def _stepped(rare: dict[int, float]) -> dict[int, float]:
    """In the steps that the file has, so that training sees what will be read: 1 for the rarest."""
    top = max(rare.values())
    return {bucket: max(1, round(value / top * RARITY_STEPS)) / RARITY_STEPS for bucket, value in rare.items()}


def _pack(rare: dict[int, float], weights: dict[int, list[float]], trained_on: str, temperature: float) -> bytes:
    highest = max(abs(weight) for own in weights.values() for weight in own)
    scale = highest / WEIGHT_STEPS
    rarities, body = bytearray(BUCKETS), bytearray(BUCKETS * len(INTENTS))
    for bucket, value in rare.items():
        rarities[bucket] = round(value * RARITY_STEPS)
    for bucket, own in weights.items():
        for place, weight in enumerate(own):
            body[bucket * len(INTENTS) + place] = round(weight / scale) & 0xFF
    about = {
        "labels": INTENTS,
        "buckets": BUCKETS,
        "trained_on": trained_on,
        "temperature": temperature,
        "scale": scale,
    }
    return MAGIC + json.dumps(about).encode() + b"\n" + zlib.compress(bytes(rarities + body), 9)


if __name__ == "__main__":
    WEIGHTS.parent.mkdir(exist_ok=True)
    WEIGHTS.write_bytes(train_weights(read_messages(WRITTEN), Recipe()))
