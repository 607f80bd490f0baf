"""What leads wrote against what the vendor was sent."""

import pytest

from bench.tally import Tally, count_answers

ALPHA, BRAVO = ("alpha",), ("bravo",)


@pytest.mark.parametrize(
    ("sends", "expected"),
    [
        ([("1", ALPHA)], Tally(messages=1, doubled=0, lost=0, wrong=0)),
        ([], Tally(messages=1, doubled=0, lost=1, wrong=0)),
        ([("1", ALPHA), ("1", ALPHA)], Tally(messages=1, doubled=1, lost=0, wrong=0)),
        ([("2", ALPHA)], Tally(messages=1, doubled=0, lost=1, wrong=0)),
    ],
)
def test_one_message_is_owed_one_answer(sends: list[tuple[str, tuple[str, ...]]], expected: Tally) -> None:
    assert count_answers({"1": ALPHA}, sends) == expected


def test_one_answer_may_name_several_messages() -> None:
    assert count_answers({"1": ALPHA + BRAVO}, [("1", ALPHA + BRAVO)]) == Tally(2, doubled=0, lost=0, wrong=0)


def test_the_last_answer_is_to_be_to_the_newest_message() -> None:
    assert count_answers({"1": ALPHA + BRAVO}, [("1", BRAVO), ("1", ALPHA)]) == Tally(2, doubled=1, lost=0, wrong=1)


def test_what_waits_for_a_person_is_not_lost() -> None:
    assert count_answers({"1": ALPHA, "2": ALPHA}, [], {"1"}) == Tally(2, doubled=0, lost=1, wrong=0, parked=1)
