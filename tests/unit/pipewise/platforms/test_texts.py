"""Shortening by whatever a vendor counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipewise.platforms.texts import shorten, utf8_bytes, utf16_units
from pipewise.platforms.x.weights import weighted_length


@pytest.mark.parametrize("measure", [len, utf8_bytes, utf16_units, weighted_length])
@given(text=st.text(max_size=120), limit=st.integers(min_value=0, max_value=80))
def test_no_text_is_longer_than_its_limit(measure: object, text: str, limit: int) -> None:
    assert callable(measure)
    assert measure(shorten(text, limit, measure)) <= max(limit, 0)


@given(text=st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=80), limit=st.integers(4, 60))
def test_what_is_cut_by_bytes_is_still_text(text: str, limit: int) -> None:
    short = shorten(text, limit, utf8_bytes)
    assert short.encode().decode() == short
    assert short == text or short.endswith("…")


def test_a_character_that_people_see_as_one_is_not_torn() -> None:
    assert shorten("ab👍🏽cd", 9, utf8_bytes) == "ab…"
    assert shorten("cafe\u0301 noir", 8, utf8_bytes) == "caf…"


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("hello", 5),
        ("é", 1),
        ("e\u0301", 1),
        ("日本", 4),
        ("😀", 2),
        ("👩\u200d💻", 2),
        ("👍🏽", 2),
        ("🇵🇹", 2),
        ("❤\ufe0f", 2),
        ("see https://example.com/a/very/long/path/that/goes/on?x=1 now", 31),
        ("https://a.co", 23),
        ("visit a.co", 29),
    ],
)
def test_a_post_is_counted_as_x_counts(text: str, length: int) -> None:
    assert weighted_length(text) == length
