"""Small talk, coming back later, and the hand-over to a person: words and what they promise."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from langchain_core.messages import AIMessage, HumanMessage

from nodes.converse import converse
from nodes.follow_up import plan_follow_up
from nodes.hand_off import hand_off
from pipewise.account_settings import AccountSettings
from pipewise.language.phrases import PHRASES, say
from pipewise.leads import Status
from pipewise.settings_document import read_settings
from tests.unit.nodes.stage import ANA, FREE, FakeLeads, make_state, offered, remembering


@pytest.mark.parametrize("language", sorted(PHRASES))
async def test_a_greeting_names_the_company_and_says_that_it_is_a_machine(language: str) -> None:
    update = await converse(make_state("hi", intent="greeting", language=language), leads=FakeLeads())
    assert update["draft"] == say("greeting", language, company="Acme")


async def test_without_a_company_it_speaks_of_the_team() -> None:
    leads = FakeLeads(settings=AccountSettings())
    assert "our team" in (await converse(make_state("hi", intent="greeting"), leads=leads))["draft"]


async def test_the_question_for_a_bot_is_answered_truly() -> None:
    update = await converse(make_state("are you a bot?", intent="greeting"), leads=FakeLeads())
    assert update["draft"] == say("are_you_bot_answer", "en", company="Acme")


async def test_what_the_gate_wrote_stays() -> None:
    assert await converse(make_state(draft="as it is", intent="opt_out"), leads=FakeLeads()) == {}


async def test_opting_out_as_the_model_heard_it_counts_only_when_it_is_sure() -> None:
    sure = await converse(make_state("leave me", intent="opt_out", route="converse"), leads=FakeLeads())
    assert sure["proposal"] == {"opt_out": True}
    unsure = await converse(make_state("leave me", intent="opt_out", route="clarify"), leads=FakeLeads())
    assert unsure["draft"] == say("clarify", "en")
    assert "proposal" not in unsure


async def test_a_yes_to_the_question_back_means_the_meeting() -> None:
    update = await converse(make_state("hm", route="clarify"), leads=FakeLeads())
    assert update["memory"]["awaiting"] == "slot_choice"
    waiting = make_state("hm", route="clarify", memory=remembering(awaiting="email", offered=offered(*FREE)))
    assert (await converse(waiting, leads=FakeLeads()))["memory"]["awaiting"] == "email"


async def test_what_is_out_of_scope_ends_our_question() -> None:
    update = await converse(make_state("buy gold", memory=remembering(awaiting="answer")), leads=FakeLeads())
    assert (update["draft"], update["memory"]["awaiting"]) == (say("out_of_scope", "en"), None)


async def test_a_day_to_come_back_becomes_a_dated_task() -> None:
    update = await plan_follow_up(make_state("please write me again next Friday"))
    [task] = update["proposal"]["tasks"]
    due = datetime.fromisoformat(task["due_at"])
    assert (due.strftime("%A"), due.hour, due.tzinfo is not None) == ("Friday", 9, True)
    assert due.astimezone(ZoneInfo("Europe/Lisbon")).hour == 9
    assert update["proposal"]["status"] == "nurturing"
    assert update["actions"] == [{"type": "follow_up", "due_at": task["due_at"]}]
    assert "Friday" in update["draft"]


async def test_the_morning_is_the_leads_own() -> None:
    lead = replace(ANA, timezone="Asia/Tokyo")
    [task] = (await plan_follow_up(make_state("come back tomorrow", lead)))["proposal"]["tasks"]
    assert task["due_at"] == "2026-03-03T09:00:00+09:00"


@pytest.mark.parametrize("status", [Status.HANDED_OFF, Status.MEETING_HELD])
async def test_a_lead_who_is_further_on_is_not_set_back(status: Status) -> None:
    update = await plan_follow_up(make_state("call me next week", replace(ANA, status=status)))
    assert "status" not in update["proposal"]
    assert len(update["proposal"]["tasks"]) == 1


@pytest.mark.parametrize(
    ("text", "status", "key"),
    [
        ("thanks!", Status.CONTACTED, "thanks_reply"),
        ("thank you, see you tomorrow", Status.MEETING_SCHEDULED, "thanks_reply"),
        ("I have to think about it for a while first", Status.CONTACTED, "follow_up_ack_open"),
    ],
)
async def test_without_a_day_nothing_is_promised(text: str, status: Status, key: str) -> None:
    assert await plan_follow_up(make_state(text, replace(ANA, status=status))) == {"draft": say(key, "en")}


async def test_the_hand_over_tells_the_lead_and_gives_the_owner_what_was_said() -> None:
    messages = [HumanMessage("hi " + "x" * 400), AIMessage("hello"), HumanMessage("a person, please")]
    known = replace(ANA, facts={"need": {"value": "fewer calls"}})
    update = await hand_off(make_state(messages=messages, intent="lead_inquiry"), leads=FakeLeads(known))
    assert (update["draft"], update["intent"]) == (say("human_handoff", "en"), "human_request")
    proposal = update["proposal"]
    assert (proposal["status"], proposal["pause_agent"]) == ("handed_off", True)
    lines = proposal["tasks"][0]["detail"].splitlines()
    assert lines[0].startswith("Lead: Ana")
    assert "Known: need: fewer calls" in lines
    assert lines[-2:] == ["Agent: hello", "Lead: a person, please"]
    assert len(lines[-3]) < 320


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ({"timezone": "Asia/Tokyo"}, "The team is back on Tue 3 Mar, 00:00 (Europe/Lisbon, UTC+0)."),
        ({"timezone": "Europe/Lisbon"}, ""),  # it is noon there on a Monday
        ({"business_hours": {"monday": []}}, ""),  # nobody has said where
        ({"timezone": "UTC", "holidays": [{"date": "2026-03-02"}]}, "The team is back on Tue 3 Mar, 09:00 (Europe"),
    ],
)
async def test_outside_business_hours_the_lead_hears_when_people_are_back(document: dict[str, Any], told: str) -> None:
    update = await hand_off(make_state("a human please"), leads=FakeLeads(settings=read_settings(document)))
    handed = say("human_handoff", "en")
    assert update["draft"].startswith(f"{handed} {told}" if told else handed)
    assert told or update["draft"] == handed
