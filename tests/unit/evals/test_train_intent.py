"""Training: the same messages give the same bytes, and the weights that ship say what they were trained from."""

import math

from evals.softmax import Recipe, probabilities, rarity, weighed
from evals.train_intent import WEIGHTS, digest_of, read_messages, train_weights
from evals.write_intents import WRITTEN
from pipewise.language.intent_model import load_intent_model, read_weights

SMALL = read_messages(WRITTEN)[::40]
QUICK = Recipe(epochs=2)


def test_the_same_messages_give_the_same_weights() -> None:
    first, second = train_weights(SMALL, QUICK), train_weights(SMALL, QUICK)
    assert first == second
    assert train_weights(SMALL[1:], QUICK) != first


def test_what_was_trained_on_is_learned() -> None:
    model = read_weights(train_weights(SMALL, Recipe(epochs=4)))
    likely = [model.probabilities(message["text"]) for message in SMALL]
    right = sum(max(found, key=found.__getitem__) == m["label"] for found, m in zip(likely, SMALL, strict=True))
    assert right / len(SMALL) >= 0.95


def test_the_weights_that_ship_were_trained_on_the_messages_that_are_here() -> None:
    assert load_intent_model().trained_on == digest_of(read_messages(WRITTEN)), "make train"


def test_the_weights_are_small() -> None:
    assert WEIGHTS.stat().st_size < 2_000_000


def test_features_are_scaled_to_length_one() -> None:
    rare = rarity([{1: 1.0, 2: 1.0}, {1: 1.0}])
    assert rare[2] > rare[1]
    assert math.isclose(sum(value**2 for _, value in weighed({1: 2.0, 2: 1.0}, rare)), 1.0)


def test_probabilities_stand_however_large_the_sums() -> None:
    assert probabilities([1000.0, 0.0]) == [1.0, 0.0]
