"""Before any model: what a lead has a right to is decided by rules, and silence always has a reason."""

from dataclasses import replace
from typing import Any

import pytest
from langchain_core.messages import AIMessage, HumanMessage

from nodes.gate import gate
from pipewise.language.phrases import say
from pipewise.leads import Lead, Status
from tests.unit.nodes.stage import ANA, MEETING, make_state

OUT = replace(ANA, opted_out=True, status=Status.OPTED_OUT)
PAUSED = replace(ANA, agent="paused", status=Status.HANDED_OFF)


@pytest.mark.parametrize(
    "text", ["STOP", "Stop. Thank you", "unsubscribe", "parar", "hör auf mir zu schreiben", "hi\nSTOP"]
)
@pytest.mark.parametrize("lead", [ANA, PAUSED], ids=["active", "paused"])
async def test_opting_out_is_confirmed_whoever_has_the_conversation(text: str, lead: Lead) -> None:
    update = await gate(make_state(text, lead))
    assert (update["intent"], update["route"], update["proposal"]) == ("opt_out", "converse", {"opt_out": True})
    assert update["draft"] == say("opt_out_done", "en")


async def test_a_second_stop_gets_silence() -> None:
    update = await gate(make_state("stop", OUT))
    assert update["route"] == "silent"
    assert update["actions"] == [{"type": "silence", "reason": "the lead opted out before"}]


async def test_start_after_stop_is_welcomed_and_start_alone_means_nothing() -> None:
    assert (await gate(make_state("START", OUT)))["proposal"] == {"opt_out": False}
    assert await gate(make_state("START")) == {"route": ""}


async def test_who_opted_out_and_writes_a_question_is_still_answered() -> None:
    assert await gate(make_state("What does it cost?", OUT)) == {"route": ""}


async def test_a_voice_note_after_opting_out_gets_silence() -> None:
    assert (await gate(make_state(lead=OUT, events=[{"type": "audio"}])))["route"] == "silent"


@pytest.mark.parametrize("text", ["Schedule a demo", "are you a bot?", "I want a human", "hello?"])
async def test_nobody_talks_over_the_person_who_has_the_conversation(text: str) -> None:
    update = await gate(make_state(text, PAUSED))
    assert (update["route"], update["actions"][0]["reason"]) == ("silent", "a person has the conversation")


@pytest.mark.parametrize("text", ["I want to talk to a human", "quiero hablar con una persona", "agent please"])
async def test_a_person_is_wanted(text: str) -> None:
    update = await gate(make_state(text))
    assert (update["intent"], update["route"]) == ("human_request", "hand_off")
    assert update["intents"][0] | {"by": "rule", "confidence": 1.0} == update["intents"][0]


async def test_who_asks_whether_it_is_a_bot_gets_a_true_answer() -> None:
    update = await gate(make_state("are you a bot?"))
    assert (update["intent"], update["route"]) == ("greeting", "converse")


@pytest.mark.parametrize(
    "kind", ["audio", "image", "video", "sticker", "location", "contacts", "unsupported", "unknown"]
)
async def test_what_has_no_words_is_answered_with_words(kind: str) -> None:
    update = await gate(make_state(events=[{"type": kind}]))
    assert (update["intent"], update["route"]) == ("out_of_scope", "converse")
    assert update["draft"] == say("unsupported_media", "en")


async def test_a_picture_with_a_caption_is_its_caption() -> None:
    assert await gate(make_state(events=[{"type": "image", "text": "our office, can we meet?"}])) == {"route": ""}


@pytest.mark.parametrize("events", [[{"type": "text"}], [{"type": "form"}], [{}]])
async def test_an_empty_message_is_a_hello(events: list[dict[str, Any]]) -> None:
    update = await gate(make_state(events=events))
    assert (update["intent"], update["route"], update["draft"]) == ("greeting", "converse", None)


async def test_a_tap_without_words_goes_on() -> None:
    assert await gate(make_state(events=[{"type": "choice", "choice_id": "slot_1"}])) == {"route": ""}


async def test_everything_else_is_for_the_classifier() -> None:
    assert await gate(make_state("Schedule a demo")) == {"route": ""}


@pytest.mark.parametrize(
    ("text", "tag"),
    [("We offer SEO services", "vendor"), ("are you hiring?", "job_seeker"), ("you won a prize!", "spam")],
)
async def test_who_is_no_lead_is_answered_once_and_then_no_more(text: str, tag: str) -> None:
    update = await gate(make_state(text))
    assert (update["intent"], update["route"], update["proposal"]) == ("out_of_scope", "converse", {})
    assert update["draft"] == say("out_of_scope", "en")
    assert update["lead_values"] == {"tags": [tag], "qualified": False}
    assert (update["actions"][0]["type"], update["actions"][0]["who"]) == ("solicitation", tag)
    again = await gate(make_state(text, replace(ANA, tags=("vip", tag))))
    assert (again["route"], again["actions"][0]["reason"]) == ("silent", f"{tag}: answered before")
    assert await gate(make_state("What does it cost?", replace(ANA, tags=(tag,)))) == {"route": ""}


async def test_the_press_is_promised_a_person_who_gets_a_task() -> None:
    update = await gate(make_state("I'm a journalist with the Daily News"))
    assert update["draft"] == say("colleague_answers", "en")
    assert [task["kind"] for task in update["proposal"]["tasks"]] == ["press"]


async def test_who_asks_for_a_person_gets_one_whoever_it_is() -> None:
    assert (await gate(make_state("Are you hiring? Let me speak to a human")))["route"] == "hand_off"


async def test_who_curses_or_weeps_gets_a_person() -> None:
    update = await gate(make_state("i'm crying, my dad just died"))
    assert (update["intent"], update["route"]) == ("human_request", "hand_off")
    assert update["actions"] == [{"type": "upset", "quote": "just died"}]


async def test_the_last_message_is_said_again() -> None:
    said = [HumanMessage("hi"), AIMessage("1. Thu 3 Dec, 15:00"), HumanMessage("repeat please")]
    update = await gate(make_state("repeat please", messages=said))
    assert (update["route"], update["draft"]) == ("converse", "1. Thu 3 Dec, 15:00")
    assert (await gate(make_state("repeat please")))["route"] == "", "nothing was said yet"


async def test_the_language_is_the_one_that_is_asked_for() -> None:
    update = await gate(make_state("I want to speak spanish"))
    assert update["draft"] == say("language_switched", "es")
    assert (update["language"], update["lead_values"]["language"]) == ("es", "es")


async def test_another_address_for_a_booked_meeting_goes_to_a_colleague() -> None:
    booked = replace(ANA, meeting=MEETING, status=Status.MEETING_SCHEDULED)
    update = await gate(make_state("sorry, it is ana@other.example", booked))
    assert update["draft"] == say("colleague_invites", "en")
    assert [task["kind"] for task in update["proposal"]["tasks"]] == ["invitation"]
    assert (await gate(make_state("ana@silva.example it is", booked)))["route"] == ""
