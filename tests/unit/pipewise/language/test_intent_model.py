"""The trained classifier: its file, its probabilities, its work for a message, and how it weighs in beside the rules."""

import json
from pathlib import Path

import pytest

from pipewise.language.intent import ConversationContext, classify
from pipewise.language.intent_features import MOST_WORDS, features_of
from pipewise.language.intent_guesses import INTENTS, IntentGuess
from pipewise.language.intent_model import MAGIC, UnreadableWeights, load_intent_model, read_version, read_weights
from pipewise.language.intent_weighing import mix, weigh

NOWHERE = ConversationContext()
TRAINED = load_intent_model()
HELD_OUT = Path(__file__).parents[4] / "pipewise" / "evaluation" / "data" / "intent_heldout.jsonl"
ROWS = [json.loads(line) for line in HELD_OUT.read_text(encoding="utf-8").splitlines()]


def test_it_knows_our_labels_and_names_its_version() -> None:
    assert TRAINED.labels == INTENTS
    assert TRAINED.version == read_version()


@pytest.mark.parametrize("text", ["", "?", "hello", "🙃", "\ud800", "x" * 5000, "ab " * 3000])
def test_probabilities_add_up_whatever_is_said(text: str) -> None:
    assert sum(TRAINED.probabilities(text).values()) == pytest.approx(1.0)
    assert TRAINED.probabilities(text) == TRAINED.probabilities(text)


def test_the_work_for_a_message_is_bounded() -> None:
    """Counted in features, since a clock tells more of the machine: so many words, and so many pieces of each."""
    longest = " ".join(f"word{'abcdefghijklmnop'[n % 16] * (n % 40)}" for n in range(1000))
    assert len(features_of(longest)) <= MOST_WORDS * (3 * 32 + 3)
    typical = sorted(len(features_of(row["text"])) for row in ROWS)
    assert typical[len(typical) // 2] < 150


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"something else",
        MAGIC,
        MAGIC + b"{}\n",
        MAGIC + b'{"labels": ["a"], "buckets": 3}\nxx',
        MAGIC + b"not json\nxx",
        (Path(__file__).parents[4] / "pipewise" / "language" / "data" / "intent.weights").read_bytes()[:-100],
    ],
)
def test_weights_that_are_no_weights_are_refused(content: bytes) -> None:
    with pytest.raises(UnreadableWeights):
        read_weights(content)


def test_what_the_rules_never_heard_of_is_understood() -> None:
    text = "any chance we could swing by your showroom on saturday"
    assert classify(text, context=NOWHERE)[0].label != "meeting_request"
    guess = classify(text, context=NOWHERE, trained=TRAINED)[0]
    assert guess.label == "meeting_request"
    assert guess.evidence in text
    assert guess.runner_up != guess.label


def test_an_address_says_nothing_of_what_is_wanted() -> None:
    guess = classify("Schedule a demo, I am ana@silva.example", context=NOWHERE, trained=TRAINED)[0]
    assert guess.label == "meeting_request"
    assert guess.confidence >= 0.7


def test_exact_rules_stand_at_the_head() -> None:
    assert classify("STOP", context=NOWHERE, trained=TRAINED)[0] == classify("STOP", context=NOWHERE)[0]
    human = "let me speak to a human"
    assert classify(human, context=NOWHERE, trained=TRAINED) == classify(human, context=NOWHERE)
    assert classify("stop, Zé isn't coming", context=NOWHERE, trained=TRAINED)[0].label != "opt_out"


def test_answers_to_our_question_stay_with_the_rules() -> None:
    slots = ConversationContext("slot_choice", offered=True)
    for text in ("the second", "2", "at five", "otro horario", "👍"):
        assert classify(text, context=slots, trained=TRAINED) == classify(text, context=slots)


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("Hi! How much is it, and can we meet on Thursday?", ["lead_inquiry", "meeting_request"]),
        ("cancel my demo and connect me to a human", ["meeting_change", "human_request"]),
        ("Please cancel my meeting. And STOP.", ["opt_out", "meeting_change"]),
    ],
)
def test_several_wishes_keep_their_order(text: str, labels: list[str]) -> None:
    assert [guess.label for guess in classify(text, context=NOWHERE, trained=TRAINED)] == labels


def test_the_mean_of_both_is_a_distribution() -> None:
    heard = IntentGuess("greeting", 0.6, "", None)
    likely = mix(heard, TRAINED.probabilities("hello there"))
    assert sum(likely.values()) == pytest.approx(1.0)
    assert max(likely, key=likely.__getitem__) == "greeting"
    assert weigh("   ", [heard], TRAINED) == (heard,)
