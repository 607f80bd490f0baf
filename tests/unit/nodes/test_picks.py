"""Which offered time is meant: taps of old buttons, words, and answers to what a choice still lacked."""

from datetime import timedelta
from typing import Any

import pytest

from nodes.picks import read_pick
from pipewise.language.phrases import PHRASES, format_slot
from pipewise.scheduling_desk import Memory, SchedulingDesk
from tests.unit.nodes.stage import FREE, ZONE, FakeDesks, make_state, offered


async def desk(*, chosen: str | None = None, awaiting: str | None = "slot_choice", times: Any = FREE) -> SchedulingDesk:
    memory = Memory(offered(*times), chosen, awaiting)
    return await FakeDesks().open("account-1", "lead-1", "run-1", memory=memory, learned={}, language="en", words="")


def tap(choice_id: str, text: str = "") -> dict[str, Any]:
    return {"type": "choice", "choice_id": choice_id, "text": text}


@pytest.mark.parametrize("language", sorted(PHRASES))
async def test_a_tap_on_a_button_of_the_present_offer(language: str) -> None:
    title = format_slot(FREE[1], language=language, timezone=ZONE)
    for shown in (title, ""):
        assert read_pick(make_state(events=[tap("slot_2", shown)]), await desk()) == "slot_2"


@pytest.mark.parametrize("language", sorted(PHRASES))
async def test_a_button_of_an_older_offer_does_not_book_the_time_that_has_its_number_now(language: str) -> None:
    old = format_slot(FREE[1] + timedelta(days=2, hours=3), language=language, timezone=ZONE)
    assert read_pick(make_state(events=[tap("slot_2", old)]), await desk()) is None


async def test_an_older_button_whose_time_is_on_offer_again_means_that_time() -> None:
    shown = format_slot(FREE[2], language="en", timezone=ZONE)
    assert read_pick(make_state(events=[tap("slot_1", shown)]), await desk()) == "slot_3"


async def test_a_handle_that_is_not_on_offer_means_nothing() -> None:
    assert read_pick(make_state(events=[tap("slot_7")]), await desk()) is None
    assert read_pick(make_state(events=[tap("slot_1")]), await desk(times=())) is None


@pytest.mark.parametrize(
    ("text", "handle"),
    [
        ("2", "slot_2"),
        ("the last one", "slot_3"),
        ("12:00 please", "slot_2"),
        ("2. Ana, ana@silva.example", "slot_2"),
        ("the second one please, my email is ana@silva.example", "slot_2"),
        ("ana@silva.example, 1", "slot_1"),
        ("none of these", None),
        ("what does it cost?", None),
        ("9", None),
        ("", None),
    ],
)
async def test_words(text: str, handle: str | None) -> None:
    assert read_pick(make_state(text), await desk()) == handle


async def test_an_answer_completes_the_choice_that_stands() -> None:
    waiting = await desk(chosen="slot_3", awaiting="email")
    state = make_state("ana@silva.example", lead_values={"email": "ana@silva.example"})
    assert read_pick(state, waiting) == "slot_3"
    assert read_pick(make_state("hm, which one?"), waiting) == "slot_3"


async def test_who_turns_to_another_time_has_not_chosen_the_old_one() -> None:
    waiting = await desk(chosen="slot_3", awaiting="email")
    assert read_pick(make_state("could we do Friday morning?"), waiting) is None
    assert read_pick(make_state("the first one after all"), waiting) == "slot_1"


async def test_a_choice_stands_only_while_something_was_asked() -> None:
    assert read_pick(make_state("hello"), await desk(chosen="slot_3")) is None
