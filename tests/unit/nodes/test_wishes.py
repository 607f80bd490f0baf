"""Several wishes of one message, and what was said of when before we asked back."""

from datetime import timedelta
from typing import Any, cast

import pytest

from graph.routing import after_gather, after_specialist
from graph.state import LeadState
from nodes.wishes import gather, handled, note_wish, words_of_wish
from tests.fakes import NOON
from tests.unit.nodes.stage import FREE, make_state, merged, offered, remembering


def wish(label: str, confidence: float = 0.9, runner_up: str | None = None) -> dict[str, Any]:
    return {"label": label, "confidence": confidence, "evidence": "", "runner_up": runner_up, "by": "offline"}


def acted(text: str, *labels: str, second: float = 0.9) -> list[str]:
    guesses = [wish(labels[0]), *(wish(label, second) for label in labels[1:])]
    return [guess["label"] for guess in handled(make_state(text), guesses)]


@pytest.mark.parametrize(
    ("labels", "kept"),
    [
        (("lead_inquiry", "meeting_request"), ["lead_inquiry", "meeting_request"]),
        (("meeting_request", "lead_inquiry"), ["meeting_request", "lead_inquiry"]),
        (("meeting_change", "lead_inquiry"), ["meeting_change", "lead_inquiry"]),
        (("opt_out", "meeting_change"), ["opt_out"]),
        (("human_request", "lead_inquiry"), ["human_request"]),
        (("lead_inquiry", "out_of_scope"), ["lead_inquiry"]),
        (("greeting", "lead_inquiry"), ["greeting"]),
    ],
)
def test_what_is_acted_on(labels: tuple[str, ...], kept: list[str]) -> None:
    assert acted("whatever", *labels) == kept


def test_a_second_wish_that_is_only_guessed_is_left() -> None:
    assert acted("x", "lead_inquiry", "meeting_request", second=0.4) == ["lead_inquiry"]


def test_to_come_back_later_needs_a_day_and_no_meeting_beside_it() -> None:
    assert acted("the price? write me in two weeks", "lead_inquiry", "follow_up") == ["lead_inquiry", "follow_up"]
    assert acted("the price? thanks", "lead_inquiry", "follow_up") == ["lead_inquiry"]
    assert acted("thanks for the call. Thursday?", "follow_up", "meeting_request") == ["meeting_request"]
    assert acted("cancel it, ask me in two weeks", "meeting_change", "follow_up") == ["meeting_change", "follow_up"]


def begun(*routes: str, **more: Any) -> LeadState:
    return make_state("x", routes=list(routes), route=routes[0], **more)


async def test_each_step_has_its_turn_and_all_becomes_one_draft() -> None:
    state = begun("scheduler", "qualifier", outcome={"kind": "offer"}, draft="1. Thu", draft_by="openai:a")
    assert after_specialist(state) == "gather"
    state = merged(cast("Any", state), await gather(state))
    assert (after_gather(state), state["draft"], state["draft_by"]) == ("qualifier", None, "rules")
    state = merged(state, {"draft": "20 EUR."})
    state = merged(state, await gather(state))
    assert after_gather(state) == "check_reply"
    assert (state["draft"], state["draft_by"]) == ("20 EUR.\n\n1. Thu", "openai:a")
    assert state["route"] == "scheduler"


async def test_what_is_settled_stays_in_the_order_of_the_wishes() -> None:
    state = begun("scheduler", "qualifier", outcome={"kind": "booked"}, draft="Booked.")
    state = merged(cast("Any", state), await gather(state))
    state = merged(state, await gather(merged(state, {"draft": "20 EUR."})))
    assert state["draft"] == "Booked.\n\n20 EUR."


async def test_a_step_without_words_leaves_no_gap() -> None:
    state = begun("qualifier", "scheduler", draft=None)
    state = merged(cast("Any", state), await gather(state))
    state = merged(state, await gather(merged(state, {"draft": "1. Thu", "outcome": {"kind": "offer"}})))
    assert state["draft"] == "1. Thu"


def test_one_wish_goes_on_as_ever() -> None:
    assert after_specialist(begun("scheduler")) == "check_reply"


FRIDAY = "perhaps on Friday morning"


def noted(text: str = FRIDAY, **more: Any) -> Any:
    memory = note_wish(make_state(text, **more))
    return memory and memory.get("wish")


def test_a_time_is_remembered_where_we_asked_back() -> None:
    assert noted(route="clarify", intents=[wish("follow_up", 0.3)]) == {"text": FRIDAY, "at": NOON.isoformat()}
    assert noted(route="qualifier", intents=[wish("lead_inquiry", 0.5, "meeting_request")])
    assert noted(route="qualifier", intents=[wish("lead_inquiry")]) is None, "a time that is about something else"
    assert noted("perhaps", route="clarify", intents=[wish("follow_up", 0.3)]) is None


def test_an_offer_uses_the_wish_up() -> None:
    memory = remembering(wish={"text": FRIDAY, "at": NOON.isoformat()}, offered=offered(*FREE))
    after = note_wish(make_state("yes", memory=memory, route="scheduler", outcome={"kind": "offer"}))
    assert after
    assert after["wish"] is None
    assert note_wish(make_state("yes", route="scheduler", outcome={"kind": "offer"})) is None


def said(text: str, *, ago: timedelta = timedelta(hours=1)) -> str:
    memory = remembering(wish={"text": FRIDAY, "at": (NOON - ago).isoformat()})
    return words_of_wish(make_state(text, memory=memory))


def test_the_newest_words_of_when_stand() -> None:
    assert said("yes, a call") == f"{FRIDAY}\nyes, a call"
    assert said("yes, on Monday") == "yes, on Monday"
    assert said("yes, a call", ago=timedelta(days=1)) == "yes, a call", "'tomorrow' meant another day yesterday"
    assert words_of_wish(make_state("yes")) == "yes"
