"""Several wishes of one message: each is handled, in one reply with one question, and a wish outlives our asking back."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from pipewise.language.phrases import say as phrase
from tests.integration.test_conversation import TIMES
from tests.integration.test_turns import runs_of, say
from tests.integration.world import World, open_world

GUIDE = """# Price
The Team plan costs 20 EUR per seat and month. Der Preis ist 20 EUR: das kostet der Team-Plan. Le prix, combien ça coûte: 20 EUR.

# Integrations
We integrate with HubSpot and Salesforce.
"""
PRICE = "20 EUR"


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    folder = tmp_path / "knowledge" / "acme"
    folder.mkdir(parents=True)
    (folder / "guide.md").write_text(GUIDE)
    async with open_world(tmp_path, burst_ms=0) as opened:
        settings = {"knowledge_folder": "acme", "company": "Acme"}
        (await opened.api.patch("/api/settings", json=settings)).raise_for_status()
        yield opened


@pytest.mark.parametrize(
    "text",
    [
        "What does it cost? And can we meet on Thursday?",
        "Can we meet on Thursday? And what does it cost?",
        "Was kostet das? Und können wir uns am Donnerstag treffen?",
        "Combien ça coûte ? Et on peut se voir jeudi ?",
    ],
)
async def test_a_question_is_answered_and_times_are_offered_in_one_reply(world: World, text: str) -> None:
    told = await say(world, text, 1)
    answer, offer = told.index(PRICE), told.index("1. ")
    assert answer < offer, "what waits for the lead comes last"
    assert len(TIMES.findall(told)) == 3
    assert "?" not in told, "the list is the one thing that asks"
    (run,) = await runs_of(world)
    assert sorted(run["routes"]) == ["qualifier", "scheduler"]
    assert run["route"] == run["routes"][0]
    assert {guess["label"] for guess in run["intents"]} == {"lead_inquiry", "meeting_request"}
    assert run["intents"][0]["label"] == run["intent"]["label"]
    assert {action["type"] for action in run["actions"]} >= {"knowledge", "tool_call"}
    assert run["result"]["kind"] == "offer"
    assert (await world.lead())["status"] == "meeting_offered"
    assert len(await world.until_sends(1)) == 1


async def test_what_nobody_wrote_down_goes_to_a_colleague_beside_the_offer(world: World) -> None:
    told = await say(world, "Do you have an office in Osaka? And can we meet on Thursday?", 1)
    assert phrase("colleague_answers", "en") in told
    assert len(TIMES.findall(told)) == 3
    tasks = (await world.api.get("/api/tasks")).json()["items"]
    assert [(task["kind"], task["detail"]) for task in tasks] == [("question", "Do you have an office in Osaka")]


async def test_a_pick_with_a_question_books_and_answers(world: World) -> None:
    await say(world, "Schedule a demo", 1)
    told = await say(world, "2, my mail is ana@silva.example, and do you integrate with HubSpot?", 2)
    assert "You're booked" in told
    assert "HubSpot and Salesforce" in told
    assert len(await world.ledger("calendly", "booking")) == 1


async def test_a_move_with_a_question_gets_both(world: World) -> None:
    await say(world, "Schedule a demo", 1)
    await say(world, "2, my mail is ana@silva.example", 2)
    told = await say(world, "I need to move my meeting. Also, do you integrate with HubSpot?", 3)
    assert "HubSpot and Salesforce" in told
    assert "http" in told
    run = (await runs_of(world))[-1]
    assert (run["routes"], run["result"]["kind"]) == (["scheduler", "qualifier"], "change")


async def test_stop_beats_everything_else(world: World) -> None:
    told = await say(world, "What does it cost? Can we meet on Thursday? No, stop writing to me.", 1)
    assert told == phrase("opt_out_done", "en")
    assert (await world.lead())["opted_out"]


async def test_a_question_and_a_day_to_come_back(world: World) -> None:
    told = await say(world, "What does it cost per seat? I can only decide in two weeks, get back to me then.", 1)
    assert PRICE in told
    assert "I'll note that" in told
    (run,) = await runs_of(world)
    assert run["routes"] == ["qualifier", "follow_up"]
    assert (await world.lead())["status"] == "nurturing"


async def test_a_day_that_was_said_before_we_asked_back_is_used(world: World) -> None:
    unclear = await say(world, "vielleicht freitag früh mal so", 1)
    assert "?" in unclear
    told = await say(world, "Ja, einen Termin bitte", 2)
    assert [line.split(". ", 1)[1][:2] for line in told.splitlines() if line[:2] in {"1.", "2.", "3."}] == ["Fr"] * 3
    assert all(int(time.split(":")[0]) < 12 for time in TIMES.findall(told))
