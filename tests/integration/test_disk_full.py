"""A disk that fills up under the service: nothing is acknowledged that is not stored, and all is answered once afterwards."""

import asyncio
import copy
import json
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from pipewise.platforms.whatsapp import webhook as whatsapp
from tests.contract.payloads import read_sample
from tests.integration.full_disks import KINDS, Disk, open_disk
from tests.integration.world import APP_SECRET, NUMBER_ID, World, open_world

EARLY = [f"35191200{number:04}" for number in range(6)]
LATE = [f"35191300{number:04}" for number in range(12)]
PADDING = "word " * 6000


@pytest.fixture(params=KINDS)
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    with open_disk(request.param, tmp_path / "disk") as opened:
        yield opened


async def deliver(world: World, sender: str, text: str = "Hello there!") -> httpx.Response:
    """As Meta does, and as it does again after a 503."""
    document: Any = copy.deepcopy(read_sample("whatsapp", "inbound_text").document)
    value = document["entry"][0]["changes"][0]["value"]
    value["metadata"]["phone_number_id"] = NUMBER_ID
    value["contacts"] = [{"wa_id": sender, "profile": {"name": "Ana"}}]
    value["messages"] = [
        {
            "id": f"wamid.{sender}",
            "from": sender,
            "timestamp": str(int(time.time())),
            "type": "text",
            "text": {"body": text},
        }
    ]
    body = json.dumps(document).encode()
    headers = {"content-type": "application/json", **whatsapp.sign(body, APP_SECRET)}
    return await world.api.post(f"/webhooks/whatsapp/{world.integrations['whatsapp']}", content=body, headers=headers)


async def events_of(world: World) -> list[dict[str, Any]]:
    answer = await world.api.get("/api/events", params={"limit": 500})
    assert answer.status_code == 200, answer.text
    return [event for event in answer.json()["items"] if event["kind"] == "message"]


async def test_a_full_disk_loses_nothing_and_acknowledges_nothing_it_has_not_stored(disk: Disk) -> None:
    async with open_world(disk.folder / "data", burst_ms=400) as world:
        await world.lead_says("Hello there!", sender=LATE[-1])
        await world.until_sends(1)
        for sender in EARLY:
            await world.lead_says("Hello there!", sender=sender)

        async def stored() -> bool:
            return len(await events_of(world)) == 1 + len(EARLY)

        await world.until(stored, "the early ones to be stored")
        await disk.fill(world)  # before the turns of what was just accepted
        for sender in LATE[:-1]:
            await world.lead_says("Hello there!", sender=sender)  # the vendor will deliver it again
        refused = [await deliver(world, f"351914{number:06}", PADDING) for number in range(6)]
        for answer in refused[-3:]:
            assert (answer.status_code, answer.json()["code"]) == (503, "storage_unavailable")
            assert int(answer.headers["retry-after"]) > 0
        await asyncio.sleep(1.5)  # the turns run meanwhile and cannot commit
        assert (await world.api.get("/api/leads")).status_code == 200
        assert (await world.api.get("/readyz")).status_code in {200, 503}
        await disk.free(world)
        everybody = {*EARLY, *LATE}

        async def all_answered() -> bool:
            return {send["detail"]["to"] for send in await world.sends()} >= everybody

        await world.until(all_answered, "every lead to be answered")
        await world.settle()
        answered = Counter(send["detail"]["to"] for send in await world.sends())
        assert {answered[sender] for sender in everybody} == {1}
        assert {event["status"] for event in await events_of(world)} <= {"processed", "accepted"}
    for name in ("pipewise.db", "pipewise-checkpoints.db"):
        with closing(sqlite3.connect(disk.folder / "data" / name)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    with closing(sqlite3.connect(disk.folder / "data" / "pipewise.db")) as connection:
        assert connection.execute("SELECT max(attempts) FROM events").fetchall() == [(0,)], "no failed try of any event"
        assert connection.execute("SELECT count(*) FROM outbox WHERE state = 'parked'").fetchall() == [(0,)]
