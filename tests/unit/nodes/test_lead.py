"""The first and the last look at the lead: a turn starts clean, learns what was said, proposes what should change."""

from dataclasses import replace
from typing import Any, cast

import pytest
from langchain_core.messages import AIMessage
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer

from graph.state import RECENT, WINDOW, GraphInput, LeadState, keep_window
from nodes.lead import load_lead, update_lead
from pipewise.conversation_summary import LONGEST, empty_summary, render_summary
from pipewise.errors import InvalidInput
from pipewise.leads import Lead, Status
from tests.fakes import NOON, FixedClock
from tests.unit.nodes.stage import ANA, FREE, TURN, FakeLeads, make_state, offered, remembering

BLANK = replace(ANA, name=None, language=None)


async def load(state: LeadState | GraphInput, leads: FakeLeads | None = None) -> dict[str, Any]:
    return await load_lead(cast("LeadState", state), desk=leads or FakeLeads(), clock=FixedClock())


async def learned(text: str, lead: Lead = BLANK, **memory: Any) -> dict[str, Any]:
    state: Any = make_state(text, lead, memory=remembering(**memory))
    values: dict[str, Any] = (await load(state, FakeLeads(lead)))["lead_values"]
    return values


async def test_everything_that_belongs_to_one_turn_is_set_anew() -> None:
    full: dict[str, Any] = dict.fromkeys(LeadState.__annotations__, "left over")
    kept = remembering(offered=offered(*FREE), asked=["need"], clarified=1)
    full |= {
        "turn": TURN,
        "event": None,
        "events": [{"platform": "whatsapp", "sender": "1", "text": "hi"}],
        "memory": kept,
        "messages": [],
        "summary": empty_summary(),
        "outcome": None,
        "said": [{"id": "s1", "by": "human", "text": "I call you tomorrow."}],
    }
    update = await load(cast("LeadState", full))
    assert [name for name, value in {**full, **update}.items() if value == "left over"] == []
    assert update["memory"] == kept
    assert update["said"] is None
    assert [message.content for message in update["messages"]] == ["[A colleague wrote:] I call you tomorrow.", "hi"]
    assert update["summary"]["told"] == ["I call you tomorrow."]
    assert update["now"] == NOON.isoformat()


async def test_a_burst_is_one_text_and_keeps_its_messages_apart() -> None:
    events = [{"id": "m1", "text": "hi"}, {"id": "m2", "text": ""}, {"id": "m3", "text": "a demo?"}]
    update = await load(make_state(events=events))
    assert update["text"] == "hi\na demo?"
    assert [(message.id, message.text) for message in update["messages"]] == [("m1", "hi"), ("m3", "a demo?")]


async def test_the_newest_tap_counts() -> None:
    events = [{"choice_id": "slot_1"}, {"choice_id": "slot_3"}, {"text": "please"}]
    assert (await load(make_state(events=events)))["choice_id"] == "slot_3"


@pytest.mark.parametrize(
    ("text", "lead", "memory", "values"),
    [
        ("ana@silva.example", BLANK, {}, {"email": "ana@silva.example"}),
        ("other@silva.example", replace(ANA, email="ana@silva.example"), {}, {}),
        (
            "new@silva.example",
            replace(ANA, email="old@x.example"),
            {"awaiting": "email"},
            {"email": "new@silva.example"},
        ),
        ("Ana Silva", BLANK, {"awaiting": "name"}, {"name": "Ana Silva"}),
        ("Schedule a demo", ANA, {}, {}),
        ("quiero una demo, por favor", ANA, {}, {"language": "es"}),
        ("ok", replace(ANA, language="pt"), {}, {}),
    ],
)
async def test_what_a_message_teaches(text: str, lead: Lead, memory: dict[str, Any], values: dict[str, Any]) -> None:
    found = await learned(text, lead, **memory)
    assert {name: value for name, value in found.items() if not (name == "language" and value == "en")} == values


async def test_the_language_follows_the_lead_within_one_turn() -> None:
    update = await load(make_state("quiero una demo, por favor"))
    assert (update["language"], update["lead_values"]) == ("es", {"language": "es"})


async def test_a_run_by_hand_finds_its_lead_and_has_no_effects() -> None:
    leads = FakeLeads()
    event: Any = {"platform": "whatsapp", "sender": "351911000001", "text": "hi"}
    update = await load(GraphInput(event=event), leads)
    assert leads.made == [event]
    assert update["turn"] | {"effects": False, "lead_id": "lead-1"} == update["turn"]
    assert "approve" not in update["turn"]
    asked = await load(GraphInput(event=event), FakeLeads(approves=True))
    assert asked["turn"]["approve"] is True


async def test_a_run_by_hand_after_one_that_broke_off_is_about_its_own_event() -> None:
    leads = FakeLeads()
    event: Any = {"platform": "whatsapp", "sender": "351911000009", "text": "new"}
    broken: Any = {**make_state("old"), "event": event}
    update = await load(broken, leads)
    assert (update["text"], leads.made, update["turn"]["effects"]) == ("new", [event], False)
    assert update["event"] is None


