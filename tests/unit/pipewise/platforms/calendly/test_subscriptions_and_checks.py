"""Webhook subscriptions, and what an owner is told about the connection."""

from typing import Any

import httpx
import pytest

from pipewise.errors import Rejected
from pipewise.platforms.calendly.client import CalendlyClient
from pipewise.scheduling import Check
from tests.unit.pipewise.platforms.calendly.vendor import (
    API,
    ORGANIZATION,
    USER,
    FakeCalendly,
    event_type,
    ok,
    page,
    refusal,
    subscription,
    user,
)

URL = "https://crm.fjordline.example/webhooks/calendly/7"
HOOKS = "/webhook_subscriptions"
TAKEN = refusal(409, "Already Exists", "Hook with this url already exists")


async def test_a_subscription_is_of_the_user_and_names_the_organization(
    client: CalendlyClient, vendor: FakeCalendly
) -> None:
    vendor.on(f"POST {HOOKS}", ok(subscription(), 201))
    made = await client.subscribe(URL, "key-1")
    assert (made.callback_url, made.active) == (URL, True)
    assert vendor.bodies(f"POST {HOOKS}") == [
        {
            "url": URL,
            "events": ["invitee.created", "invitee.canceled", "invitee_no_show.created", "invitee_no_show.deleted"],
            "organization": ORGANIZATION,
            "user": USER,
            "scope": "user",
            "signing_key": "key-1",
        }
    ]


async def test_a_standing_subscription_for_the_url_is_replaced(client: CalendlyClient, vendor: FakeCalendly) -> None:
    new = f"{API}{HOOKS}/ws-2"
    vendor.on(f"POST {HOOKS}", TAKEN, ok(subscription(uri=new), 201))
    other = subscription(uri=f"{API}{HOOKS}/ws-0", callback_url="https://other.example/hook")
    vendor.on(f"GET {HOOKS}", page([other, subscription()]))
    vendor.on(f"DELETE {HOOKS}/ws-1", httpx.Response(204))
    assert (await client.subscribe(URL, "key-2")).uri == new
    assert [request.method for request in vendor.requests] == ["GET", "POST", "GET", "DELETE", "POST"]


async def test_a_url_taken_by_someone_else_is_an_error(client: CalendlyClient, vendor: FakeCalendly) -> None:
    vendor.on(f"POST {HOOKS}", TAKEN)
    vendor.on(f"GET {HOOKS}", page([]))
    with pytest.raises(Rejected) as caught:
        await client.subscribe(URL, "key-2")
    assert caught.value.http_status == 409


async def test_a_plan_without_webhooks_is_told_apart(client: CalendlyClient, vendor: FakeCalendly) -> None:
    vendor.on(f"POST {HOOKS}", refusal(403, "Permission Denied", "Please upgrade to a paid Calendly account."))
    with pytest.raises(Rejected) as caught:
        await client.subscribe(URL, "key-2")
    assert caught.value.vendor_code == "plan_required"
    assert len(vendor.sent(f"POST {HOOKS}")) == 1


async def test_removing_what_is_gone_is_success(client: CalendlyClient, vendor: FakeCalendly) -> None:
    await client.unsubscribe(f"{API}{HOOKS}/ws-77")
    assert [request.method for request in vendor.requests] == ["DELETE"]


async def check(client: CalendlyClient, vendor: FakeCalendly, **answers: Any) -> dict[str, Check]:
    vendor.on("GET /users/me", answers.get("me", ok(user())))
    vendor.on("GET /event_types", answers.get("types", page([event_type()])))
    vendor.on(f"GET {HOOKS}", answers.get("hooks", page([subscription()])))
    found = await client.check()
    assert all(c.ok or c.fix for c in found)
    return {c.name: c for c in found}


async def test_a_sound_connection_passes_every_check(client: CalendlyClient, vendor: FakeCalendly) -> None:
    found = await check(client, vendor)
    assert list(found) == ["token", "event_types", "webhook"]
    assert all(c.ok for c in found.values())
    assert "Intro call" in found["event_types"].detail


async def test_a_check_asks_now_and_not_the_cache(client: CalendlyClient, vendor: FakeCalendly) -> None:
    await client.host()
    found = await check(client, vendor, me=refusal(401, "Unauthenticated", "The access token is invalid"))
    assert list(found) == ["token"]
    assert not found["token"].ok
    assert "new personal access token" in found["token"].fix


@pytest.mark.parametrize(
    "types",
    [
        page([]),
        page([event_type(kind="group")]),
        refusal(403, "Insufficient scope", "x", required_scopes=["event_types:read"]),
        httpx.Response(429, headers={"X-RateLimit-Reset": "33"}),
        httpx.Response(400),
    ],
)
async def test_nothing_to_book_is_found(client: CalendlyClient, vendor: FakeCalendly, types: httpx.Response) -> None:
    found = await check(client, vendor, types=types)
    assert (found["token"].ok, found["event_types"].ok, found["webhook"].ok) == (True, False, True)


@pytest.mark.parametrize(
    ("hooks", "fine"),
    [
        (page([]), True),
        (page([subscription(callback_url="https://other.example/hook", state="disabled")]), True),
        (page([subscription(state="disabled")]), False),
        (page([subscription(retry_started_at="2026-03-02T08:15:00.000000Z")]), False),
        (page([subscription(state="disabled"), subscription()]), True),
        (refusal(403, "Insufficient scope", "x", required_scopes=["webhooks:read"]), True),
        (refusal(403, "Permission Denied", "You do not have permission to access this resource."), False),
    ],
)
async def test_deliveries_that_stopped_are_found(
    client: CalendlyClient, vendor: FakeCalendly, hooks: httpx.Response, fine: bool
) -> None:
    assert (await check(client, vendor, hooks=hooks))["webhook"].ok is fine
