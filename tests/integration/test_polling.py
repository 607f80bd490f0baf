"""Events by asking: the same effects as a webhook's, once, also where both tell."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from pipewise.polling import attend_to_due
from pipewise.storage.tables import events as event_table
from pipewise.storage.tables import integrations
from pipewise.storage.tables_polls import integration_polls
from tests.integration.channels import LEAD_ON_X, X, connect, says, until_sent
from tests.integration.world import BASE, World, open_world

AUTH = {"Authorization": "Bearer sandbox-calendly-token"}
HTTPS = "https://127.0.0.1"


async def connect_calendly(world: World) -> str:
    body = {"platform": "calendly", "credentials": {"access_token": "sandbox-calendly-token"}}
    made = await world.api.post("/api/integrations", json=body)
    assert made.status_code == 201, made.text
    await world.app.state.services.background.settle()
    identity: str = made.json()["id"]
    return identity


async def control(world: World, path: str, **body: Any) -> Any:
    answer = await world.vendors.post(f"/_sandbox/calendly/{path}", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def book(world: World, email: str = "ana@example.com", number: int = 0) -> dict[str, Any]:
    """As a visitor does on the host's page. Returns the invitee."""
    me = (await world.vendors.get("/users/me", headers=AUTH)).json()["resource"]
    listed = await world.vendors.get("/event_types", headers=AUTH, params={"user": me["uri"], "sort": "position:asc"})
    kind = listed.json()["collection"][0]["uri"]
    now = world.app.state.services.resources.clock.now()
    query = {
        "event_type": kind,
        "start_time": (now + timedelta(minutes=5)).isoformat(),
        "end_time": (now + timedelta(days=20)).isoformat(),
    }
    slots = (await world.vendors.get("/event_type_available_times", headers=AUTH, params=query)).json()["collection"]
    body = {
        "event_type": kind,
        "start_time": slots[number * 40]["start_time"],
        "invitee": {"name": "Ana Silva", "email": email, "timezone": "Europe/Lisbon"},
        "location": {"kind": "google_conference"},
    }
    made = await world.vendors.post("/invitees", headers=AUTH, json=body)
    assert made.status_code == 201, made.text
    invitee: dict[str, Any] = made.json()["resource"]
    return invitee


async def ask_again(world: World) -> None:
    """A look by hand, whenever the next one would be due."""
    application = world.app.state.services.application
    resources = application.resources
    past = resources.clock.now() - timedelta(seconds=1)
    async with resources.database.write() as connection:
        await connection.execute(
            integration_polls.update()
            .where(integration_polls.c.account_id.is_not(None))
            .values(next_at=past, ask_webhook_at=None)
        )
    await attend_to_due(resources, application.inbox)


async def mode(world: World) -> str:
    async with world.app.state.services.resources.database.read() as connection:
        return str((await connection.execute(select(integration_polls.c.mode))).scalar_one())


async def booking_events(world: World) -> list[str]:
    async with world.app.state.services.resources.database.read() as connection:
        found = await connection.execute(
            select(event_table.c.dedupe_key).where(event_table.c.kind == "booking").order_by(event_table.c.received_at)
        )
        return [str(key).partition(":")[0] for key in found.scalars()]


async def lead_at(world: World, status: str) -> dict[str, Any]:
    async def reached() -> dict[str, Any] | None:
        lead = await world.lead()
        return lead if lead["status"] == status else None

    found: dict[str, Any] = await world.until(reached, f"a lead that is {status}")
    return found


async def test_a_plan_without_webhooks_is_polled_and_everything_that_happens_is_told_once(tmp_path: Path) -> None:
    clock = tmp_path / "clock"
    async with open_world(tmp_path, connect=False, public_url=HTTPS, env="test", clock_file=clock) as world:
        await control(world, "accounts", webhooks=False)
        await book(world, "before@example.com", 3)
        clock.write_text("120")
        await connect_calendly(world)
        assert await mode(world) == "polling"
        invitee = await book(world)
        await ask_again(world)
        lead = await lead_at(world, "meeting_scheduled")
        assert (lead["email"], lead["meeting"]["status"]) == ("ana@example.com", "scheduled")
        await ask_again(world)
        assert await booking_events(world) == ["invitee.created"], "the booking of before is none of ours"

        await control(world, "cancel", invitee_uuid=invitee["uri"].rpartition("/")[2], reason="ill")
        await ask_again(world)
        await ask_again(world)
        await lead_at(world, "meeting_canceled")
        assert await booking_events(world) == ["invitee.created", "invitee.canceled"]
        leads = (await world.api.get("/api/leads")).json()["items"]
        assert len(leads) == 1


async def test_where_webhook_and_look_both_tell_the_second_is_a_duplicate(tmp_path: Path) -> None:
    async with open_world(tmp_path, connect=False, public_url=HTTPS) as world:
        await connect_calendly(world)
        await book(world)
        await lead_at(world, "meeting_scheduled")
        await control(world, "disable-subscriptions")
        await ask_again(world)
        await world.settle(0.2)
        assert await booking_events(world) == ["invitee.created"]
        stats = (await world.api.get("/api/integrations")).json()["items"][0]["stats"]
        assert stats["meetings_scheduled"] == 1


