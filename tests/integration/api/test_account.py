"""The rest of the API: events, tasks, numbers, settings, people, runs and health."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from api.protocol.bodies import RunBody
from pipewise.storage import usage
from pipewise.storage.tables import messages
from pipewise.turns import UsageRecord
from tests.integration.api import seed
from tests.integration.api.running import Running


async def test_the_inbox_is_listed_and_a_dead_letter_replayed(api: Running) -> None:
    lead = await seed.add_lead(api)
    dead = await seed.add_event(api, lead, status="dead_letter", reason="failed five times", attempts=5)
    broken = await seed.add_event(api, None, status="dead_letter", kind="notice", content={"raw": {}})
    fine = await seed.add_event(api, lead)
    listed = (await api.get("/api/events"))["items"]
    assert [one["id"] for one in listed] == [fine, broken, dead]
    assert [
        one["id"] for one in (await api.get("/api/events", status="dead_letter", platform="whatsapp"))["items"]
    ] == [
        broken,
        dead,
    ]
    answer = await api.call("POST", f"/api/events/{dead}/replay", who="operator")
    assert (answer.status_code, answer.json()["status"], answer.json()["attempts"]) == (200, "accepted", 5)
    assert api.application.engine.woken == [lead]
    for event, code in ((dead, "not_a_dead_letter"), (fine, "not_a_dead_letter"), (broken, "not_replayable")):
        again = await api.call("POST", f"/api/events/{event}/replay")
        assert (again.status_code, again.json()["code"]) == (409, code)


async def test_tasks_are_listed_and_done(api: Running) -> None:
    lead = await seed.add_lead(api)
    one, two = await seed.add_task(api, lead, owner="a@example.com"), await seed.add_task(api, None)
    assert {task["id"] for task in (await api.get("/api/tasks"))["items"]} == {one, two}
    assert [task["id"] for task in (await api.get("/api/tasks", lead_id=lead, owner="a@example.com"))["items"]] == [one]
    changed = await api.call("PATCH", f"/api/tasks/{one}", who="operator", json={"status": "done", "owner": None})
    assert (changed.json()["status"], changed.json()["owner"]) == ("done", None)
    assert [task["id"] for task in (await api.get("/api/tasks", status="open"))["items"]] == [two]
    for body in ({"status": "later"}, {"title": "x"}, {"account_id": "x"}):
        assert (await api.call("PATCH", f"/api/tasks/{one}", json=body)).status_code == 422


async def test_usage_is_listed_filtered_and_summed_over_the_whole_range(api: Running) -> None:
    now = api.resources.clock.now()
    async with api.resources.database.write() as connection:
        for number in range(3):
            record = UsageRecord("calendly", "create_link", number > 0, 100 * (number + 1), 500_000)
            await usage.add_usage(connection, api.account_id, record, now - timedelta(days=number))
        await usage.add_usage(connection, api.account_id, UsageRecord("openai", "chat", True, 10), now)
    answer = await api.get("/api/analytics/usage", limit=2)
    assert len(answer["items"]) == 2
    assert answer["items"][0]["user_id"] == api.users["admin"].id
    totals = answer["totals"]
    assert (totals["count"], totals["succeeded"], totals["failed"], totals["cost_usd"]) == (4, 3, 1, 1.5)
    assert totals["by_action"][0]["average_response_time_ms"] == 200
    rest = await api.get("/api/analytics/usage", limit=2, cursor=answer["next_cursor"])
    assert len(rest["items"]) == 2
    assert rest["next_cursor"] is None
    ranged = {"from": (now - timedelta(days=1, hours=1)).isoformat(), "to": now.isoformat()}
    filtered = await api.get("/api/analytics/usage", platform="calendly", action="create_link", **ranged)
    assert [one["response_time_ms"] for one in filtered["items"]] == [200]
    assert (await api.get("/api/analytics/usage", platform="x"))["totals"]["average_response_time_ms"] is None


async def test_the_funnel_and_the_speed_of_first_answers(api: Running) -> None:
    empty = await api.get("/api/analytics/speed-to-lead")
    assert (empty["count"], empty["p50"], empty["p95"]) == (0, None, None)
    integration = (await api.connect("whatsapp"))["id"]
    for number, seconds in enumerate((1, 2, 3, 60)):
        lead = await seed.add_lead(api, phone=f"+44770090012{number}", status="contacted" if number else "new")
        now = api.resources.clock.now()
        row = {"id": lead, "account_id": api.account_id, "lead_id": lead, "direction": "in", "platform": "whatsapp"}
        words = {"author": "lead", "text": "Hi", "status": "received", "created_at": now}
        await seed.write(api, messages, {**row, **words})
        later = now + timedelta(seconds=seconds)
        await seed.add_outgoing(api, lead, integration, state="done", status="sent", claimed_at=later)
        await seed.add_outgoing(api, lead, integration, state="done", status="failed", claimed_at=now)
    speed = await api.get("/api/analytics/speed-to-lead")
    assert (speed["count"], speed["p50"], speed["p95"], speed["unit"]) == (4, 2, 60, "seconds")
    funnel = await api.get("/api/analytics/funnel")
    assert (funnel["counts"]["contacted"], funnel["counts"]["new"], funnel["counts"]["lost"]) == (3, 1, 0)
    assert funnel["total"] == 4
    assert {"status": "contacted", "count": 3} in funnel["items"]


async def test_numbers_come_as_csv_by_header_or_by_name(api: Running) -> None:
    now = api.resources.clock.now()
    async with api.resources.database.write() as connection:
        for action in ("send", "=HYPERLINK(1)"):
            await usage.add_usage(connection, api.account_id, UsageRecord("whatsapp", action, True, 7), now)
    by_header = await api.call("GET", "/api/analytics/usage", headers={"accept": "text/csv"})
    by_name = await api.call("GET", "/api/analytics/usage", params={"format": "csv"})
    assert by_header.text == by_name.text
    assert by_header.headers["content-type"].startswith("text/csv")
    lines = by_header.text.splitlines()
    assert lines[0] == "user_id,platform,action,timestamp,success,response_time_ms"
    assert sorted(line.split(",")[2] for line in lines[1:]) == ["'=HYPERLINK(1)", "send"]
    assert (await api.call("GET", "/api/analytics/funnel", params={"format": "csv"})).text.startswith(
        "status,count\r\n"
    )
    speed = await api.call("GET", "/api/analytics/speed-to-lead", params={"format": "csv"})
    assert speed.text == "count,p50,p95,unit\r\n0,,,seconds\r\n"
    assert (await api.call("GET", "/api/analytics/usage", params={"format": "xml"})).status_code == 422


async def test_what_a_held_meeting_cost(api: Running) -> None:
    lead, now = await seed.add_lead(api), api.resources.clock.now()
    assert (await api.get("/api/analytics/funnel"))["cost_per_held_meeting_usd"] is None
    for status in ("held", "held", "no_show"):
        await seed.add_meeting(api, lead, status=status)
    async with api.resources.database.write() as connection:
        await usage.add_usage(connection, api.account_id, UsageRecord("model", "chat", True, 7, 3_000_000), now)
    told = await api.get("/api/analytics/funnel")
    assert (told["meetings"]["held"], told["cost_usd"], told["cost_per_held_meeting_usd"]) == (2, 3.0, 1.5)
    assert told["fallbacks"] == 0


async def test_pausing_is_told_and_undone(api: Running) -> None:
    assert (await api.call("POST", "/api/pause", who="operator")).json() == {"paused": True}
    assert (await api.call("POST", "/api/resume", who="operator")).json() == {"paused": False}


async def test_people_join_the_account_and_leave_it(api: Running) -> None:
    added = await api.call("POST", "/api/users", json={"email": "New@Example.com", "role": "viewer"})
    assert added.status_code == 201
    assert re.fullmatch(r"pw_[\w-]{40,}", added.json()["token"])
    bearer = {"authorization": f"Bearer {added.json()['token']}"}
    assert (await api.call("GET", "/api/leads", who=None, headers=bearer)).status_code == 200
    users = await api.get("/api/users", limit=3)
    rest = await api.get("/api/users", cursor=users["next_cursor"])
    assert [one["email"] for one in (*users["items"], *rest["items"])][-1] == "new@example.com"
    assert "token" not in str(users)
    twice = await api.call("POST", "/api/users", json={"email": "new@example.com", "role": "admin"})
    assert (twice.status_code, twice.json()["code"]) == (409, "user_exists")
    assert (await api.call("DELETE", f"/api/users/{api.users['admin'].id}")).json()["code"] == "own_user"
    for body in ({"email": "x", "role": "viewer"}, {"email": "a@b.c", "role": "owner"}, {"email": "a@b.c"}):
        assert (await api.call("POST", "/api/users", json=body)).status_code == 422


async def test_a_token_is_shown_once(api: Running) -> None:
    made = await api.call("POST", "/api/tokens", json={"name": "ci", "user_id": api.users["viewer"].id})
    token = made.json()["token"]
    assert token.startswith("pw_")
    listed = (await api.get("/api/tokens"))["items"]
    (shown,) = [one for one in listed if one["id"] == made.json()["id"]]
    assert (shown["token"], shown["email"], shown["name"]) == (f"…{token[-4:]}", "viewer@example.com", "ci")
    assert token not in str(listed)
    bearer = {"authorization": f"Bearer {token}"}
    assert (await api.call("POST", "/api/pause", who=None, headers=bearer)).status_code == 403


async def test_a_run_that_is_not_valid_is_refused_before_it_begins(api_on_sqlite: Running) -> None:
    event = {"platform": "whatsapp", "sender": "447700900123", "text": "Hi"}
    # As clients send it, with much that is not needed here.
    body = {
        "assistant_id": "pipewise",
        "input": {"event": event},
        "stream_mode": "values",
        "config": {},
        "metadata": None,
    }
    assert RunBody.model_validate(body).to_spec().event == event
    unknown = await api_on_sqlite.call("POST", "/runs/wait", json={**body, "assistant_id": "other"})
    assert unknown.status_code == 404
    for wrong in (
        {},
        {"assistant_id": "pipewise"},
        {"assistant_id": "pipewise", "input": "text"},
        {**body, "input": {}},
        {**body, "input": {"event": {**event, "platform": "fax"}}},
        {**body, "command": {"resume": {"action": "accept"}}},
        {**body, "stream_mode": "everything"},
        {**body, "metadata": {"much": "x" * 20_000}},
    ):
        answer = await api_on_sqlite.call("POST", "/runs/wait", json=wrong)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input"), wrong
    for more in ({"webhook": "https://example.com"}, {"after_seconds": 5}, {"stream_mode": ["tools"]}):
        answer = await api_on_sqlite.call("POST", "/runs/wait", json={**body, **more})
        assert (answer.status_code, answer.json()["code"]) == (501, "not_offered"), more


async def test_ready_means_that_the_database_answers(api: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (await api.call("GET", "/readyz", who=None)).json() == {"status": "ok", "database": "ok"}

    def gone() -> Any:
        raise OperationalError("SELECT", {}, Exception("connection refused to 10.0.0.1"))

    monkeypatch.setattr(api.resources.database, "read", gone)
    unready = await api.call("GET", "/readyz", who=None)
    assert unready.status_code == 503
    assert "10.0.0.1" not in unready.text
    assert (await api.call("GET", "/healthz", who=None)).status_code == 200
    told = await api.call("GET", "/api/leads")
    assert (told.status_code, told.json()["code"]) == (503, "storage_unavailable")


async def test_the_unexpected_is_told_without_the_inside(
    api_on_sqlite: Running, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def explode(*_: Any, **__: Any) -> Any:
        raise ZeroDivisionError("secret inside")

    monkeypatch.setattr(api_on_sqlite.application, "capabilities", explode)
    answer = await api_on_sqlite.call("GET", "/api/integrations/capabilities")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert "inside" not in answer.text
    number = re.search(r"has it as (\w+)", answer.json()["error"])
    assert number
    assert any(getattr(record, "error_number", "") == number.group(1) for record in caplog.records)


async def test_unknown_paths_and_methods_have_the_one_error_body(api_on_sqlite: Running) -> None:
    for method, path, status in (
        ("GET", "/api/nothing", 404),
        ("GET", "/nothing", 404),
        ("PUT", "/api/leads", 405),
        ("GET", "/api/leads/", 404),
        ("GET", "/api//leads", 404),
        ("GET", "/api/leads/%2e%2e/users", 404),
        ("GET", "/api/leads/a%00b", 400),
        ("GET", "/api/leads/%ff", 404),
    ):
        answer = await api_on_sqlite.call(method, path)
        assert (answer.status_code, answer.json()["success"]) == (status, False), path


async def test_the_description_names_tags_and_the_bearer_scheme(api_on_sqlite: Running) -> None:
    document = (await api_on_sqlite.call("GET", "/openapi.json", who=None)).json()
    assert document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            assert operation["tags"], (method, path)
            guarded = path.startswith(("/api/", "/assistants", "/threads", "/runs", "/store"))
            open_to_all = path.endswith("/oauth/callback") or (path, method) == ("/api/session", "post")  # no token yet
            assert ("security" in operation) is (guarded and not open_to_all), (method, path)
