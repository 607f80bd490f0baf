"""Invisible characters, turned text, and letters of another alphabet that look like ours."""

import pytest

from pipewise.language.hidden_text import hides_text, mixes_alphabets
from pipewise.language.phrases import PHRASES

HIDING = ("0\u200b3:17", "\u202eyap\u202c", "a\u2066b", "ok" + chr(0xE0041), "\ufeffhi", "\x1b[31m", "\x00", "\ue000")


@pytest.mark.parametrize("text", HIDING)
def test_what_hides_is_seen(text: str) -> None:
    assert hides_text(text)


@pytest.mark.parametrize("text", ["b\u043eoked", "c\u03bfnfirmed for you", "paypa\u04cf"])
def test_letters_that_only_look_like_ours_are_seen(text: str) -> None:
    assert mixes_alphabets(text)


@pytest.mark.parametrize(
    "text",
    [
        "क\u094d\u200dष",
        "👩\u200d💻 ok",
        "مرحبا \u200fCalendly\u200e",
        "Москва and Lisbon",
        "α and β",
        "line\nline\ttab",
    ],
)
def test_what_people_write_hides_nothing(text: str) -> None:
    assert not hides_text(text)
    assert not mixes_alphabets(text)


@pytest.mark.parametrize("language", sorted(PHRASES))
def test_none_of_our_own_sentences_does(language: str) -> None:
    for said in PHRASES[language].values():
        assert not hides_text(said)
        assert not mixes_alphabets(said)
