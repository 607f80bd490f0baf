"""Answers from what is written down: with a source, in the owner's words where a model's cannot be checked, or by a person."""

import json
from typing import Any

import pytest
from langchain_core.messages import AIMessage

from graph.offline_model import OfflineChatModel
from nodes.prompts import load_prompt
from nodes.qualifier import ask_next
from nodes.reply import check_reply
from pipewise.account_settings import AccountSettings
from pipewise.language.phrases import say
from tests.unit.nodes.stage import FakeKnowledge, FakeLeads, FakeModels, make_state, merged, remembering

GUIDE = """# Team plan
The Team plan costs 20 EUR per seat and month. More at https://acme.example/team or sales@acme.example.

# Security
Data is stored in Frankfurt.
"""
ACCOUNT = AccountSettings(company="Acme", knowledge_folder="acme")
QUESTION = "How much is the Team plan?"
QUOTE = "The Team plan costs 20 EUR per seat and month. More at https://acme.example/team or sales@acme.example."


class Offline(FakeModels):
    """The model that is always there."""

    async def ask(self, account_id: str, messages: Any, tools: Any = (), **options: Any) -> Any:
        message = await OfflineChatModel().ainvoke(list(messages))
        assert isinstance(message, AIMessage)
        self.script = [message]
        return await super().ask(account_id, messages, tools, **{**options, "only": "offline"})


async def answered(text: str, models: FakeModels, *, account: AccountSettings = ACCOUNT, **more: Any) -> dict[str, Any]:
    state = make_state(text, lead_values={"facts": {}}, **more)
    leads = FakeLeads(settings=account)
    return await ask_next(
        state, models=models, leads=leads, knowledge=FakeKnowledge(GUIDE), prompt=load_prompt("qualifier")
    )


def told(update: dict[str, Any]) -> dict[str, Any]:
    (action,) = [action for action in update["actions"] if action["type"] == "knowledge"]
    assert isinstance(action, dict)
    return action


async def test_without_a_model_the_documents_speak_themselves_and_one_question_follows() -> None:
    update = await answered(QUESTION, Offline())
    assert update["draft"] == f"{QUOTE}\n\n{say('ask_need', 'en')}"
    assert [source["source"] for source in told(update)["sources"]] == ["guide.md#Team plan"]
    assert update["memory"]["asked"] == ["need"]


async def test_an_answer_in_another_language_than_the_leads_says_so() -> None:
    update = await answered("¿Cuánto cuesta el Team plan?", Offline(), language="es")
    assert update["draft"].startswith(f"{say('from_documents', 'es')} {QUOTE}")


async def test_a_model_is_given_the_sections_and_its_source_is_checked_and_taken_out() -> None:
    models = FakeModels("It is 20 EUR per seat [s1]. What would you like to solve?")
    update = await answered(QUESTION, models)
    context = str(models.asked[0][0].content).split("<context>")[1].split("</context>", maxsplit=1)[0]
    assert json.loads(context)["sources"][0]["id"] == "s1"
    assert (update["draft"], update["draft_by"]) == (
        "It is 20 EUR per seat. What would you like to solve?",
        "openai:fake",
    )
    assert told(update)["sources"][0]["quote"] == QUOTE


@pytest.mark.parametrize(
    "draft",
    [
        "It is 20 EUR per seat.",  # no source
        "It is 20 EUR per seat [s7].",  # a source that is not there
        "It is 15 EUR per seat [s1].",  # a number that no source has
        "It is free for 90 days [s1].",
    ],
)
async def test_a_claim_without_a_source_is_replaced_by_the_source(draft: str) -> None:
    update = await answered(QUESTION, FakeModels(draft))
    assert (update["draft"], update["draft_by"]) == (f"{QUOTE}\n\n{say('ask_need', 'en')}", "rules")


@pytest.mark.parametrize("models", [FakeModels(), FakeModels("[none]")], ids=["not written", "the model says so"])
async def test_what_is_not_written_is_left_to_a_colleague_with_a_task(models: FakeModels) -> None:
    question = QUESTION if models.script else "Do you support Telegram?"
    update = await answered(question, models, memory=remembering(asked=["need"], awaiting="answer"))
    assert update["draft"] == say("colleague_answers", "en")
    (task,) = update["proposal"]["tasks"]
    assert (task["kind"], task["detail"]) == ("question", question.rstrip("?"))
    assert told(update)["sources"] == []
    assert "memory" not in update


@pytest.mark.parametrize(
    ("text", "account"), [("We need a CRM bot", ACCOUNT), (QUESTION, AccountSettings(company="Acme"))]
)
async def test_without_a_question_or_a_folder_nothing_is_looked_up(text: str, account: AccountSettings) -> None:
    update = await answered(text, FakeModels("Thank you. What for?"), account=account)
    assert (update["draft"], update["actions"]) == ("Thank you. What for?", [])


async def test_without_a_folder_a_colleague_has_the_question_and_ours_follows() -> None:
    update = await answered(QUESTION, Offline(), account=AccountSettings(company="Acme"))
    assert update["draft"] == f"{say('colleague_answers', 'en')} {say('ask_need', 'en')}"
    (task,) = update["proposal"]["tasks"]
    assert (task["kind"], task["title"], task["detail"]) == ("question", "A lead asked something", QUESTION.rstrip("?"))
    assert update["memory"]["asked"] == ["need"]
    assert "tasks" not in (await answered("We need a CRM bot", Offline(), account=AccountSettings()))["proposal"]


@pytest.mark.parametrize(
    "text",
    ["how much is it and does it work with hubspot", "How much is it? Does it work with HubSpot?"],
)
async def test_each_of_two_questions_is_looked_up_for_itself(text: str) -> None:
    state = make_state(text, lead_values={"facts": {}})
    guide = f"{GUIDE}\n# Integrations\nWe connect to HubSpot."
    update = await ask_next(
        state,
        models=Offline(),
        leads=FakeLeads(settings=ACCOUNT),
        knowledge=FakeKnowledge(guide),
        prompt=load_prompt("qualifier"),
    )
    assert update["draft"] == f"{QUOTE}\n\nWe connect to HubSpot.\n\n{say('ask_need', 'en')}"
    assert [one["source"] for one in told(update)["sources"]] == ["guide.md#Team plan", "guide.md#Integrations"]
    assert "tasks" not in update["proposal"]


async def test_what_is_not_written_of_two_questions_is_left_to_a_colleague() -> None:
    update = await answered("How much is it? Do you support Telegram?", Offline())
    assert update["draft"].startswith(QUOTE)
    assert [task["detail"] for task in update["proposal"]["tasks"]] == ["Do you support Telegram"]


async def test_what_the_documents_say_may_be_said_and_no_other_link() -> None:
    for draft, kept in (
        ("20 EUR [s1], see https://acme.example/team or sales@acme.example", True),
        ("20 EUR [s1], see https://evil.example/team", False),
    ):
        state = make_state(QUESTION, lead_values={"facts": {}})
        state = merged(state, await answered(QUESTION, FakeModels(draft)))
        update = await check_reply(state, models=FakeModels(), secrets=frozenset())
        assert (update.get("draft") is None) is kept
        assert kept or (update["draft"], update["draft_by"]) == (QUOTE, "rules")