@pytest.mark.parametrize("given", [{}, {"event": {"platform": "fax", "sender": "1", "text": "x"}}, {"events": []}])
async def test_a_run_by_hand_without_a_usable_event_is_refused(given: Any) -> None:
    with pytest.raises(InvalidInput):
        await load(given)


@pytest.mark.parametrize(
    ("status", "kind", "proposed", "shown"),
    [
        (Status.NEW, "offer", "meeting_offered", "meeting_offered"),
        (Status.QUALIFIED, "link", "meeting_offered", "meeting_offered"),
        (Status.MEETING_SCHEDULED, "offer", "meeting_offered", "meeting_scheduled"),
        (Status.NEW, None, "contacted", "contacted"),
        (Status.NEW, "fallback", "contacted", "contacted"),
        (Status.NURTURING, None, None, "nurturing"),
        (Status.MEETING_OFFERED, "booked", None, "meeting_offered"),
    ],
)
async def test_the_outcome_becomes_a_proposal(
    status: Status, kind: str | None, proposed: str | None, shown: str
) -> None:
    """What is shown is what the status machine would allow."""
    outcome = {"kind": kind, "error": {"error": "no calendar"}} if kind else None
    update = await update_lead(make_state("x", replace(ANA, status=status), outcome=outcome), leads=FakeLeads())
    assert (update["proposal"].get("status"), update["lead"]["status"]) == (proposed, shown)
    assert [task["kind"] for task in update["proposal"].get("tasks", [])] == (
        ["scheduling_fallback"] if kind == "fallback" else []
    )


async def test_silence_moves_nobody() -> None:
    assert (await update_lead(make_state("x", route="silent"), leads=FakeLeads()))["proposal"] == {}


async def test_what_was_learned_shows_in_the_lead() -> None:
    update = await update_lead(
        make_state("x", lead_values={"email": "ana@silva.example", "facts": {}}), leads=FakeLeads()
    )
    assert update["lead"]["email"] == "ana@silva.example"
    assert "facts" not in update["lead"]


async def test_in_a_long_conversation_the_state_stays_small_and_an_early_fact_stands() -> None:
    state: dict[str, Any] = {"memory": remembering()}
    sizes = []
    for turn in range(60):
        said = "Hello! We are 40 people and our budget is 5000 euros" if turn == 0 else f"and what about thing {turn}?"
        booked = {"kind": "booked", "when": "Tuesday, 3 March, 10:00", "timezone_label": "Lisbon"}
        event = {"platform": "whatsapp", "sender": "1", "text": said, "id": f"in-{turn}"}
        update = await load(cast("LeadState", {**state, "turn": TURN, "events": [event]}))
        answer = AIMessage(f"An answer to {turn}. " + "x" * 200, id=f"out-{turn}")
        state |= update | {"outcome": booked if turn == 3 else None}
        state["messages"] = keep_window(keep_window(state.get("messages_before", []), update["messages"]), [answer])
        state["messages_before"] = state["messages"]
        sizes.append(len(JsonPlusSerializer().dumps_typed([state["messages"], state["summary"]])[1]))
    told = render_summary(state["summary"])
    for words in ("40 people", "5000 euros", "booked Tuesday, 3 March", "Hello! We are", "thing 55"):
        assert words in told
    assert "thing 56" not in told, "it is among the messages that every prompt carries"
    assert (len(state["messages"]), len(told) <= LONGEST) == (WINDOW, True)
    assert max(sizes[20:]) <= min(sizes[20:]) + 100
    assert state["summary"]["until"] == f"in-{59 - RECENT // 2}"


async def test_what_the_last_turn_came_to_is_noted() -> None:
    update = await load(make_state("and then?", outcome={"kind": "need", "what": "email", "when": "Tuesday 10:00"}))
    assert update["summary"]["decisions"] == ["the lead chose Tuesday 10:00"]


@pytest.mark.parametrize("title", ["Do, 26. Nov., 11:00", "Di, 1. Dez., 17:00"])
async def test_a_tap_says_our_words_and_changes_no_language(title: str) -> None:
    german = replace(ANA, language="de")
    tap = {"id": "m1", "text": title, "type": "choice", "choice_id": "slot_1"}
    assert (await load(make_state(lead=german, events=[tap]), FakeLeads(german)))["language"] == "de"


async def test_a_spelled_out_address_is_learned_and_is_in_no_language() -> None:
    german = replace(ANA, language="de")
    values = await learned("jonas at weber dot example", german, awaiting="email")
    assert values == {"email": "jonas@weber.example"}


async def test_what_a_follow_up_put_on_offer_counts_by_its_numbers() -> None:
    fresh = offered(FREE[2], FREE[0])
    told = [{"id": "s1", "by": "agent", "text": "1. Tue", "offered": fresh}]
    before = remembering(offered=offered(*FREE), chosen="slot_1", awaiting="email")
    state: Any = make_state("2", memory=before, said=told, messages=[])
    memory = (await load(state))["memory"]
    assert (memory["offered"], memory["chosen"], memory["awaiting"]) == (fresh, None, "slot_choice")
    known = make_state("2", memory=before, said=told, messages=[AIMessage("1. Tue", id="s1")])
    assert (await load(known))["memory"] == before, "it was told of before"
