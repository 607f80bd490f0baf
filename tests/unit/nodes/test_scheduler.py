"""The scheduler's steps: what the model hears, what its calls may do, and what the turn leaves behind."""

from dataclasses import replace
from typing import Any

import pytest

from nodes.models import MOST_CALLS
from nodes.scheduler import (
    LAST_STEPS,
    MAX_STEPS,
    SchedulerState,
    act,
    after_think,
    conclude_scheduling,
    think,
)
from pipewise.errors import Outcome, Unavailable
from pipewise.language.phrases import say
from tests.unit.nodes.preparing import KNOWN, OFFERED, prepared
from tests.unit.nodes.stage import (
    ANA,
    FREE,
    FakeDesks,
    FakeModels,
    calls,
    make_state,
    merged,
    remembering,
)
from tools.scheduling import scheduling_tools

TOOLS = scheduling_tools()
BOOK = "schedule_meeting_for_lead"
FIND = "find_best_meeting_slot"


async def acted(
    desks: FakeDesks, *asked: tuple[str, dict[str, Any]], state: SchedulerState | None = None
) -> SchedulerState:
    """The state after the model made these calls in one message."""
    before = state or await prepared(make_state("book a call", desks.lead, memory=OFFERED), desks)
    before = merged(before, {"scratch": [*before["scratch"], calls(*asked)]})
    return merged(before, await act(before, desks=desks, tools=TOOLS))


def results(state: SchedulerState) -> list[dict[str, Any]]:
    return [action["result"] for action in state["actions"] if action["type"] == "tool_call"]


async def test_the_state_keeps_plain_json() -> None:
    [result] = results(await acted(FakeDesks(), ("get_lead_by_id", {})))
    assert {type(value) for value in result.values()} <= {str, type(None)}


async def test_the_model_is_asked_with_all_functions_and_its_calls_are_kept() -> None:
    state = await prepared(make_state("book a call"), FakeDesks())
    models = FakeModels(calls((FIND, {})))
    after = merged(state, await think(state, models=models, tools=TOOLS))
    assert models.options[0]["tools"] == [tool.name for tool in TOOLS]
    assert [message.type for message in models.asked[0]] == ["system", "human"]
    assert after["draft"] is None
    assert (after["draft_by"], after["usage"][0]["action"]) == ("openai:fake", "schedule")
    assert after_think(after) == "act"


async def test_words_end_the_turn() -> None:
    state = await prepared(make_state("book a call"), FakeDesks())
    after = merged(state, await think(state, models=FakeModels("Which day suits you?"), tools=TOOLS))
    assert after["draft"] == "Which day suits you?"
    assert after_think(after) == "conclude"


async def test_a_chosen_time_is_booked_for_the_lead_of_the_turn() -> None:
    desks = FakeDesks(KNOWN)
    state = await acted(desks, (BOOK, {"slot": "slot_2", "lead_id": "lead-2", "email": "evil@attacker.example"}))
    [intent] = desks.bookings.intents
    assert (intent.lead.id, intent.account_id) == ("lead-1", "account-1")
    assert (intent.request.email, intent.request.slot.start) == ("ana@silva.example", FREE[1])
    assert (state["outcome"] or {})["kind"] == "booked"
    after = await conclude_scheduling(state, desks=desks)
    assert (after["memory"]["offered"], after["memory"]["awaiting"]) == ([], None)
    assert "Tue 3 Mar, 12:00" in after["draft"]
    assert desks.closed == ["run-1"]


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        (BOOK, {"slot": "slot_9"}),
        (BOOK, {"slot": FREE[0].isoformat()}),
        (BOOK, {}),
        (BOOK, {"slot": {"start": "now"}}),
        (FIND, {"wish": 7}),
        ("delete_everything", {"really": True}),
        ("", {}),
    ],
)
async def test_what_cannot_be_done_is_told_to_the_model_and_reaches_no_vendor(
    name: str, arguments: dict[str, Any]
) -> None:
    desks = FakeDesks(KNOWN)
    state = await acted(desks, (name, arguments))
    assert [one["kind"] for one in results(state)] == ["refused"]
    assert state["outcome"] is None
    assert desks.calendar.calls == []
    assert state["scratch"][-1].type == "tool"


async def test_a_time_that_the_lead_has_not_seen_cannot_be_booked() -> None:
    desks = FakeDesks(KNOWN)
    start = await prepared(make_state("book me the first free time", KNOWN), desks)
    state = await acted(desks, (FIND, {}), (BOOK, {"slot": "slot_1"}), state=start)
    assert [one["kind"] for one in results(state)] == ["offer", "refused"]
    assert desks.bookings.intents == []
    assert (state["outcome"] or {})["kind"] == "offer"


async def test_looking_again_does_not_swap_the_time_behind_a_handle() -> None:
    desks = FakeDesks(KNOWN, free=FREE[1:])
    state = await acted(desks, (FIND, {"wish": ""}), (BOOK, {"slot": "slot_1"}))
    assert [one["kind"] for one in results(state)] == ["offer", "refused"]
    same = FakeDesks(KNOWN)
    assert [one["kind"] for one in results(await acted(same, (FIND, {"wish": ""}), (BOOK, {"slot": "slot_1"})))] == [
        "offer",
        "booked",
    ]


