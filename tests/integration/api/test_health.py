"""How platforms are: found out by looking, told with what mends it, and over when it is over."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from pipewise.errors import Unavailable
from pipewise.events import OutboundMessage
from pipewise.failing_calls import FailingCalls
from pipewise.health_monitor import EVERY, check_all_integrations, look_at_due
from pipewise.platforms.whatsapp.client import GRAPH_VERSION
from pipewise.storage import integrations as rows
from pipewise.storage.integrations import IntegrationStatus
from pipewise.storage.tables import integrations
from pipewise.storage.tenancy import acting_for
from tests.integration.api.running import Running


class Desk:
    """A WhatsApp number that its vendor knows, and a monitor that looks whenever the clock says so."""

    def __init__(self, api: Running, integration: dict[str, Any]) -> None:
        self.api, self.integration = api, integration
        self.passed = timedelta()

    def answer(self, response: httpx.Response | Exception) -> None:
        for place in list(self.api.vendor.answers):
            self.api.vendor.answers[place] = response

    async def look(self) -> int:
        """After as long as passes between two looks."""
        self.passed += EVERY
        self.api.move_clock(self.passed)
        return await look_at_due(self.api.resources)

    async def health(self, platform: str = "whatsapp") -> dict[str, Any]:
        told: dict[str, Any] = (await self.api.get("/api/integrations/health"))[platform]
        return told

    async def tasks(self, status: str = "open") -> list[dict[str, Any]]:
        found = (await self.api.get("/api/tasks", status=status))["items"]
        return [task for task in found if task["kind"] == "integration"]


@pytest.fixture
async def desk(api: Running) -> Desk:
    made = await api.connect("whatsapp")
    asked = {request.url.path for request in api.vendor.requests}
    fine = httpx.Response(200, json={"id": "1", "display_phone_number": "+44 7700 900000", "status": "CONNECTED"})
    api.vendor.answers = {("GET", path): fine for path in asked}
    desk = Desk(api, made)
    assert await look_at_due(api.resources) == 0  # seen; connecting has just asked
    assert await desk.look() == 1
    return desk


REFUSED = httpx.Response(401, json={"error": {"code": 190, "message": "expired", "type": "OAuthException"}})
DOWN = httpx.Response(503)
FINE = httpx.Response(200, json={"id": "1", "display_phone_number": "+44 7700 900000", "status": "CONNECTED"})


async def test_a_token_that_ends_is_red_within_a_minute_and_green_once_it_is_mended(desk: Desk) -> None:
    assert (await desk.health())["status"] == "connected"
    assert timedelta(seconds=60) > EVERY
    desk.answer(REFUSED)
    await desk.look()
    red = await desk.health()
    assert (red["status"], red["last_error"]["code"]) == ("reconnect_required", "whatsapp_auth_failed")
    assert "token" in red["action"]
    (task,) = await desk.tasks()
    assert (task["owner"], task["detail"]) == ("admin@pipewise.local", red["action"])
    await desk.look()
    assert len(await desk.tasks()) == 1
    numbers = (await desk.api.call("GET", "/metrics")).text
    assert 'pipewise_integrations{platform="whatsapp",status="reconnect_required"} 1.0' in numbers
    desk.answer(FINE)
    await desk.look()
    green = await desk.health()
    assert (green["status"], green["action"], green["last_error"]) == ("connected", None, None)
    assert await desk.tasks() == []
    assert [one["id"] for one in await desk.tasks("done")] == [task["id"]]


async def test_a_vendor_that_is_down_degrades_and_its_circuit_is_not_looked_past(desk: Desk) -> None:
    desk.answer(httpx.Response(503))
    for _ in range(6):
        await desk.look()
        if desk.api.resources.connections.circuit(desk.api.account_id, "whatsapp").state != "closed":
            break
    told = await desk.health()
    assert (told["status"], told["last_error"]["code"]) == ("degraded", "whatsapp_unavailable")
    assert told["action"]
    assert await desk.tasks() == []
    circuit = desk.api.resources.connections.circuit(desk.api.account_id, "whatsapp")
    while circuit.state != "open":
        circuit.record_failure()
    asked = len(desk.api.vendor.requests)
    assert (await desk.health())["circuit"] == "open"
    await look_at_due(desk.api.resources)
    assert len(desk.api.vendor.requests) == asked
    desk.answer(FINE)
    for _ in range(2):
        await desk.look()
    assert (await desk.health())["circuit"] == "closed"
    assert (await desk.health())["status"] == "connected"


async def test_one_process_looks_and_not_again_before_it_is_time(desk: Desk) -> None:
    assert await look_at_due(desk.api.resources) == 0
    desk.passed += EVERY
    desk.api.move_clock(desk.passed)
    assert await look_at_due(desk.api.resources) + await look_at_due(desk.api.resources) == 1
    desk.passed = -timedelta(days=400)
    assert await desk.look() == 1  # the clock went back by a year


async def test_a_number_that_the_vendor_stopped_waits_for_a_person(desk: Desk) -> None:
    resources, now = desk.api.resources, desk.api.resources.clock.now()
    async with resources.database.write() as connection:
        error = {"code": "131031", "message": "locked"}
        await rows.note_stopped(connection, desk.api.account_id, desk.integration["id"], error, now)
    await desk.look()
    assert (await desk.health())["status"] == "error"


async def test_what_nobody_can_be_asked_about_is_left_alone(api: Running) -> None:
    await api.connect("form")
    api.move_clock(EVERY)
    assert await look_at_due(api.resources) == 0
    assert (await api.get("/api/integrations/health"))["form"]["status"] == "connected"


async def test_an_integration_that_went_silent_is_told(desk: Desk) -> None:
    resources, now = desk.api.resources, desk.api.resources.clock.now()
    values = {"created_at": now - timedelta(days=10), "last_event_at": now - timedelta(hours=30)}
    async with resources.database.write() as connection:
        mine = integrations.c.id == desk.integration["id"]
        await connection.execute(update(integrations).where(mine).values(values))
        await rows.count(connection, desk.api.account_id, desk.integration["id"], "messages_received", 30)
    assert (await desk.health())["status"] == "connected"  # one in seven hours: a day is nothing unusual
    async with resources.database.write() as connection:
        await rows.count(connection, desk.api.account_id, desk.integration["id"], "messages_received", 500)
    told = await desk.health()
    assert told["status"] == "degraded"
    assert told["action"].startswith("Nothing has come for 30 hours")
    await desk.look()
    told = await desk.health()
    assert (told["status"], told["last_error"]["code"]) == ("degraded", "silent")
    numbers = (await desk.api.call("GET", "/metrics")).text
    assert 'pipewise_integrations{platform="whatsapp",status="degraded"} 1.0' in numbers
    async with resources.database.write() as connection:
        await connection.execute(update(integrations).where(mine).values(last_event_at=resources.clock.now()))
    await desk.look()
    assert (await desk.health())["status"] == "connected"


async def test_a_token_that_ends_soon_is_told(desk: Desk) -> None:
    ends = desk.api.resources.clock.now() + timedelta(days=3, hours=1)
    async with desk.api.resources.database.write() as connection:
        state = {"vendor_state": {"token_expires_at": ends.isoformat()}}
        await connection.execute(update(integrations).values(state))
    told = await desk.health()
    assert (told["status"], told["token_expires_at"]) == ("connected", ends.isoformat())
    assert told["action"].startswith("The token ends in 3 days")


async def test_the_bookings_that_are_left(api: Running) -> None:
    api.vendor.serve_calendly()
    await api.connect("calendly")
    await look_at_due(api.resources)
    api.move_clock(EVERY)
    await look_at_due(api.resources)
    quota = (await api.get("/api/integrations/health"))["calendly"]["quota"]
    assert quota["bookings"][0] == {"seconds": 60, "limit": 10, "left": 10}


async def test_all_are_asked_on_demand_each_account_its_own(api: Running) -> None:
    await api.connect("whatsapp")
    await api.connect("form")
    await api.connect("whatsapp", who="stranger")
    mine = await check_all_integrations(api.resources, api.account_id)
    assert [one.integration.platform for one in mine] == ["whatsapp", "form"]
    assert mine[1].status is IntegrationStatus.CONNECTED
    assert len(await check_all_integrations(api.resources)) == 3


async def test_calls_that_keep_failing_degrade_although_a_look_finds_all_well(desk: Desk) -> None:
    """Sends fail while the vendor's account pages answer: joined with what the look finds, and over when it is over."""
    resources, calls = desk.api.resources, FailingCalls()
    with acting_for(desk.api.account_id):
        connection = await resources.connections.messaging(desk.api.account_id, desk.integration["id"])
    assert connection
    for _ in range(3):
        desk.api.vendor.answers["POST", f"/{GRAPH_VERSION}/{connection.integration.account_ref}/messages"] = DOWN
        with pytest.raises(Unavailable):
            await connection.messenger.send("447700900001", OutboundMessage("hello"), callback="m")
    await calls.note(resources)
    red = await desk.health()
    assert (red["status"], red["last_error"]["code"]) == ("degraded", "calls_failing")
    assert "3 of the last 3 calls" in red["last_error"]["message"]
    await desk.look()
    red = await desk.health()
    assert red["status"] == "degraded"
    assert "status page" in red["action"]
    numbers = (await desk.api.call("GET", "/metrics")).text
    assert 'pipewise_integrations{platform="whatsapp",status="degraded"} 1.0' in numbers
    desk.api.move_clock(desk.passed + timedelta(seconds=61))
    await calls.note(resources)
    assert (await desk.health())["status"] == "connected"
    await desk.look()
    assert (await desk.health())["action"] is None


async def test_two_good_calls_end_it_at_once_and_what_a_look_found_stays(desk: Desk) -> None:
    resources, calls = desk.api.resources, FailingCalls()
    outcomes = resources.connections.outcomes(desk.api.account_id, "whatsapp")
    for _ in range(4):
        outcomes.record(safe=False, ok=False)
    await calls.note(resources)
    outcomes.record(safe=False, ok=True)
    await calls.note(resources)
    assert (await desk.health())["status"] == "degraded"
    desk.answer(REFUSED)
    await desk.look()
    outcomes.record(safe=False, ok=True)
    await calls.note(resources)
    assert (await desk.health())["status"] == "reconnect_required"
