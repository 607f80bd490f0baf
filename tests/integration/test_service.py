"""PipeWise inside another Python program: capabilities, links, fallbacks, and incoming data, without a server."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from graph.service import IntegrationAgent, IntegrationService
from pipewise.clock import SystemClock
from pipewise.errors import InvalidInput, NotFound
from pipewise.integrations import connect, parse_model
from pipewise.platforms.registry import get_platform
from pipewise.sandbox.app import create_sandbox
from pipewise.settings import load_settings
from pipewise.storage import integrations, leads
from tests.integration.world import BASE, SIGNING_KEY, TOKEN

TOKEN_OF_CALENDLY = "sandbox-calendly-token"
ANA = {"name": "Ana Silva", "email": "ana@silva.example"}
OWN_PAGE = "https://calendly.com/ana/intro"
DEMO = {"message": {"text": "Schedule a demo"}}


class Vendors:
    """The sandbox in this process, and how to break it."""

    def __init__(self) -> None:
        self.app = create_sandbox(SystemClock())
        self.transport = httpx.ASGITransport(app=self.app)

    async def breaks(self, kind: str) -> None:
        async with httpx.AsyncClient(transport=self.transport, base_url=BASE) as http:
            (await http.post("/_sandbox/faults", json={"vendor": "calendly", "kind": kind})).raise_for_status()

    async def links(self) -> list[dict[str, Any]]:
        async with httpx.AsyncClient(transport=self.transport, base_url=BASE) as http:
            found = (await http.get("/_sandbox/ledger", params={"vendor": "calendly", "kind": "link"})).json()
        return list(found["items"])


@pytest.fixture
async def vendors() -> AsyncIterator[Vendors]:
    opened = Vendors()
    async with opened.app.router.lifespan_context(opened.app):
        yield opened


@contextlib.asynccontextmanager
async def a_service(folder: Path, vendors: Vendors, **settings: Any) -> AsyncIterator[IntegrationService]:
    given = {"data_dir": folder, "api_token": TOKEN, "calendly_api_url": BASE, "whatsapp_api_url": BASE, **settings}
    async with IntegrationService(load_settings(**given), transport=vendors.transport) as service:
        yield service


async def connect_calendly(service: IntegrationService, **settings: Any) -> str:
    resources, platform = (await service.application()).resources, get_platform("calendly")
    credentials = {"access_token": TOKEN_OF_CALENDLY, "webhook_signing_key": SIGNING_KEY}
    async with resources.database.write() as connection:
        made = await connect(
            connection,
            resources.vault,
            await service.account_of(None),
            platform,
            name=None,
            credentials=parse_model(platform.credentials, credentials, "credentials"),
            settings=parse_model(platform.settings, settings, "settings"),
            now=resources.clock.now(),
        )
    resources.connections.drop(made.id)
    return made.id


async def test_the_capabilities_tell_where_calendly_stands(tmp_path: Path, vendors: Vendors) -> None:
    async with a_service(tmp_path, vendors) as service:
        found = await service.get_meeting_scheduler_capabilities()
        assert (found["calendly"], found["mode"]) == ("fallback", None)
        assert "schedule_meeting_for_lead" in found["tools"]
        await connect_calendly(service, mode="link")
        found = await service.get_meeting_scheduler_capabilities()
        assert (found["calendly"], found["mode"]) == ("connected", "link")


async def test_the_installations_token_serves_who_has_none(tmp_path: Path, vendors: Vendors) -> None:
    async with a_service(tmp_path, vendors, calendly_access_token=TOKEN_OF_CALENDLY) as service:
        assert (await service.get_meeting_scheduler_capabilities())["calendly"] == "default_token"
        made = await service.schedule_meeting(None, ANA)
        assert (made["success"], made["fallback"]) == (True, False)
        assert len(await vendors.links()) == 1


async def test_a_connected_account_gives_a_link_for_one_booking(tmp_path: Path, vendors: Vendors) -> None:
    async with a_service(tmp_path, vendors) as service:
        integration_id = await connect_calendly(service)
        made = await service.create_meeting_scheduler().schedule({**ANA, "preferences": "Tuesday afternoon"})
        assert made | {"success": True, "mode": "link", "fallback": False} == made
        link = urlsplit(made["meeting_url"])
        assert (link.hostname, link.path.split("/")[1]) == ("calendly.com", "d")
        assert "email=ana%40silva.example" in link.query
        assert len(await vendors.links()) == 1
        resources, account = (await service.application()).resources, await service.account_of(None)
        async with resources.database.read() as connection:
            stats = await integrations.read_stats(connection, account)
            lead = await leads.get_lead(connection, account, made["lead_id"])
        assert stats[integration_id]["links_created"] == 1
        assert (str(lead.status), lead.name) == ("meeting_offered", "Ana Silva")


async def test_the_same_person_stays_one_lead(tmp_path: Path, vendors: Vendors) -> None:
    async with a_service(tmp_path, vendors) as service:
        first, second = [await service.schedule_meeting(None, ANA) for _ in range(2)]
        again = await service.schedule_meeting(None, {"lead_id": first["lead_id"]})
        assert first["lead_id"] == second["lead_id"] == again["lead_id"]


async def test_in_development_a_demo_link_stands_in_and_says_so(tmp_path: Path, vendors: Vendors) -> None:
    async with a_service(tmp_path, vendors) as service:
        made = await service.schedule_meeting(None, ANA)
        assert made | {"success": True, "fallback": True, "code": "calendly_not_connected"} == made
        assert urlsplit(made["meeting_url"]).hostname == "calendly.com"


@pytest.mark.parametrize("env", ["production", "test"])
async def test_elsewhere_no_link_is_made_up(tmp_path: Path, vendors: Vendors, env: str) -> None:
    async with a_service(tmp_path, vendors, env=env, secret_keys="k" * 40) as service:
        told = await service.schedule_meeting(None, ANA)
        assert (
            told
            | {
                "success": False,
                "code": "calendly_not_connected",
                "fallback_available": False,
                "manual_action_required": True,
            }
            == told
        )
        assert "meeting_url" not in told
        run = await IntegrationAgent(service=service).process_incoming_data("whatsapp", DEMO)
        assert run["success"] is False
        assert "calendly.com" not in str(run["reply"])


@pytest.mark.parametrize("fault", ["http_401", "http_429", "http_500", "garbage"])
async def test_the_owners_own_page_is_given_while_calendly_fails(tmp_path: Path, vendors: Vendors, fault: str) -> None:
    async with a_service(tmp_path, vendors, env="test", secret_keys="k" * 40) as service:
        await connect_calendly(service, fallback_booking_url=OWN_PAGE)
        await vendors.breaks(fault)
        made = await service.schedule_meeting(None, ANA)
        assert made | {"success": True, "fallback": True, "meeting_url": OWN_PAGE, "fallback_available": True} == made
        assert made["code"].startswith("calendly_")
        assert made["manual_action_required"] is (fault == "http_401")


async def test_incoming_data_becomes_an_answer_and_a_link(tmp_path: Path, vendors: Vendors) -> None:
    async with a_service(tmp_path, vendors) as service:
        agent = IntegrationAgent(service=service)
        run = await agent.process_incoming_data("whatsapp", DEMO)
        assert run | {"success": True, "intent": "meeting_request", "fallback": True, "delivered": False} == run
        assert urlsplit(run["meeting_url"]).hostname == "calendly.com"
        await connect_calendly(service)
        run = await agent.process_incoming_data("whatsapp", {**DEMO, "sender": "351911222333", "name": "Rui"})
        assert run | {"success": True, "fallback": False} == run
        assert "/d/" in run["meeting_url"]
        assert run["lead"]["name"] == "Rui"
        await agent.close()
        assert (await service.get_meeting_scheduler_capabilities())["calendly"] == "connected", "it is not the agent's"


@pytest.mark.parametrize(
    ("data", "intent"),
    [
        ({"message": {"text": "What does it cost?"}}, "lead_inquiry"),
        ({"message": "hello"}, "greeting"),
        ({"text": "hi"}, "greeting"),
    ],
)
async def test_other_wishes_get_an_answer_and_no_link(
    tmp_path: Path, vendors: Vendors, data: dict[str, Any], intent: str
) -> None:
    async with a_service(tmp_path, vendors) as service:
        run = await IntegrationAgent(service=service).process_incoming_data("whatsapp", data)
        assert (run["success"], run["intent"]) == (True, intent)
        assert "meeting_url" not in run
        assert run["reply"]


async def test_what_the_caller_got_wrong_is_told_and_not_raised(tmp_path: Path, vendors: Vendors) -> None:
    async with a_service(tmp_path, vendors) as service:
        told = await IntegrationAgent(service=service).process_incoming_data("fax", DEMO)
        assert (told["success"], told["code"]) == (False, "invalid_input")
        told = await service.schedule_meeting(None, {"name": "Nobody"})
        assert (told["success"], told["code"]) == (False, "invalid_input")
        told = await service.schedule_meeting(None, {"lead_id": "00000000-0000-0000-0000-000000000000"})
        assert (told["success"], told["code"]) == (False, "not_found")


async def test_what_nobody_expected_is_raised(tmp_path: Path, vendors: Vendors) -> None:
    class Broken(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            raise ZeroDivisionError

    vendors.transport = Broken()  # type: ignore[assignment]
    async with a_service(tmp_path, vendors, calendly_access_token=TOKEN_OF_CALENDLY) as service:
        with pytest.raises(ZeroDivisionError):
            await service.schedule_meeting(None, ANA)
        with pytest.raises(ZeroDivisionError):
            await IntegrationAgent(service=service).process_incoming_data("whatsapp", DEMO)


async def test_users_are_named_by_id_or_email(tmp_path: Path, vendors: Vendors) -> None:
    async with a_service(tmp_path, vendors) as service:
        assert await service.account_of(None)
        for unknown in ("nobody@shop.example", "00000000-0000-0000-0000-000000000000"):
            with pytest.raises((NotFound, InvalidInput)):
                await service.account_of(unknown)


async def test_two_first_calls_open_one_application(tmp_path: Path, vendors: Vendors) -> None:
    settings = load_settings(data_dir=tmp_path, api_token=TOKEN)
    service = IntegrationService(settings, transport=vendors.transport)
    first, second = await asyncio.gather(service.application(), service.application())
    assert first is second
    await service.close()
