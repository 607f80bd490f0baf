"""Every intent has its specialist, every route its node."""

from typing import cast, get_args

import pytest

from graph.routing import SPECIALIST_OF, Specialist, after_gate, after_intent
from graph.state import LeadState
from nodes.classify import Label
from pipewise.language.intent import INTENTS


def at(route: str) -> LeadState:
    return cast("LeadState", {"route": route})


def test_every_intent_has_a_specialist_and_no_other_word_has() -> None:
    assert set(SPECIALIST_OF) == set(INTENTS) == set(get_args(Label))
    assert set(SPECIALIST_OF.values()) == set(get_args(Specialist))


@pytest.mark.parametrize("specialist", get_args(Specialist))
def test_a_classified_turn_goes_to_its_specialist(specialist: str) -> None:
    assert after_intent(at(specialist)) == specialist


@pytest.mark.parametrize(
    ("intent", "specialist"),
    [
        ("meeting_request", "scheduler"),
        ("meeting_change", "scheduler"),
        ("lead_inquiry", "qualifier"),
        ("follow_up", "follow_up"),
        ("human_request", "hand_off"),
        ("opt_out", "converse"),
        ("greeting", "converse"),
        ("out_of_scope", "converse"),
    ],
)
def test_the_specialist_of_an_intent(intent: str, specialist: str) -> None:
    assert SPECIALIST_OF[intent] == specialist


def test_a_question_back_is_small_talk() -> None:
    assert after_intent(at("clarify")) == "converse"


@pytest.mark.parametrize(
    ("route", "node"),
    [("silent", "update_lead"), ("converse", "converse"), ("hand_off", "hand_off"), ("", "classify_intent")],
)
def test_the_gate_decides_before_any_model(route: str, node: str) -> None:
    assert after_gate(at(route)) == node
