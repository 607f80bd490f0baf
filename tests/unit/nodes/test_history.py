"""What a model is told of the past: the last messages as they were, and before them a summary that instructs nobody."""

from langchain_core.messages import AnyMessage, HumanMessage

from graph.state import SaidInput
from nodes.history import COLLEAGUE, of_colleagues, retell, tell_history, unseen
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


def test_a_colleagues_words_are_marked_and_the_agents_are_not() -> None:
    said: list[SaidInput] = [
        {"id": "s1", "by": "human", "text": "I call you."},
        {"id": "s2", "by": "agent", "text": "Did one of the times suit you?"},
    ]
    told = [(message.type, message.text, message.id) for message in map(retell, said)]
    assert told == [
        ("ai", f"{COLLEAGUE} I call you.", "s1"),
        ("ai", "Did one of the times suit you?", "s2"),
    ]
    assert of_colleagues(said) == ["I call you."]


def test_what_the_conversation_holds_already_is_not_told_twice() -> None:
    said: list[SaidInput] = [{"id": "m1", "by": "human", "text": "1"}, {"id": "s2", "by": "human", "text": "2"}]
    assert [one["id"] for one in unseen(make_state(messages=MESSAGES, said=said))] == ["s2"]
    assert unseen(make_state(messages=MESSAGES)) == []
