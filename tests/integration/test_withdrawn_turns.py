"""A turn whose answer is not wanted any more: its model call is given up, its draft never leaves, its booking stands."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.integration.model_server import OFFER, ModelServer, open_model_server, says
from tests.integration.test_turns import runs_of
from tests.integration.world import World, open_world

FOREVER = 30.0  # seconds: far beyond what a test waits for anything
MODEL_SECONDS = 15.0  # how long a provider is waited for, by default


@pytest.fixture
async def model() -> AsyncIterator[ModelServer]:
    async with open_model_server() as server:
        yield server


@pytest.fixture
async def world(tmp_path: Path, model: ModelServer) -> AsyncIterator[World]:
    async with open_world(tmp_path, burst_ms=0, **model.settings) as opened:
        yield opened


async def asked(model: ModelServer) -> Any:
    found = (await model.http.get("/_sandbox/ledger", params={"vendor": "model", "kind": "fault"})).json()
    return found["items"]


async def outcomes(world: World) -> list[str]:
    return [run["outcome"] if isinstance(run["outcome"], str) else "committed" for run in await runs_of(world)]


async def test_a_model_that_is_thinking_is_given_up_when_the_lead_writes_again(
    world: World, model: ModelServer
) -> None:
    await model.breaks("slow", times=1, seconds=FOREVER)
    await world.lead_says("Schedule a demo")
    await world.until(lambda: asked(model), "the model to be asked")
    await model.will(*OFFER, says("Here are times that are free."))
    await world.lead_says("on a Thursday if you can")
    await world.until_sends(1)
    await world.settle()
    assert len(await world.sends()) == 1
    assert await outcomes(world) == ["superseded", "committed"]
    runs = await runs_of(world)
    assert len(runs[1]["events"]) == 2
    began, ended = (datetime.fromisoformat(runs[0][name]) for name in ("started_at", "finished_at"))
    assert (ended - began).total_seconds() < MODEL_SECONDS / 2  # not because the model took too long


async def test_a_model_that_is_thinking_is_given_up_when_a_person_takes_over(world: World, model: ModelServer) -> None:
    await model.breaks("slow", times=1, seconds=FOREVER)
    await world.lead_says("Schedule a demo")
    await world.until(lambda: asked(model), "the model to be asked")
    lead = await world.lead()
    assert (await world.api.post(f"/api/leads/{lead['id']}/takeover")).status_code == 200

    async def ended() -> bool:
        return len(await outcomes(world)) == 2

    await world.until(ended, "the turn to be given up, and the silent one after it")
    assert await outcomes(world) == ["superseded", "committed"]
    await world.settle()
    assert await world.sends() == []


async def test_a_message_during_the_booking_leaves_one_booking_and_one_confirmation(tmp_path: Path) -> None:
    async with open_world(tmp_path, burst_ms=0) as world:
        await world.lead_says("Schedule a demo")
        await world.until_sends(1)
        await world.break_vendor("calendly", "slow", route="POST /invitees", times=1, seconds=2.0)
        await world.lead_says("the second one, ana@silva.example")
        await world.until(lambda: world.ledger("calendly", "fault"), "the booking to be under way")
        await world.lead_says("thank you!")

        async def booked() -> bool:
            return (await world.lead())["status"] == "meeting_scheduled"

        await world.until(booked, "the meeting to be booked")

        async def answered() -> bool:
            lead = await world.lead()
            items = (await world.api.get(f"/api/leads/{lead['id']}/messages")).json()["items"]
            return any(item["direction"] == "out" and "ana@silva" in item["text"] for item in items)

        await world.until(answered, "the confirmation")
        await world.settle()
        assert len(await world.ledger("calendly", "booking")) == 1
        lead = await world.lead()
        items = (await world.api.get(f"/api/leads/{lead['id']}/messages")).json()["items"]
        confirmations = [item for item in items if item["direction"] == "out" and "ana@silva" in item["text"]]
        assert len(confirmations) == 1
