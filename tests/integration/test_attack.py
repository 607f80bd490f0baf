"""A real service under attack: everything hostile is closed or answered 4xx, and honest webhooks do not notice."""

import asyncio
import contextlib
import copy
import json
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from pipewise.platforms.form import webhook as form
from tests.contract.payloads import read_sample
from tests.contract.signing import SIGNERS
from tests.faults_plan import is_long
from tests.integration.command_line import free_port, running
from tests.integration.hostile import DOCUMENTS, MEBIBYTE, answers, drip, post, pour, wire_shapes
from tests.integration.test_cli_serve import wait_until_healthy

TOKEN = "pw_" + "a" * 40
SLOW = 250 if is_long() else 30  # of each kind
MOST_GROWTH = 120 * MEBIBYTE
JSON = {"content-type": "application/json"}


class Target:
    """A service with two integrations, and the account of what it let in."""

    def __init__(self, port: int, pid: int, http: httpx.AsyncClient, *, is_embedded: bool) -> None:
        self.port, self.pid, self.http = port, pid, http
        self.is_embedded = is_embedded
        self.paths: dict[str, str] = {}
        self.honest: Counter[int] = Counter()

    async def connect(self, platform: str) -> None:
        body = {"platform": platform, "credentials": dict(SIGNERS[platform].credentials)}
        made = await self.http.post("/api/integrations", json=body)
        assert made.status_code == 201, made.text
        self.paths[platform] = f"/webhooks/{platform}/{made.json()['id']}"

    async def deliver(self, platform: str, body: bytes, signed: Mapping[str, str]) -> httpx.Response:
        return await self.http.post(self.paths[platform], content=body, headers={**JSON, **signed})

    async def deliver_honestly(self) -> None:
        """Until it is cancelled."""
        for number in range(1_000_000):
            document = copy.deepcopy(read_sample("whatsapp", "inbound_text").document)
            value = document["entry"][0]["changes"][0]["value"]
            value["metadata"]["phone_number_id"] = SIGNERS["whatsapp"].credentials["phone_number_id"]
            value["messages"][0] |= {"id": f"wamid.honest{number}"}
            body, signer = json.dumps(document).encode(), SIGNERS["whatsapp"]
            answer = await self.deliver("whatsapp", body, signer.sign(body, signer.secret, datetime.now(UTC)))
            self.honest[answer.status_code if answer.json().get("accepted") == 1 else 0] += 1
            await asyncio.sleep(0.05)

    async def read_back(self, path: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        cursor = None
        while True:
            more = {"cursor": cursor} if cursor else {}
            answer = await self.http.get(path, params={"limit": 500, **more})
            assert answer.status_code == 200, answer.text
            found += answer.json()["items"]
            cursor = answer.json()["next_cursor"]
            if not cursor:
                return found

    def memory(self) -> int:
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) * 1024


@pytest.fixture
async def target(database_url: str, tmp_path: Path) -> AsyncIterator[Target]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    settings = {
        "PIPEWISE_DATABASE_URL": database_url,
        "PIPEWISE_DATA_DIR": str(tmp_path / "data"),
        "PIPEWISE_API_TOKEN": TOKEN,
        "PIPEWISE_MODEL": "offline",
    }
    with running("serve", "--no-worker", "--port", str(port), settings=settings) as process:
        await asyncio.to_thread(wait_until_healthy, url, process)
        headers = {"Authorization": f"Bearer {TOKEN}"}
        async with httpx.AsyncClient(base_url=url, headers=headers, timeout=60, trust_env=False) as http:
            made = Target(port, process.pid, http, is_embedded=database_url.startswith("sqlite"))
            for platform in ("whatsapp", "form"):
                await made.connect(platform)
            yield made


def is_refused(statuses: list[int]) -> bool:
    return all(400 <= status < 500 for status in statuses)


