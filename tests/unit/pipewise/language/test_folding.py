"""Folding keeps the way back to the source; patterns find what they say and no more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipewise.language.folding import fold, sentences, words
from pipewise.language.patterns import PhraseTable


def _spoken(text: str) -> list[str]:
    return [word.text for word in words(text)]


def test_folds_case_accents_digits_and_apostrophes() -> None:
    assert _spoken("Déjà VU ٣ don’t l’appel geht's") == ["deja", "vu", "3", "dont", "l", "appel", "gehts"]


def test_devanagari_words_stay_whole() -> None:
    assert _spoken("मीटिंग कैंसल कीजिए") == ["मीटिंग", "कैंसल", "कीजिए"]


def test_arabic_forms_of_one_letter_are_one() -> None:
    assert _spoken("إلغاء الغاء أحمد مكالمة") == ["الغاء", "الغاء", "احمد", "مكالمه"]


def test_numbers_keep_their_inner_punctuation() -> None:
    assert _spoken("15:00, 3.12. 3pm 2-4 1,200") == ["15:00", "3.12", "3", "pm", "2-4", "1,200"]


def test_sentences_end_where_they_end() -> None:
    assert [len(part) for part in sentences("Stop. Thank you! At 15.30 we talk\nyes")] == [1, 2, 4, 1]


@given(st.text(max_size=200))
def test_every_word_leads_back_to_the_source(text: str) -> None:
    folded = fold(text)
    assert len(folded.origin) == len(folded.text) + 1
    for word in words(text):
        quote = folded.quote(word.start, word.end)
        assert quote
        assert quote in text


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("book a call", "please book a call now", True),
        ("book a call", "book the call", False),
        ("reschedul*", "rescheduling", True),
        ("book|reserve a?  slot", "reserve slot", True),
        ("move ... call", "move our weekly intro call", True),
        ("move ... call", "move one two three four five call", False),
        ("at #", "at 15:00", True),
        ("l'appel", "décaler l’appel", True),
    ],
)
def test_patterns(pattern: str, text: str, found: bool) -> None:
    assert PhraseTable([(pattern, None)]).found_in(words(text)) is found


@pytest.mark.parametrize("pattern", ["... call", "a|b-c", ""])
def test_a_pattern_that_cannot_work_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"pattern|choice"):
        PhraseTable([(pattern, None)])


def test_every_digit_becomes_one_that_can_be_counted_with() -> None:
    assert [word.text for word in words("❶ ② ٣ ४ ➄")] == ["1", "2", "3", "4", "5"]
