"""What a provider's model writes streams to a client of the API as it comes; what leaves is still what was checked."""

import json
from pathlib import Path

from tests.integration.model_server import label, open_model_server, says
from tests.integration.world import open_world

DRAFT = "Thank you for asking, that is a good question. What would you like to solve?"


async def test_the_models_words_come_in_pieces_before_the_reply(tmp_path: Path) -> None:
    async with open_model_server() as model, open_world(tmp_path, burst_ms=0, **model.settings) as world:
        await model.will(label("lead_inquiry"), says(DRAFT))
        event = {"platform": "whatsapp", "sender": "351911222333", "text": "blue seventeen", "id": "m1", "type": "text"}
        modes = {"stream_mode": ["messages-tuple", "values"], "stream_subgraphs": True}
        body = {"assistant_id": "pipewise", "input": {"event": event}, **modes}
        answer = await world.api.post("/runs/stream", json=body)
        told = [part.split("\n") for part in answer.text.replace("\r\n", "\n").split("\n\n") if "event:" in part]
        parts = [(lines[0].removeprefix("event: "), json.loads(lines[1].removeprefix("data: "))) for lines in told]
        pieces = [
            data[0]["content"]
            for name, data in parts
            if name.startswith("messages") and data[0]["type"] == "AIMessageChunk"
        ]
        assert len([piece for piece in pieces if piece]) > 1
        assert DRAFT in "".join(pieces)
        assert parts[-1][1]["reply"].startswith(DRAFT)
