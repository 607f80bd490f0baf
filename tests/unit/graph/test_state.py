"""The window of messages: the newest stay, the same message twice is one, whatever the length of the conversation."""

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage

from graph.state import WINDOW, empty_memory, keep_window


def test_the_newest_messages_stay_in_order() -> None:
    messages: list[AnyMessage] = []
    for number in range(WINDOW + 5):
        messages = keep_window(messages, [HumanMessage(str(number), id=f"m{number}")])
    assert [message.content for message in messages] == [str(number) for number in range(5, WINDOW + 5)]


def test_a_message_that_comes_again_replaces_itself() -> None:
    once = keep_window([HumanMessage("hello", id="m1"), AIMessage("hi", id="m2")], [HumanMessage("hello!", id="m1")])
    assert [(message.id, message.content) for message in once] == [("m1", "hello!"), ("m2", "hi")]


def test_more_new_messages_than_the_window_holds_leave_its_newest() -> None:
    many: list[AnyMessage] = [HumanMessage(str(number), id=f"m{number}") for number in range(WINDOW * 3)]
    assert keep_window([], many) == many[-WINDOW:]


def test_every_conversation_begins_with_a_memory_of_its_own() -> None:
    first, second = empty_memory(), empty_memory()
    first["offered"].append({"handle": "slot_1"})
    first["asked"].append("need")
    assert (second["offered"], second["asked"]) == ([], [])


def test_the_cut_never_parts_a_functions_answer_from_its_call() -> None:
    call = AIMessage("", id="call", tool_calls=[{"name": "look", "args": {}, "id": "c1", "type": "tool_call"}])
    answers: list[AnyMessage] = [
        ToolMessage("one", tool_call_id="c1", id="t1"),
        ToolMessage("two", tool_call_id="c1", id="t2"),
    ]
    later: list[AnyMessage] = [HumanMessage(str(number), id=f"m{number}") for number in range(WINDOW - 1)]
    assert keep_window([], [call, *answers, *later]) == later
    whole = [call, *answers, *later[:-2]]
    assert keep_window([], whole) == whole