async def attack_on_the_wire(target: Target) -> dict[str, list[int]]:
    shapes = wire_shapes(target.paths["whatsapp"])
    found = await asyncio.gather(*(answers(target.port, request) for request in shapes.values()))
    return dict(zip(shapes, found, strict=True))


async def test_hostile_clients_are_refused_and_honest_ones_served(target: Target) -> None:
    honest = asyncio.create_task(target.deliver_honestly())
    path, before = target.paths["whatsapp"], target.memory()
    chunked = post(path, "Transfer-Encoding: chunked\r\n")
    slow = [
        asyncio.create_task(drip(target.port, opening, drop))
        for opening, drop in (
            (f"POST {path} HTTP/1.1\r\n".encode(), b"X: y\r\n"),
            (post(path, "Content-Length: 1000\r\n"), b"x"),
        )
        for _ in range(SLOW if target.is_embedded else 0)  # whose deadlines know no database
    ]
    found = await attack_on_the_wire(target)
    assert {name: statuses for name, statuses in found.items() if not is_refused(statuses)} == {}
    assert found["gzip"] == found["deflate"] == [415]
    assert found["length and chunks"] == found["chunks and length"] == [400]
    poured = await asyncio.gather(
        *(pour(target.port, chunked, 256 * MEBIBYTE, b"10000\r\n" + b"x" * 65536 + b"\r\n") for _ in range(3)),
        *(
            pour(target.port, post(path, f"Content-Length: {10 * MEBIBYTE}\r\n"), 10 * MEBIBYTE, b"x" * 65536)
            for _ in range(3)
        ),
    )
    for statuses, size in poured:
        assert statuses in ([413], [])
        assert size < 16 * MEBIBYTE
    ends = await asyncio.gather(*slow)
    assert [statuses for statuses in ends if statuses not in ([], [408])] == []
    assert ends[-1:] == [[408]] or not target.is_embedded
    assert target.memory() - before < MOST_GROWTH
    honest.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await honest
    assert set(target.honest) == {200}
    stored = await target.read_back("/api/events")
    assert len(stored) >= target.honest[200] > 10
    assert {event["status"] for event in stored} == {"accepted"}, "something of the attack was stored"


async def test_hostile_documents_that_are_signed_are_stored_and_read_back(target: Target) -> None:
    outcomes: dict[str, tuple[int, Any]] = {}
    for number, (name, body) in enumerate(DOCUMENTS.items()):
        signed = form.sign(body, SIGNERS["form"].secret, message_id=f"msg_{number}", at=datetime.now(UTC))
        answer = await target.deliver("form", body, signed)
        outcomes[name] = (answer.status_code, answer.json())
    assert {name: outcome for name, outcome in outcomes.items() if outcome[0] != 200} == {}
    taken = Counter[str]()
    for _, counts in outcomes.values():
        taken.update(counts)
    assert taken["accepted"] >= 5
    assert taken["rejected"] >= 12
    stored = await target.read_back("/api/events")
    assert len(stored) == taken["accepted"] + taken["rejected"]
    (lead,) = await target.read_back("/api/leads")
    messages = await target.read_back(f"/api/leads/{lead['id']}/messages")
    assert len(messages) == taken["accepted"]
    for path in ("/api/leads/%00", "/api/leads?q=%00", "/api/events?platform=%00"):
        assert (await target.http.get(path)).status_code == 400
    odd = {"name": "a\u0000b", "email": "o@dd.example", "message": "\u0000", "company": "c" * 500}
    for text in (json.dumps(odd), json.dumps(odd | {"company": None}), '{"email": "o@dd.example", "name": "\\ud800"}'):
        answer = await target.http.post("/api/leads", content=text.encode(), headers=JSON)
        assert 200 <= answer.status_code < 500, answer.text
    assert len(await target.read_back("/api/leads")) in {1, 2}
    assert (await target.http.get(f"/api/leads/{lead['id']}/timeline")).status_code == 200
