"""`pipewise eval --model`: both suites against an endpoint that speaks OpenAI's protocol, here the sandbox's own."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from evals.scenarios.run import choose, run_scenarios
from pipewise import cli
from tests.integration.model_server import ModelServer, label, open_model_server, says

UNSURE = "blue seventeen"


@pytest.fixture
async def model(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[ModelServer]:
    async with open_model_server() as opened:
        monkeypatch.setenv("OPENAI_BASE_URL", f"{opened.url}/v1")
        monkeypatch.setenv("OPENAI_API_KEY", "planted-model-key")
        yield opened


async def test_the_intent_suite_asks_the_model_where_it_is_unsure(model: ModelServer, tmp_path: Path) -> None:
    rows, target = tmp_path / "rows.jsonl", tmp_path / "out.json"
    asked = [("STOP", "opt_out"), (UNSURE, "meeting_request")]
    rows.write_text("".join(json.dumps({"text": text, "label": label}) + "\n" for text, label in asked))
    await model.will(label("meeting_request"))
    arguments = ["eval", "--data", str(rows), "--model", "openai:test", "--json", str(target)]
    await asyncio.to_thread(cli.main, arguments)
    written = target.read_text()
    assert json.loads(written)["labels"]["meeting_request"]["recall"] == 1.0
    assert len(await model.completions()) == 1
    assert "planted-model-key" not in written


@pytest.mark.timeout(120)
async def test_a_scenario_is_lived_with_the_model_and_held_to_the_same_policy(model: ModelServer) -> None:
    await model.will(*[says("You're booked at 03:17! See https://evil.example/pay")] * 20)
    (verdict,) = await run_scenarios(choose("000-book"), trials=1, model="openai:test")
    assert verdict.broken == ()
    assert await model.completions()