async def test_a_subscription_that_was_switched_off_is_made_anew_and_what_was_lost_is_asked_for(tmp_path: Path) -> None:
    async with open_world(tmp_path, connect=False, public_url=HTTPS) as world:
        identity = await connect_calendly(world)
        await ask_again(world)
        assert await mode(world) == "webhook"
        await control(world, "disable-subscriptions")
        await book(world)
        await ask_again(world)
        await lead_at(world, "meeting_scheduled")
        standing = [row["detail"]["url"] for row in await world.ledger("calendly", "subscription")]
        assert standing == [f"{HTTPS}/webhooks/calendly/{identity}"] * 2
        await ask_again(world)
        assert await mode(world) == "webhook"

        await book(world, "bea@example.com", 1)

        async def both() -> bool:
            return len((await world.api.get("/api/leads")).json()["items"]) == 2

        await world.until(both, "a lead by the new subscription's webhook")
        assert await booking_events(world) == ["invitee.created"] * 2


async def test_a_subscription_is_taken_away_for_an_owner_who_brings_a_key(tmp_path: Path) -> None:
    async with open_world(tmp_path, connect=False, public_url=HTTPS) as world:
        identity = await connect_calendly(world)
        await ask_again(world)
        own = {"credentials": {"webhook_signing_key": "the-owner's-own-key-0001"}}
        assert (await world.api.post(f"/api/integrations/{identity}/rotate", json=own)).status_code == 200
        await world.app.state.services.background.settle()
        assert len(await world.ledger("calendly", "subscription_removed")) == 1
        await ask_again(world)
        assert len(await world.ledger("calendly", "subscription")) == 1
        assert await mode(world) == "webhook"


async def test_without_a_public_address_bookings_are_found_by_asking(tmp_path: Path) -> None:
    async with open_world(tmp_path, connect=False) as world:
        await connect_calendly(world)
        await book(world)
        await ask_again(world)
        await lead_at(world, "meeting_scheduled")
        assert not await world.ledger("calendly", "subscription")


async def test_a_connection_that_went_away_meanwhile_gets_no_key_back(tmp_path: Path) -> None:
    async with open_world(tmp_path, connect=False, with_worker=False, public_url=HTTPS) as world:
        made = await world.api.post(
            "/api/integrations",
            json={"platform": "calendly", "credentials": {"access_token": "sandbox-calendly-token"}},
        )
        assert (await world.api.delete(f"/api/integrations/{made.json()['id']}")).status_code == 204
        await world.app.state.services.background.settle()
        async with world.app.state.services.resources.database.read() as connection:
            row = (await connection.execute(select(integrations))).one()
        assert (row.status, row.credentials) == ("disconnected", None)


async def test_x_is_polled_where_its_owner_says_so(tmp_path: Path) -> None:
    clock = tmp_path / "clock"
    async with open_world(tmp_path, connect=False, x_api_url=BASE, env="test", clock_file=clock) as world:
        await says(world, "x", "Written before you were connected")
        clock.write_text("120")
        await connect(world, "x", X, receive="poll")
        await world.app.state.services.background.settle()
        await says(world, "x", "Hello, do you ship to Porto?")  # by webhook as well
        (sent,) = await until_sent(world, "x", 1)
        assert (sent["kind"], sent["to"]) == ("dm", LEAD_ON_X)
        await ask_again(world)
        await ask_again(world)
        await world.settle(0.3)
        assert len(await world.ledger("x", "send")) == 1
        lead = await world.lead()
        told = (await world.api.get(f"/api/leads/{lead['id']}/messages")).json()["items"]
        assert [one["text"] for one in told if one["direction"] == "in"] == ["Hello, do you ship to Porto?"]
        assert lead["agent"] == "active", "our own answer in the list is no takeover"


async def test_what_x_lists_is_answered_without_a_webhook(tmp_path: Path) -> None:
    async with open_world(tmp_path, connect=False, x_api_url=BASE) as world:
        made = await world.api.post(
            "/api/integrations", json={"platform": "x", "credentials": X, "settings": {"receive": "poll"}}
        )
        assert made.status_code == 201, made.text
        await world.app.state.services.background.settle()
        await says(world, "x", "Hello, do you ship to Porto?")
        await ask_again(world)
        (sent,) = await until_sent(world, "x", 1)
        assert sent["kind"] == "dm"
        await says(world, "x", "@harbourline and to Faro?", "post")
        await ask_again(world)
        lead = await world.lead()
        told = (await world.api.get(f"/api/leads/{lead['id']}/messages")).json()["items"]
        assert [one["text"] for one in told if one["direction"] == "in"] == [
            "Hello, do you ship to Porto?",
            "@harbourline and to Faro?",
        ]
        await world.vendors.post("/_sandbox/x/echo", json={"to": LEAD_ON_X, "text": "I take this one, Ana here."})
        await ask_again(world)

        async def taken() -> bool:
            return bool((await world.lead())["agent"] == "paused")

        await world.until(taken, "a takeover by the colleague's own message")