async def test_one_turn_books_once() -> None:
    desks = FakeDesks(KNOWN)
    state = await acted(desks, (BOOK, {"slot": "slot_1"}), (BOOK, {"slot": "slot_2"}), (FIND, {}))
    assert [one["kind"] for one in results(state)] == ["booked", "refused", "refused"]
    assert len(desks.calendar.bookings) == 1
    assert (state["outcome"] or {})["kind"] == "booked"


async def test_after_an_unknown_end_nothing_else_is_tried() -> None:
    desks = FakeDesks(KNOWN)
    desks.calendar.failures["book"].append(Unavailable("lost", platform="calendly", outcome=Outcome.UNKNOWN))
    state = await acted(desks, (BOOK, {"slot": "slot_1"}), (BOOK, {"slot": "slot_2"}))
    assert [one["kind"] for one in results(state)] == ["uncertain", "refused"]
    assert desks.calendar.calls.count("book") == 1


async def test_a_model_that_never_ends_is_replaced_and_the_turn_is_no_success() -> None:
    desks = FakeDesks()
    state = await prepared(make_state("book a call"), desks)
    models = FakeModels(*[calls((FIND, {})) for _ in range(20)])
    while after_think(state := merged(state, await think(state, models=models, tools=TOOLS))) == "act":
        state = merged(state, await act(state, desks=desks, tools=TOOLS))
    assert [option["only"] for option in models.options] == [None] * MOST_CALLS + ["offline"] * (
        MAX_STEPS + LAST_STEPS - MOST_CALLS
    )
    assert state["success"] is False
    assert [action for action in state["actions"] if action["type"] == "limit"] == [
        {"type": "limit", "calls": MOST_CALLS}
    ]
    assert "10:00" in (state["draft"] or ""), "what was found is still told"


async def test_many_calls_at_once_count_one_by_one() -> None:
    desks = FakeDesks()
    state = await acted(desks, *[(FIND, {})] * 30)
    kinds = [one["kind"] for one in results(state)]
    assert kinds == ["offer"] * MAX_STEPS + ["refused"] * (30 - MAX_STEPS)
    assert state["steps"] == 30
    update = await think(state, models=FakeModels(), tools=TOOLS)
    assert update == {"draft": update["draft"]}


async def test_nobody_left_to_ask_gives_the_outcomes_words() -> None:
    state = await prepared(make_state("book a call"), FakeDesks())
    limit = merged(state, {"steps": MAX_STEPS})
    assert (await think(limit, models=FakeModels(None), tools=TOOLS))["draft"] is None


async def test_a_failed_provider_is_not_asked_again_in_the_turn() -> None:
    state = await prepared(make_state("book a call", failed_models=["openai:fake"]), FakeDesks())
    models = FakeModels("fine")
    await think(state, models=models, tools=TOOLS)
    assert models.options[0]["skip"] == {"openai:fake"}


async def test_what_is_missing_is_asked_and_remembered() -> None:
    desks = FakeDesks()
    state = await acted(desks, (BOOK, {"slot": "slot_3"}))
    after = await conclude_scheduling(state, desks=desks)
    assert after["draft"] == say("ask_email", "en")
    assert (after["memory"]["chosen"], after["memory"]["awaiting"]) == ("slot_3", "email")
    assert after["memory"]["offered"] == OFFERED["offered"]


async def test_without_a_profile_name_the_name_is_asked_after_the_email() -> None:
    desks = FakeDesks(replace(KNOWN, name=None))
    state = await acted(desks, (BOOK, {"slot": "slot_1"}))
    assert (state["outcome"] or {})["what"] == "name"


async def test_the_leads_zone_and_the_calls_are_handed_on() -> None:
    desks = FakeDesks(replace(ANA, timezone=None))
    state = await acted(desks, ("get_calendly_event_types", {}))
    after = await conclude_scheduling(state, desks=desks)
    assert [(row["platform"], row["action"]) for row in after["usage"]] == [("calendly", "event_types")]
    assert after["scratch"] == []
    assert after["system"] == ""


async def test_a_question_of_another_specialist_is_not_carried_on() -> None:
    desks = FakeDesks()
    asked = remembering(awaiting="answer", asked=["budget"])
    state = await acted(desks, (FIND, {}), state=await prepared(make_state("book a call", memory=asked), desks))
    after = await conclude_scheduling(state, desks=desks)
    assert (after["memory"]["awaiting"], after["memory"]["asked"]) == ("slot_choice", ["budget"])
    link = FakeDesks(mode="link")
    state = await prepared(make_state("book a call", memory=asked), link)
    state = await acted(link, ("create_calendly_scheduling_link", {}), state=state)
    assert (await conclude_scheduling(state, desks=link))["memory"]["awaiting"] is None
