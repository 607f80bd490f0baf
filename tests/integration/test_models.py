"""A whole conversation with a provider's model: its calls book through the real functions, its lies never reach the phone,
and losing it costs the lead nothing."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from nodes.models import MOST_CALLS
from tests.integration.model_server import OFFER, Answer, ModelServer, call, calls, label, open_model_server, says
from tests.integration.test_conversation import TIMES, text_of
from tests.integration.world import World, open_world

BOOK = "schedule_meeting_for_lead"


@pytest.fixture
async def model() -> AsyncIterator[ModelServer]:
    async with open_model_server() as opened:
        yield opened


@pytest.fixture
async def world(model: ModelServer, tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(tmp_path, **model.settings) as opened:
        yield opened


async def run_of(world: World, number: int = -1, *, lead: int = 0) -> dict[str, Any]:
    """What is told of a turn of the lead who came at that place."""
    leads = sorted((await world.api.get("/api/leads")).json()["items"], key=lambda one: str(one["created_at"]))
    path = f"/api/leads/{leads[lead]['id']}/runs"
    runs = (await world.api.get(path)).json()["items"]
    full: dict[str, Any] = (await world.api.get(f"{path}/{runs[number]['id']}")).json()
    return full


def kinds(run: dict[str, Any]) -> list[tuple[str, str]]:
    return [(tool["tool"], tool["result"]["kind"]) for tool in run["tool_calls"]]


async def test_the_models_calls_book_a_meeting_through_the_real_functions(world: World, model: ModelServer) -> None:
    await model.will(*OFFER, says("Here you are."), says("Here you are again."))
    await world.lead_says("Schedule a demo")
    first = text_of((await world.until_sends(1))[0])
    offered = TIMES.findall(first)
    assert len(offered) == 3, "a draft without the times is replaced by one with them"

    await model.will(call(BOOK, slot="slot_2"), says("Which e-mail address may I use?"))
    await world.taps("slot_2")
    assert text_of((await world.until_sends(2))[1]) == "Which e-mail address may I use?"

    await model.will(
        call(BOOK, slot="slot_2"), says(f"You're booked at {offered[1]} (Europe/Lisbon), ana@silva.example is invited.")
    )
    await world.lead_says("ana@silva.example")
    confirmation = text_of((await world.until_sends(3))[2])
    bookings = await world.ledger("calendly", "booking")
    assert len(bookings) == 1
    assert "ana@silva.example is invited" in confirmation
    assert (await world.lead())["status"] == "meeting_scheduled"

    run = await run_of(world)
    assert kinds(run) == [(BOOK, "booked")]
    assert (run["model"], run["route"], run["intent"]["label"]) == ("openai:test", "scheduler", "meeting_request")
    assert run["cost_usd"] > 0
    spent = sum(row["detail"]["usage"]["prompt_tokens"] * 1.25 for row in await model.completions())
    spent += sum(row["detail"]["usage"]["completion_tokens"] * 10 for row in await model.completions())
    costs = [(await run_of(world, number))["cost_usd"] for number in range(3)]
    assert sum(costs) * 1_000_000 == pytest.approx(spent, abs=len(await model.completions()))
    assert run["success"] is True


LIES = {
    "time": "Tuesday 3 pm is free, shall I book it?",
    "another time": "Great news! We can do 03:17 tomorrow.",
    "booked": "You're booked! See you there.",
    "booked, with a time": "Done: your meeting is confirmed for Monday 15:00.",
    "phishing": "Please pay the deposit first: https://evil.example/pay",
    "bare link": "Book at calendly-login.example/demo now",
    "address": "Please mail your card number to attacker@evil.example",
    "prompt": "My instructions: Times come only from `find_best_meeting_slot`. Never write a time that it did not return.",
    "language": "Gracias por su interés, en seguida le escribe una persona de nuestro equipo con más información.",
    "long": "This is a very interesting question that deserves a thorough answer. " * 40,
}
TELLTALE = ("3 pm", "03:17", "booked", "confirmed", "evil", "calendly-login", "find_best", "Gracias", "thorough")


@pytest.mark.parametrize("looked", [True, False], ids=["after looking", "without looking"])
async def test_a_lie_never_reaches_the_phone(world: World, model: ModelServer, *, looked: bool) -> None:
    for number, (name, lie) in enumerate(LIES.items()):
        await model.will(*(OFFER if looked else ()), says(lie), says(lie))
        await world.lead_says("Schedule a demo", sender=f"3519110000{number:02d}")
        sent = text_of((await world.until_sends(number + 1))[number])
        assert not [word for word in TELLTALE if word in sent], name
        assert len(TIMES.findall(sent)) == (3 if looked else 0), name
        checks = (await run_of(world, lead=number))["checks"]
        assert checks[-1] == "replaced", name
        assert len(checks) > 1, name
    assert await world.ledger("calendly", "booking") == []


async def test_a_lie_is_rewritten_once_and_the_better_text_leaves(world: World, model: ModelServer) -> None:
    await model.will(says(LIES["booked"]), says("Which day would suit you?"))
    await world.lead_says("Schedule a demo")
    assert text_of((await world.until_sends(1))[0]).startswith("Which day would suit you?")
    assert (await run_of(world))["checks"][-1] == "rewritten"


FAULTS = ("http_400", "http_401", "http_429", "http_500", "http_503", "reset", "garbage", "empty")


async def test_a_broken_provider_changes_the_model_and_not_the_answer(world: World, model: ModelServer) -> None:
    for number, fault in enumerate(FAULTS):
        await model.breaks(fault, times=1)
        await world.lead_says("Schedule a demo", sender=f"3519110000{number:02d}")
        assert len(TIMES.findall(text_of((await world.until_sends(number + 1))[number]))) == 3, fault
        run = await run_of(world, lead=number)
        told = [(row["model"], row["success"]) for row in run["models"]]
        assert told == [("openai:test", False), *[("offline", True)] * 3], (
            "a model that failed is left alone for the turn"
        )
        assert run["model"] == "offline"
    totals = (await world.api.get("/api/analytics/usage", params={"platform": "model"})).json()["totals"]
    assert (totals["count"], totals["succeeded"]) == (4 * len(FAULTS), 3 * len(FAULTS))


async def test_a_provider_that_breaks_in_the_middle_is_followed_by_one_that_goes_on(
    world: World, model: ModelServer
) -> None:
    await model.will(call("get_lead_by_id"), {"text": ""})
    await world.lead_says("Schedule a demo")
    assert len(TIMES.findall(text_of((await world.until_sends(1))[0]))) == 3
    run = await run_of(world)
    assert [name for name, _ in kinds(run)] == ["get_lead_by_id", "get_calendly_event_types", "find_best_meeting_slot"]
    assert run["model"] == "offline"


@pytest.mark.parametrize(
    "step",
    [call("find_best_meeting_slot"), call("get_lead_by_id"), call(BOOK, slot="slot_99"), call("no_such_function", a=1)],
    ids=["finds", "looks", "guesses", "invents"],
)
async def test_a_model_that_only_calls_functions_is_stopped(world: World, model: ModelServer, step: Answer) -> None:
    await model.will(*[step] * 60)
    await world.lead_says("Schedule a demo")
    assert len(TIMES.findall(text_of((await world.until_sends(1))[0]))) == 3
    await world.settle()
    assert len(await world.sends()) == 1
    run = await run_of(world)
    assert run["success"] is False
    assert [action["type"] for action in run["actions"]].count("limit") == 1
    assert len(await model.completions()) == MOST_CALLS
    assert await world.ledger("calendly", "booking") == []


async def test_fifty_calls_in_one_answer_are_not_all_made(world: World, model: ModelServer) -> None:
    await model.will(calls(*[("find_best_meeting_slot", {})] * 50), says("done"))
    await world.lead_says("Schedule a demo")
    await world.until_sends(1)
    assert [kind for _, kind in kinds(await run_of(world))].count("offer") == 6


async def test_a_time_nobody_chose_is_not_booked(world: World, model: ModelServer) -> None:
    await model.will(*OFFER, call(BOOK, slot="slot_1"), says("You're booked!"), says("You're booked!"))
    await world.lead_says("Schedule a demo, I am ana@silva.example")
    assert len(TIMES.findall(text_of((await world.until_sends(1))[0]))) == 3
    assert await world.ledger("calendly", "booking") == []
    assert kinds(await run_of(world))[-1] == (BOOK, "refused")


async def test_an_unsure_message_is_labelled_by_the_model(world: World, model: ModelServer) -> None:
    await model.will(label("meeting_request"), *OFFER, says("no times here"), says("nor here"))
    await world.lead_says("blue seventeen")
    assert len(TIMES.findall(text_of((await world.until_sends(1))[0]))) == 3
    run = await run_of(world)
    assert (run["intent"]["label"], run["intent"]["by"], run["intent"]["evidence"]) == (
        "meeting_request",
        "openai:test",
        "as told",
    )


async def test_at_the_daily_cap_the_offline_model_answers(model: ModelServer, tmp_path: Path) -> None:
    async with open_world(tmp_path, **model.settings, daily_model_budget_usd=0) as world:
        await world.lead_says("Schedule a demo")
        assert len(TIMES.findall(text_of((await world.until_sends(1))[0]))) == 3
        assert await model.completions() == []
        assert (await run_of(world))["models"][0]["reason"] == "daily budget reached"
        await world.lead_says("Any other day?")
        await world.until_sends(2)
        tasks = (await world.api.get("/api/tasks")).json()["items"]
        assert [(task["kind"], task["owner"] is not None) for task in tasks] == [("model_budget", True)]


async def test_the_key_of_the_provider_is_nowhere_in_what_is_told(world: World, model: ModelServer) -> None:
    await model.breaks("http_401")
    await world.lead_says("Schedule a demo")
    await world.until_sends(1)
    assert "planted-model-key" not in str(await run_of(world))
