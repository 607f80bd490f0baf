"""The messages that the intent classifier is trained from: written by the grammars, many, varied, and none of them measured with."""

import json
from collections import Counter
from pathlib import Path

import pytest

from evals.grammar import read_grammar
from evals.near_duplicates import Kept, count_distinct
from evals.write_intents import WRITTEN, measured_sentences, render, write_messages
from pipewise.language.intent_guesses import INTENTS


def read(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def messages() -> list[dict[str, str]]:
    return read(WRITTEN)


def test_the_file_is_what_the_grammars_say() -> None:
    assert WRITTEN.read_text(encoding="utf-8") == render(write_messages()), "python -m evals.write_intents"


def test_there_are_more_than_six_thousand_that_are_no_near_duplicates(messages: list[dict[str, str]]) -> None:
    assert count_distinct(message["text"] for message in messages) == len(messages) >= 6000


def test_a_near_duplicate_shares_three_quarters_of_its_words() -> None:
    kept = Kept()
    assert kept.add("can we meet on monday")
    assert not kept.add("Can we meet on Monday?")
    assert not kept.add("can we meet on monday please")
    assert kept.add("can we talk on friday")
    assert kept.add("👍")
    assert not kept.add("👍")


def test_every_language_has_every_label(messages: list[dict[str, str]]) -> None:
    counts = Counter((message["lang"], message["label"]) for message in messages)
    for language in ("en", "es", "pt", "fr", "de", "it", "hi", "ar"):
        assert all(counts[language, label] >= 30 for label in INTENTS), language
    latin_hindi = [m for m in messages if m["lang"] == "hi" and m["text"].isascii()]
    assert len(latin_hindi) >= 300


def test_nothing_that_is_measured_with_is_trained_on(messages: list[dict[str, str]]) -> None:
    known = Kept()
    for message in messages:
        known.add(message["text"])
    assert len(measured_sentences()) > 300
    assert [text for text in measured_sentences() if known.is_near(text)] == []


def test_a_grammar_that_names_an_unknown_slot_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "xx.txt"
    path.write_text("= greeting\nhello {nobody}\n")
    with pytest.raises(ValueError, match="nobody"):
        read_grammar(path)
    path.write_text("hello\n")
    with pytest.raises(ValueError, match="outside of a label"):
        read_grammar(path)
