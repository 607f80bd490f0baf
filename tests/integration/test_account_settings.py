"""What an account sets over HTTP, seen in what leads get: every turn of these conversations is replayed at the end."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from pipewise.language.phrases import say as phrase
from tests.integration.test_turns import runs_of, say
from tests.integration.world import World, open_world

CHECKLIST = {
    "checklist": [
        {"key": "need", "question": {"en": "What is it for?", "pt": "Para que serve?"}, "weight": 40, "required": True},
        {
            "key": "plan",
            "question": "Which plan do you have in mind?",
            "weight": 30,
            "kind": "choice",
            "options": [{"value": "Team", "points": 50}, {"value": "Enterprise"}],
        },
        {"key": "mail", "question": "Which e-mail may we write to?", "weight": 30, "kind": "email"},
    ],
    "thresholds": {"qualified": 100, "unqualified": 20},
}


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(tmp_path, burst_ms=0) as opened:
        yield opened


async def settle(world: World, **change: Any) -> None:
    answer = await world.api.patch("/api/settings", json=change)
    assert answer.status_code == 200, answer.text


async def test_a_lead_is_asked_the_accounts_own_questions_until_it_qualifies(world: World) -> None:
    await settle(world, qualification=CHECKLIST)
    assert "What is it for?" in await say(world, "Tell me about your product", 1)
    assert "Which plan do you have in mind? (Team, Enterprise)" in await say(world, "to answer our leads faster", 2)
    assert "Which e-mail may we write to?" in await say(world, "Enterprise", 3)
    assert phrase("ask_email_invalid", "en") in await say(world, "ana@silva", 4)
    assert phrase("offer_meeting_soft", "en") in await say(world, "ana@silva.example", 5)
    lead = await world.lead()
    assert (lead["status"], lead["score"], lead["qualified"]) == ("qualified", 100, True)
    assert lead["email"] == "ana@silva.example"
    run = (await runs_of(world))[-1]
    assert run["actions"][-1]["verdict"] == "qualified"
    assert [reason["points"] for reason in run["actions"][-1]["reasons"]] == [40, 30, 30]
    (fact,) = [action for action in run["actions"] if action["type"] == "fact"]
    assert (fact["quote"], fact["message_id"]) == ("ana@silva.example", run["events"][0])


async def test_a_lead_that_says_it_all_at_once_takes_every_step_and_is_offered_times(world: World) -> None:
    await settle(world, qualification={"thresholds": {"qualified": 45}})
    told = "We need a bot that answers our leads and we are 40 people. What does it cost?"
    await say(world, told, 1)
    lead = await world.lead()
    assert (lead["status"], lead["score"]) == ("qualified", 45)


async def test_answers_come_from_the_accounts_folder_whatever_becomes_of_it(world: World, tmp_path: Path) -> None:
    await settle(world, knowledge_folder="acme", company="Acme")
    folder = tmp_path / "knowledge" / "acme"
    folder.mkdir(parents=True)
    (folder / "plans.md").write_text("# Team plan\nThe Team plan costs 20 EUR per seat and month.\n")
    first = await say(world, "How much is the Team plan?", 1)
    assert first.startswith("The Team plan costs 20 EUR per seat and month.\n\n")
    run = (await runs_of(world))[-1]
    (told,) = [action for action in run["actions"] if action["type"] == "knowledge"]
    assert [source["source"] for source in told["sources"]] == ["plans.md#Team plan"]
    # The turns are replayed from their journals at the end, when the file says something else.
    (folder / "plans.md").write_text("# Team plan\nThe Team plan costs 30 EUR per seat and month.\n")
    assert "30 EUR" in await say(world, "Sorry, how much was the Team plan?", 2)
    assert await say(world, "Do you integrate with Telegram?", 3) == phrase("colleague_answers", "en")
    tasks = (await world.api.get("/api/tasks")).json()["items"]
    assert [(task["kind"], task["due_at"] is not None, task["owner"] is not None) for task in tasks] == [
        ("question", True, True)
    ]


async def test_the_account_says_in_its_own_words_that_an_assistant_writes(world: World) -> None:
    await settle(world, disclosure={"text": {"en": "A machine of Acme writes this.", "pt": "Escreve uma máquina."}})
    assert (await say(world, "Hello", 1)).endswith("\n\nA machine of Acme writes this.")
    assert "machine" not in await say(world, "Tell me about your product", 2)


async def test_an_account_may_leave_the_disclosure_out_but_not_deny_it(world: World) -> None:
    await settle(world, disclosure={"first_contact": False})
    assert "assistant" not in await say(world, "Tell me about your product", 1)
    assert phrase("are_you_bot_answer", "en", company=phrase("company_default", "en")) == await say(
        world, "Are you a bot?", 2
    )


async def test_beyond_the_days_cap_the_agent_is_silent_and_the_owner_has_one_task(world: World) -> None:
    await settle(world, caps={"messages_per_lead_per_day": 1}, default_owner="boss@example.com")
    await say(world, "Tell me about your product", 1)
    for number in range(2):
        await world.lead_says(f"And number {number}?")

        async def ended(number: int = number) -> bool:
            return len([run for run in await runs_of(world) if run["outcome"] == "committed"]) == number + 2

        await world.until(ended, "the turn is committed")
    await world.settle()
    assert len(await world.sends()) == 1
    tasks = (await world.api.get("/api/tasks")).json()["items"]
    capped = [task["owner"] for task in tasks if task["kind"] == "message_cap"]
    assert capped == ["boss@example.com"]


async def test_meetings_go_to_the_hosts_in_turn_and_to_their_own_event_type(world: World) -> None:
    auth = {"Authorization": "Bearer sandbox-calendly-token"}
    me = (await world.vendors.get("/users/me", headers=auth)).json()["resource"]
    types = (await world.vendors.get("/event_types", headers=auth, params={"user": me["uri"]})).json()["collection"]
    hosts = [
        {"email": "ana@example.com", "name": "Ana", "event_type": types[-1]["uri"]},
        {"email": "bo@example.com", "name": "Bo", "event_type": types[0]["uri"]},
    ]
    await settle(world, hosts=hosts)
    await say(world, "Schedule a demo", 1)
    assert (await world.lead())["owner"] == "ana@example.com"
    (offered,) = [call for call in (await runs_of(world))[-1]["tool_calls"] if call["result"]["kind"] == "event_types"]
    assert [one["name"] for one in offered["result"]["event_types"]] == [types[-1]["name"]]


async def test_who_is_no_lead_is_answered_once(world: World) -> None:
    assert (await say(world, "Hi, we offer SEO services", 1)).startswith(phrase("out_of_scope", "en"))
    await world.lead_says("We offer backlinks too")

    async def silent() -> bool:
        runs = await runs_of(world)
        return len(runs) == 2 and runs[-1]["route"] == "silent"

    await world.until(silent, "the second turn is silent")
    lead = await world.lead()
    assert (lead["tags"], lead["qualified"]) == (["vendor"], False)
    assert len(await world.sends()) == 1
