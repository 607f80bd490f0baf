"""Words that tell messages apart, and answers that repeat them."""

import pytest

from bench.marks import find_marks, noted_in


def test_marks_are_found_in_the_order_of_their_last_writing() -> None:
    assert find_marks(["demo, alpha", "demo, bravo", "demo, alpha"]) == ["bravo", "alpha"]


@pytest.mark.parametrize("text", ["", "alphabet", "alphas"])
def test_a_part_of_a_word_is_no_mark(text: str) -> None:
    assert find_marks([text]) == []


def test_an_answer_names_what_it_answers() -> None:
    assert noted_in("1. Monday\nNoted: alpha, charlie.") == ["alpha", "charlie"]
    assert noted_in("alpha, without being noted") == []
