"""Planted secrets are nowhere to be found after a lead's whole way: not on disk, not in logs, not in any answer."""

import base64
import io
import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from pipewise.logs import JsonFormatter, mask_of
from pipewise.settings import load_settings
from tests.integration.world import APP_SECRET, LEAD, SIGNING_KEY, TOKEN, World, open_world

MASTER = "planted-master-key-Zb7kQ2xW9vR4tY8u"
MODEL_KEY = "sk-planted-model-key-Hn3mK6pL1sD5"
DEFAULT_TOKENS = {
    "calendly_access_token": "planted-default-calendly-Jq8w",
    "whatsapp_api_key": "planted-default-whatsapp-Vc2e",
}
SETTINGS: dict[str, Any] = {**DEFAULT_TOKENS, "openai_api_key": MODEL_KEY, "secret_keys": MASTER}
PLANTED = {
    "master key": MASTER,
    "model key": MODEL_KEY,
    "API token": TOKEN,
    "app secret": APP_SECRET,
    "signing key": SIGNING_KEY,
    "verify token": "verify-me-please",
    "WhatsApp token": "sandbox-whatsapp-token",
    "Calendly token": "sandbox-calendly-token",
    **DEFAULT_TOKENS,
}
LISTS = (
    "/api/integrations",
    "/api/integrations/platforms",
    "/api/integrations/capabilities",
    "/api/integrations/health",
    "/api/leads",
    "/api/events",
    "/api/meetings",
    "/api/tasks",
    "/api/approvals",
    "/api/analytics/usage",
    "/api/settings",
    "/api/users",
    "/api/tokens",
    "/metrics",
    "/readyz",
    "/openapi.json",
)


