"""The last step: a failing draft is rewritten once, then replaced; the first message says who writes."""

from dataclasses import replace
from typing import Any, cast

import pytest
from langchain_core.messages import AIMessage, HumanMessage

from graph.routing import after_plan
from graph.state import LeadState
from nodes.reply import check_reply, plan_send, safe_reply
from pipewise.account_settings import AccountSettings
from pipewise.events import OutboundMessage
from pipewise.language.phrases import say
from tests.fakes import NOON
from tests.unit.nodes.stage import ANA, TURN, FakeLeads, FakeModels, make_state
from tests.unit.nodes.test_claims import GOOD, LINK, offer

LIE = "We are free on Tuesday at 3 pm."


async def checked(
    draft: str | None, *script: str | None, by: str = "openai:fake", **more: Any
) -> tuple[dict[str, Any], FakeModels]:
    models = FakeModels(*script)
    state = make_state("hi", draft=draft, draft_by=by, **more)
    return await check_reply(state, models=models, secrets=frozenset()), models


async def test_a_true_draft_leaves_as_it_is() -> None:
    assert (await checked(GOOD, outcome=offer()))[0] == {"checks": []}


async def test_a_false_draft_is_rewritten_once_by_the_provider() -> None:
    update, models = await checked(LIE, GOOD, outcome=offer())
    assert (update["draft"], update["checks"][-1]) == (GOOD, "rewritten")
    assert len(models.asked) == 1
    assert models.options[0]["only"] == "provider"
    told = " ".join(str(message.content) for message in models.asked[0])
    assert LIE in told
    assert "Tue 3 Mar, 12:00" in told, "what the functions returned is told again"
    assert "{" not in told
    assert [row["action"] for row in update["usage"]] == ["rewrite_reply"]


@pytest.mark.parametrize(
    "again", [LIE, "You're booked!", "   ", None], ids=["same lie", "another lie", "nothing", "silent"]
)
async def test_a_draft_that_stays_false_is_replaced_by_the_outcomes_own_words(again: str | None) -> None:
    update, models = await checked(LIE, again, outcome=offer())
    assert (update["draft"], update["draft_by"], update["checks"][-1]) == (
        safe_reply(make_state(outcome=offer())),
        "rules",
        "replaced",
    )
    assert "12:00" in update["draft"]
    assert len(models.asked) == 1, "once, not until it fits"


async def test_without_an_outcome_the_safe_words_ask() -> None:
    update, _ = await checked(LIE, LIE)
    assert update["draft"] == say("clarify", "en")


@pytest.mark.parametrize("by", ["rules", "offline"])
async def test_rules_are_not_rewritten(by: str) -> None:
    update, models = await checked("Find us at acme.com", by=by)
    assert (update, models.asked) == ({"checks": []}, [])


@pytest.mark.parametrize("draft", [None, ""])
async def test_a_lead_who_is_owed_an_answer_gets_one(draft: str | None) -> None:
    update, _ = await checked(draft, outcome={"kind": "link", "url": LINK})
    assert LINK in update["draft"]
    assert (await checked(draft))[0]["draft"] == say("clarify", "en")


async def planned(**more: Any) -> dict[str, Any]:
    lead = more.pop("lead", ANA)
    settings = more.pop("settings", None)
    return await plan_send(make_state("hi", lead, **more), leads=FakeLeads(lead, settings))


async def test_the_first_message_says_that_an_assistant_writes() -> None:
    update = await planned(draft="Hello.", intent="lead_inquiry")
    assert update["reply"] == f"Hello.\n\n{say('disclosure', 'en', company='Acme')}"
    assert update["message"]["text"] == update["reply"]
    unnamed = await planned(draft="Hello.", intent="lead_inquiry", settings=AccountSettings())
    assert "our team" in unnamed["reply"]


@pytest.mark.parametrize("intent", ["greeting", "opt_out"])
async def test_a_greeting_says_so_itself_and_an_opt_out_gets_no_more_than_asked(intent: str) -> None:
    assert (await planned(draft="Hello.", intent=intent))["reply"] == "Hello."


async def test_later_messages_do_not_repeat_it() -> None:
    assert (await planned(draft="Hello.", lead=replace(ANA, last_outbound_at=NOON)))["reply"] == "Hello."


async def test_a_draft_that_never_left_does_not_count_as_said() -> None:
    messages = [HumanMessage("hi"), AIMessage("a draft that a person refused")]
    assert "\n\n" in (await planned(draft="Hello.", messages=messages))["reply"]


async def test_a_conversation_that_sends_nothing_hears_it_once() -> None:
    turn = {**TURN, "effects": False}
    assert "\n\n" in (await planned(draft="Hello.", turn=turn))["reply"]
    said = [HumanMessage("hi"), AIMessage("Hello.")]
    assert (await planned(draft="Hello.", turn=turn, messages=said))["reply"] == "Hello."


async def test_offered_times_can_be_tapped_and_a_link_too() -> None:
    message = OutboundMessage.from_dict((await planned(draft=GOOD, outcome=offer()))["message"])
    assert [choice.id for choice in message.choices] == ["slot_1", "slot_2", "slot_3"]
    linked = OutboundMessage.from_dict((await planned(draft=LINK, outcome={"kind": "link", "url": LINK}))["message"])
    assert linked.link is not None
    assert linked.link.url == LINK


async def test_the_turn_ends_and_its_reply_is_remembered_once() -> None:
    first, second = await planned(draft="Hello."), await planned(draft="Hello.")
    assert (first["turn"], first["events"], first["event"]) == (None, None, None)
    assert [message.text for message in first["messages"]] == [first["reply"]]
    assert first["messages"][0].id == second["messages"][0].id


async def test_silence_remembers_nothing() -> None:
    assert "messages" not in await planned(draft=None)
    assert (await planned(draft=None))["message"] is None


@pytest.mark.parametrize(
    ("proposal", "asked"), [({}, True), ({"opt_out": True}, False), ({"pause_agent": True}, False)]
)
async def test_the_turn_goes_on_where_a_person_is_to_be_asked(proposal: dict[str, Any], asked: bool) -> None:
    state = make_state("hi", draft="Hello.", turn={**TURN, "approve": True}, proposal=proposal)
    update = await plan_send(state, leads=FakeLeads())
    assert update.get("turn", TURN) == (TURN if asked else None)
    assert after_plan(cast("LeadState", {**state, **update})) == ("review" if asked else "__end__")
    silent = await plan_send(make_state("hi", turn={**TURN, "approve": True}), leads=FakeLeads())
    assert silent["turn"] is None
