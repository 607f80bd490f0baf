"""Meetings over HTTP: asked for, listed, cancelled at the vendor first."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from pipewise.errors import Conflict, InvalidInput, RateLimited, Unavailable
from tests.integration.api import seed
from tests.integration.api.running import Running


async def test_a_meeting_is_asked_for_by_lead_or_by_description(api_on_sqlite: Running) -> None:
    api = api_on_sqlite
    lead = await seed.add_lead(api)
    known = await api.call("POST", "/api/meetings", who="operator", json={"lead_id": lead, "preferences": "Tuesday"})
    assert (known.status_code, known.json()["meeting_url"]) == (201, "https://calendly.com/d/abc")
    described = {"email": "New@Example.com", "phone": "+44 7700 900123", "name": "New"}
    body = {"lead": described, "preferences": {"day": "Tuesday", "times": ["morning", "noon"]}}
    assert (await api.call("POST", "/api/meetings", json=body)).status_code == 201
    first, second = (request for _, request in api.application.scheduled)
    assert (first.lead_id, first.preferences) == (lead, "Tuesday")
    assert second.lead == {"email": "new@example.com", "phone": "+447700900123", "name": "New"}
    assert second.preferences == "Tuesday, morning, noon"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"lead_id": "11111111-1111-4111-8111-111111111111", "lead": {}},
        {"lead_id": "x"},
        {"lead": {"email": "x"}},
        {"lead": {"email": "a@example.com", "score": 5}},
        {"lead_id": "11111111-1111-4111-8111-111111111111", "meeting_url": "https://example.com"},
    ],
)
async def test_wrong_wishes_for_a_meeting_are_refused(api_on_sqlite: Running, body: dict[str, Any]) -> None:
    assert (await api_on_sqlite.call("POST", "/api/meetings", json=body)).status_code == 422
    assert api_on_sqlite.application.scheduled == []


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (RateLimited("Wait.", platform="calendly", retry_after=30), 429),
        (Unavailable("Down.", platform="calendly"), 503),
        ({"success": False, "error": "Down.", "code": "calendly_unavailable"}, 503),
        ({"success": False, "error": "Wait.", "code": "calendly_rate_limited"}, 429),
        ({"success": False, "error": "Connect it.", "code": "calendly_not_connected"}, 503),
        ({"success": False, "error": "Token.", "code": "calendly_auth_failed"}, 502),
        ({"success": True, "meeting_url": "https://example.com", "fallback": True}, 201),
        (Conflict("Busy."), 409),
        (InvalidInput("Wrong."), 422),
    ],
)
async def test_what_scheduling_answers_is_told_by_status(api_on_sqlite: Running, answer: Any, status: int) -> None:
    api_on_sqlite.application.schedule_answer = answer
    told = await api_on_sqlite.call("POST", "/api/meetings", json={"lead": {"email": "a@example.com"}})
    assert told.status_code == status
    assert told.json()["success"] is (status == 201)


async def test_meetings_are_listed_by_start_in_a_range(api: Running) -> None:
    lead, now = await seed.add_lead(api), api.resources.clock.now()
    made = [await seed.add_meeting(api, lead, start_time=now + timedelta(days=day)) for day in range(3)]
    await seed.add_meeting(api, lead, status="intended", start_time=now)
    assert [one["id"] for one in (await api.get("/api/meetings"))["items"]] == made
    page = await api.get("/api/meetings", limit=2)
    rest = await api.get("/api/meetings", limit=2, cursor=page["next_cursor"])
    assert [one["id"] for one in (*page["items"], *rest["items"])] == made
    start, end = (now + timedelta(hours=1)).isoformat(), (now + timedelta(days=1, hours=1)).isoformat()
    ranged = await api.call("GET", f"/api/meetings?from={start}&to={end}")  # with a plus sign that nobody escaped
    assert [one["id"] for one in ranged.json()["items"]] == [made[1]]
    assert (await api.get("/api/meetings", status="canceled"))["items"] == []
    assert (await api.get("/api/meetings", to="2001-01-01"))["items"] == []
    assert (await api.get(f"/api/meetings/{made[0]}"))["title"] == "Intro call"
    for query in ("from=yesterday", "from=9999-12-31T23:59:59-12:00", "status=intended"):
        assert (await api.call("GET", f"/api/meetings?{query}")).status_code == 422


async def test_a_meeting_is_cancelled_at_the_vendor_first(api: Running) -> None:
    lead = await seed.add_lead(api, status="meeting_scheduled")
    meeting = await seed.add_meeting(api, lead)
    path = f"/api/meetings/{meeting}/cancel"
    unconnected = await api.call("POST", path)
    assert (unconnected.status_code, unconnected.json()["manual_action_required"]) == (409, True)
    api.vendor.serve_calendly()
    await api.connect("calendly")
    place = ("POST", "/scheduled_events/DDDD0000000000DD/cancellation")
    api.vendor.answers[place] = httpx.Response(500)
    down = await api.call("POST", path)
    assert (down.status_code, down.json()["code"]) == (503, "calendly_unavailable")
    assert (await api.get(f"/api/meetings/{meeting}"))["status"] == "scheduled"
    api.vendor.answers[place] = httpx.Response(201, json={"resource": {}})
    done = await api.call("POST", path, who="operator", json={"reason": "Ill"})
    assert (done.status_code, done.json()["status"]) == (200, "canceled"), done.text
    assert api.vendor.asked(*place)[-1] == {"reason": "Ill"}
    assert (await api.get(f"/api/leads/{lead}"))["status"] == "meeting_canceled"
    asked = len(api.vendor.asked(*place))
    assert (await api.call("POST", path)).json()["status"] == "canceled"
    assert len(api.vendor.asked(*place)) == asked
    held = await seed.add_meeting(api, lead, status="held")
    assert (await api.call("POST", f"/api/meetings/{held}/cancel")).json()["code"] == "not_scheduled"
