"""How often a provider's model is asked: on a routine turn once at most on average, three times at worst."""

from pathlib import Path

from tests.integration.model_server import open_model_server
from tests.integration.world import World, open_world

ROUTINE = (
    "Hello there",
    "What does it cost for 20 people?",
    "Schedule a demo",
    "The second one please",
    "ana@silva.example",
    "Thanks, see you then",
)
MOST, ON_AVERAGE = 3, 1.0


async def talk(world: World, sender: str) -> None:
    for text in ROUTINE:
        before = len(await world.sends())
        await world.lead_says(text, sender=sender)
        await world.until_sends(before + 1)


async def test_a_routine_conversation_asks_the_model_once_a_turn(tmp_path: Path) -> None:
    """The sandbox's model answers by rule here: it calls the first function that it is offered, then says a few words."""
    async with open_model_server() as model, open_world(tmp_path, burst_ms=0, **model.settings) as world:
        await talk(world, "351911000001")
        lead = await world.lead()
        path = f"/api/leads/{lead['id']}/runs"
        runs = [
            (await world.api.get(f"{path}/{run['id']}")).json() for run in (await world.api.get(path)).json()["items"]
        ]
        asked = [sum(row["model"] != "offline" for row in run["models"]) for run in runs]
        assert sum(asked) == len(await model.completions())
        told = f"calls by turn: {asked}"
        print(told)  # noqa: T201  pytest shows it with a failure
        assert max(asked) <= MOST, told
        assert sum(asked) / len(asked) <= ON_AVERAGE, told