def disguises(secret: str) -> Iterator[bytes]:
    """How a secret may lie about: as it is, encoded, or turned round."""
    plain = secret.encode()
    yield plain
    yield plain[::-1]
    yield plain.hex().encode()
    yield plain.hex().upper().encode()
    yield quote(secret, safe="").encode()
    for shift in range(3):
        # What base64 makes of the secret within a longer text, whatever stands before and after it.
        encoded = base64.b64encode(bytes(shift) + plain)
        middle = encoded[-(-shift * 4 // 3) if shift else 0 : len(encoded) - 4]
        yield middle
        yield middle.replace(b"+", b"-").replace(b"/", b"_")


def found(places: dict[str, bytes], secrets: dict[str, str]) -> list[str]:
    return [
        f"{name} in {place}"
        for place, content in places.items()
        for name, secret in secrets.items()
        if any(disguise in content for disguise in disguises(secret))
    ]


@pytest.mark.parametrize("before", [b"", b"x", b"xy", b"xyz"])
def test_the_search_finds_what_it_looks_for(before: bytes) -> None:
    plain = MASTER.encode()
    for hidden in (plain, plain[::-1], plain.hex().encode(), base64.b64encode(before + plain + b" and more")):
        assert found({"a file": b"some text " + hidden + b" more"}, {"key": MASTER}) == ["key in a file"]
    assert found({"a file": b"nothing here"}, {"key": MASTER}) == []


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """The log as `pipewise serve` writes it, of every logger and level."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter(mask_of(load_settings(**SETTINGS), TOKEN)))
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)


@pytest.fixture
async def world(tmp_path: Path, caplog: pytest.LogCaptureFixture, written: io.StringIO) -> AsyncIterator[World]:
    caplog.set_level(logging.DEBUG)
    settings = SETTINGS
    async with open_world(tmp_path / "data", model="offline", **settings) as opened:
        yield opened


async def play(world: World) -> None:
    """From first message to a booked meeting, with a broken vendor on the way."""
    await world.break_vendor("calendly", "http_500", times=3)
    await world.lead_says("Schedule a demo")
    await world.until_sends(1)
    await world.lead_says("Please schedule a demo")
    await world.until_sends(2)
    await world.lead_says("1, ana@silva.example")

    async def booked() -> bool:
        return bool((await world.lead())["status"] == "meeting_scheduled")

    await world.until(booked, "a booked meeting")
    await world.settle()


def gossip() -> None:
    """A library that says whatever it knows: in its words, in an exception, in a traceback's cause."""
    library = logging.getLogger("gossip")
    for secret in PLANTED.values():
        library.warning(
            "sent %s and %r", secret, {"authorization": f"Bearer {secret}"}, extra={"token": secret, "path": secret}
        )
        library.info("asked https://vendor.example/?access_token=%s", quote(secret))
        try:
            raise OSError(f"{secret} was refused")  # noqa: TRY301
        except OSError:
            library.exception("it broke for %s", base64.b64encode(secret.encode()).decode())


async def acting_urls(world: World) -> dict[str, str]:
    """The vendor's own links of the booking, which act without a login."""
    auth = {"Authorization": "Bearer sandbox-calendly-token"}
    meeting = (await world.ledger("calendly", "booking"))[0]["detail"]
    invitees = (await world.vendors.get(f"{httpx.URL(meeting['event']).path}/invitees", headers=auth)).json()
    (invitee,) = invitees["collection"]
    return {name: httpx.URL(invitee[name]).path for name in ("cancel_url", "reschedule_url")}


async def answers(world: World) -> dict[str, bytes]:
    """Every reading route, as an admin sees it, and what strangers are told."""
    lead_id = (await world.lead())["id"]
    paths = [*LISTS, f"/api/leads/{lead_id}"]
    paths += [f"/api/leads/{lead_id}/{part}" for part in ("messages", "timeline", "runs")]
    runs = (await world.api.get(f"/api/leads/{lead_id}/runs")).json()["items"]
    paths += [f"/api/leads/{lead_id}/runs/{run['id']}" for run in runs]
    paths += [f"/api/integrations/{integration}" for integration in world.integrations.values()]
    replies = {path: await world.api.get(path) for path in paths}
    for name, integration in world.integrations.items():
        replies[f"test of {name}"] = await world.api.post(f"/api/integrations/{integration}/test")
        wrong = {"credentials": {"access_token": PLANTED["model key"], "no_such_field": MASTER}}
        replies[f"refused {name}"] = await world.api.post(f"/api/integrations/{integration}/rotate", json=wrong)
    stranger = {"Authorization": f"Bearer {TOKEN}x"}
    replies["refused"] = await world.api.get("/api/leads", headers=stranger)
    assert {path: reply.status_code for path, reply in replies.items() if reply.status_code >= 500} == {}
    shown = {path: reply.content + str(reply.headers).encode() for path, reply in replies.items()}
    assert {path for path in paths if replies[path].status_code != 200} == set()
    return shown


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def logged(caplog: pytest.LogCaptureFixture) -> bytes:
    parts: list[Any] = [caplog.text]
    parts += [vars(record) for record in caplog.records]
    return "\n".join(str(part) for part in parts).encode(errors="backslashreplace")


async def test_no_planted_secret_is_found_anywhere(
    world: World, tmp_path: Path, caplog: pytest.LogCaptureFixture, written: io.StringIO
) -> None:
    await play(world)
    secrets = {**PLANTED, **await acting_urls(world)}
    places = {f"file {name}": content for name, content in files(tmp_path / "data").items()}
    assert any(name.endswith("-wal") for name in places)
    assert any("checkpoints" in name for name in places)
    # The vendors' own side logs what it is sent; what counts is what PipeWise says.
    own = [record for record in caplog.records if not record.name.startswith("pipewise.sandbox")]
    caplog.handler.records[:] = own
    places["log"] = logged(caplog)
    gossip()
    places["written log"] = written.getvalue().encode()
    assert places["written log"].count(b"gossip") >= 2 * len(PLANTED)
    for private in (LEAD, "ana@silva.example", "schedule a demo"):
        assert private.encode() not in places["written log"], private
    places |= {f"answer {path}": content for path, content in (await answers(world)).items()}
    assert found(places, secrets) == []
