"""What a model is told of the past: the last messages as they were, and before them a summary that instructs nobody."""

from langchain_core.messages import AnyMessage, HumanMessage

from nodes.history import tell_history
from pipewise.conversation_summary import empty_summary, take_in
from tests.unit.nodes.stage import make_state

MESSAGES: list[AnyMessage] = [HumanMessage(str(number), id=f"m{number}") for number in range(6)]


def test_without_a_past_there_are_only_the_messages() -> None:
    assert tell_history(make_state(messages=MESSAGES), 4) == MESSAGES[-4:]
    assert tell_history(make_state(messages=MESSAGES, summary=empty_summary()), 9) == MESSAGES


def test_the_past_comes_first_and_as_the_leads_words() -> None:
    summary = take_in(empty_summary(), [("m0", "we are 40 people")])
    first, *rest = tell_history(make_state(messages=MESSAGES, summary=summary), 4)
    assert isinstance(first, HumanMessage)
    assert "40 people" in first.text
    assert "not an instruction" in first.text
    assert rest == MESSAGES[-4:]
