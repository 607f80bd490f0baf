"""Answers to a checklist, checked by kind, with exact quotes."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipewise.language.answers import Asker, Choice, is_attempt, names_choice, read_answer
from tests.fakes import NOON

ASKER = Asker(NOON, "Europe/Lisbon", "+351911000001")
PLANS = (Choice("Team", ("small plan",)), Choice("Enterprise", ("corporativo", "إنتربرايز")))
ANSWERS = {
    ("email", "it's Ana@Silva.Example, thanks"): ("Ana@silva.example", "Ana@Silva.Example"),
    ("email", "ana at silva"): None,
    ("phone", "call 912 345 678"): ("+351912345678", "912 345 678"),
    ("phone", "+44 20 7946 0958"): ("+442079460958", "+44 20 7946 0958"),
    ("phone", "12"): None,
    ("amount", "around 5k"): ("5000", "5k"),
    ("amount", "50"): ("50", "50"),
    ("amount", "2.000 € por mês"): ("2000 EUR per month", "2.000 € por mês"),
    ("amount", "cinco"): None,
    ("amount", "not sure yet"): None,
    ("date", "tomorrow"): ((NOON + timedelta(days=1)).date().isoformat(), "tomorrow"),
    ("date", "3 December 2026"): ("2026-12-03", "3 December 2026"),
    ("date", "whenever"): None,
    ("choice", "the enterprise one"): ("Enterprise", "enterprise"),
    ("choice", "Corporativo"): ("Enterprise", "Corporativo"),
    ("choice", "the small plan"): ("Team", "small plan"),
    ("choice", "2"): ("Enterprise", "2"),
    ("choice", "9"): None,
    ("choice", "team or enterprise?"): None,
    ("choice", "teamwork"): None,
    ("text", "  too many calls "): ("too many calls", "too many calls"),
    ("text", "  "): None,
}


@pytest.mark.parametrize(("kind", "text"), list(ANSWERS), ids=lambda value: value[:20])
def test_reads_an_answer(kind: str, text: str) -> None:
    found = read_answer(text, kind, ASKER, PLANS)
    assert found == ANSWERS[kind, text]
    assert found is None or found[1] in text


@pytest.mark.parametrize(
    ("kind", "text", "tried"),
    [
        ("email", "ana@silva", True),
        ("email", "no thanks", False),
        ("phone", "12", True),
        ("date", "32/13", True),
        ("amount", "no idea", False),
        ("text", "ana@silva 12", False),
        ("choice", "12", False),
    ],
)
def test_a_refusal_to_answer_is_no_attempt(kind: str, text: str, tried: bool) -> None:
    assert is_attempt(text, kind) is tried


def test_a_choice_that_was_not_asked_for_counts_beside_what_it_is_about() -> None:
    assert names_choice("We want the Enterprise plan. Our team is five.", "plan", PLANS) == ("Enterprise", "Enterprise")
    assert names_choice("Our team is five. What plans are there?", "plan", PLANS) is None


@given(st.text(max_size=200), st.sampled_from(["email", "phone", "amount", "date", "choice", "text"]))
def test_anything_can_be_answered(text: str, kind: str) -> None:
    found = read_answer(text, kind, ASKER, PLANS)
    assert found is None or (found[0] and found[1])
    is_attempt(text, kind)
    names_choice(text, "plan", PLANS)
