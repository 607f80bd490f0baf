"""The trained classifier is read in after the process is ready; until then the rules answer, and a replay knows it."""

from pathlib import Path

import httpx

from api.app import create_app
from graph.compose import open_application
from pipewise.settings import load_settings
from tests.integration.test_conversation import TIMES, text_of
from tests.integration.world import BASE, TOKEN, open_world, running


async def test_ready_comes_before_the_weights(tmp_path: Path) -> None:
    settings = load_settings(data_dir=tmp_path, api_token=TOKEN, model="offline")
    app = create_app(settings, open_application=open_application)
    async with running(app), httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=BASE) as http:
        turns = app.state.services.application.turns
        assert turns.intents.model is None
        assert (await http.get("/readyz")).status_code == 200
        await turns.ready()
        assert turns.intents.model.labels


async def test_until_then_a_lead_is_answered_by_rules(tmp_path: Path) -> None:
    async with open_world(tmp_path, burst_ms=0) as world:
        turns = world.app.state.services.application.turns
        weights, turns.intents.model = turns.intents.model, None
        await world.lead_says("Schedule a demo")
        assert len(TIMES.findall(text_of((await world.until_sends(1))[0]))) == 3
        turns.intents.model = weights
        await world.lead_says("The second one, ana@silva.example")
        await world.until_sends(2)
        assert len(await world.ledger("calendly", "booking")) == 1
    # On its way out the world replays every turn with the weights in hand.
