"""Invisible characters, turned text, and letters of another alphabet that look like ours."""

import pytest

from pipewise.language.characters import hides_text, is_of_other_script, mixes_alphabets
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
        assert not is_of_other_script(said, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [("Спасибо за интерес", "en"), ("谢谢您的关注", "pt"), ("आपका धन्यवाद", "en"), ("شكرا لك", "hi")],
)
def test_a_script_that_the_language_is_not_written_in_is_seen(text: str, language: str) -> None:
    assert is_of_other_script(text, language)


def test_a_name_in_another_script_is_no_other_language() -> None:
    assert not is_of_other_script("Our partner Яндекс would be glad to see you at our next meeting", "en")
