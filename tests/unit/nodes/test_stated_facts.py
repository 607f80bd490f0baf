"""Facts that a model reads: held to the lead's own words, valued by code, in the one call that also answers."""

from dataclasses import replace
from typing import Any

import pytest

from nodes.prompts import load_prompt
from nodes.qualifier import ask_next, record_facts
from nodes.stated_facts import answer_lead
from pipewise.language.phrases import say
from pipewise.leads import Lead
from pipewise.settings_document import read_settings
from tests.unit.nodes.stage import ANA, FakeKnowledge, FakeLeads, FakeModels, calls, make_state, merged, remembering

TEXT = "Honestly, everybody here forgets   to call people back."
QUOTE = "everybody here forgets to call people back"
PLANS = {
    "qualification": {
        "checklist": [
            {"key": "pain", "question": "What hurts?", "weight": 40},
            {"key": "mail", "question": "Your mail?", "weight": 30, "kind": "email"},
            {"key": "seats", "question": "How many seats?", "weight": 30, "kind": "amount"},
        ]
    }
}


def stating(*facts: dict[str, Any], reply: str = "I see. How many people?", asks: str = "company_size") -> Any:
    return calls(("answer_lead", {"reply": reply, "facts": list(facts), "asks": asks}))


def stated(field: str, quote: str, value: str = "x") -> dict[str, Any]:
    return {"field": field, "value": value, "quote": quote}


async def turned(answer: Any, text: str = TEXT, lead: Lead = ANA, settings: Any = None, **more: Any) -> dict[str, Any]:
    """The state after both steps."""
    leads = FakeLeads(lead, read_settings(settings) if settings else None)
    events = more.pop("events", [{"id": "m1", "text": text}])
    state = make_state(lead=lead, events=events, route="qualifier", routes=["qualifier"], **more)
    state = merged(state, await record_facts(state, leads=leads))
    models = FakeModels(answer)
    update = await ask_next(
        state, models=models, leads=leads, knowledge=FakeKnowledge(), prompt=load_prompt("qualifier")
    )
    assert len(models.asked) == 1, "one call reads the facts and writes the reply"
    return {**merged(state, update)}


async def test_a_fact_is_kept_with_the_message_and_the_words_as_they_were_written() -> None:
    after = await turned(stating(stated("need", QUOTE, "call people back")), memory=remembering(asked=["need"]))
    need = after["lead_values"]["facts"]["need"]
    assert need["quote"] == "everybody here forgets   to call people back"
    assert (need["value"], need["message_id"]) == ("call people back", "m1")
    assert after["lead_values"]["score"] == 30
    told = [action for action in after["actions"] if action["type"] == "fact"]
    assert [(one["field"], one["by"]) for one in told] == [("need", "model")]
    assert (after["draft"], after["draft_by"]) == ("I see. How many people?", "openai:fake")
    assert after["memory"]["asked"][-1] == "company_size"


@pytest.mark.parametrize(
    "claim",
    [
        stated("need", "we lose a million a year"),  # nobody wrote that
        stated("need", "body here"),  # no whole words
        stated("need", ""),
        stated("iban", QUOTE),  # no field of the checklist
        {"field": "need"},
        {"field": ["need"], "quote": [QUOTE]},
        stated("need", "a" * 300),
        stated("budget", QUOTE, "5000 EUR"),  # the words hold no amount
    ],
)
async def test_what_the_lead_did_not_say_is_no_fact(claim: dict[str, Any]) -> None:
    after = await turned(stating(claim))
    assert after["lead_values"]["facts"] == {}
    assert after["draft"] == "I see. How many people?"


async def test_a_value_that_the_words_do_not_hold_is_replaced_by_them() -> None:
    after = await turned(stating(stated("need", QUOTE, "a CRM by Acme for 5000 EUR")))
    assert after["lead_values"]["facts"]["need"]["value"] == "everybody here forgets   to call people back"


async def test_values_of_a_kind_are_read_by_code() -> None:
    text = "write to ana at ana@silva.example, a dozen"
    claims = [stated("mail", "ana@silva.example", "boss@evil.example"), stated("seats", "a dozen", "12")]
    after = await turned(stating(*claims, asks="pain", reply="And what hurts?"), text, settings=PLANS)
    assert after["lead_values"]["facts"]["mail"]["value"] == "ana@silva.example"
    assert "boss" not in str(after["lead_values"])


async def test_the_message_is_the_newest_that_holds_the_words() -> None:
    events = [{"id": "m1", "text": "hm"}, {"id": "m2", "text": TEXT}, {"id": "m3", "text": "bye"}]
    after = await turned(stating(stated("need", QUOTE)), events=events)
    assert after["lead_values"]["facts"]["need"]["message_id"] == "m2"


async def test_what_rules_read_in_the_same_message_stands() -> None:
    after = await turned(stating(stated("company_size", "for 60")), "we are 40 people, maybe for 60")
    assert after["lead_values"]["facts"]["company_size"]["value"] == "40"


async def test_a_newer_statement_stands_and_the_former_is_history() -> None:
    known = {"need": {"value": "leads", "quote": "leads", "message_id": "m0", "at": "t", "history": []}}
    after = await turned(stating(stated("need", QUOTE)), lead=replace(ANA, facts=known))
    need = after["lead_values"]["facts"]["need"]
    assert (need["quote"][:9], [old["value"] for old in need["history"]]) == ("everybody", ["leads"])


async def test_words_that_ask_for_what_was_just_said_are_replaced() -> None:
    after = await turned(stating(stated("need", QUOTE), reply="What would you like to solve?", asks="need"))
    assert after["draft"] == f"{say('inquiry_ack', 'en')} {say('ask_company_size', 'en')}"
    assert (after["draft_by"], after["memory"]["asked"]) == ("rules", ["company_size"])


@pytest.mark.parametrize(
    "answer",
    [
        calls(("answer_lead", {"reply": 7, "facts": "all of them", "asks": []})),
        calls(("answer_lead", {})),
        calls(("wire_money", {"reply": "I will wire it"})),
        stating(reply="sandbox"),
    ],
)
async def test_a_call_out_of_shape_leaves_the_rules_words(answer: Any) -> None:
    after = await turned(answer)
    assert after["draft"] == f"{say('inquiry_ack', 'en')} {say('ask_need', 'en')}"
    assert after["draft_by"] == "rules"


async def test_plain_words_are_an_answer_as_well() -> None:
    after = await turned("Thanks. What is it for?")
    assert (after["draft"], after["draft_by"]) == ("Thanks. What is it for?", "openai:fake")


def test_the_function_asks_for_words_and_facts() -> None:
    schema: Any = answer_lead.tool_call_schema
    assert set(schema.model_json_schema()["properties"]) == {"reply", "facts", "asks"}
