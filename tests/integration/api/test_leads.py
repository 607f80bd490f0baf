"""Leads over HTTP: made once, listed, corrected, erased."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import func, select

from pipewise.storage.tables import metadata
from tests.integration.api import seed
from tests.integration.api.running import Running

FIELDS = {
    "id",
    "name",
    "email",
    "phone",
    "company",
    "status",
    "owner",
    "score",
    "qualified",
    "timezone",
    "language",
    "tags",
    "identities",
    "meeting",
    "agent",
    "opted_out",
    "created_at",
    "updated_at",
    "last_inbound_at",
    "last_outbound_at",
}


async def test_a_new_lead_is_an_inbound_event_of_source_api(api: Running) -> None:
    body = {
        "name": "Noor Imaginary",
        "email": "Noor@Example.com",
        "phone": "+44 7700 900123",
        "message": "Can we talk?",
        "consent": True,
        "fields": {"budget": 5},
    }
    answer = await api.call("POST", "/api/leads", who="operator", json=body)
    assert answer.status_code == 201, answer.text
    lead = answer.json()
    assert set(lead) == FIELDS
    assert (lead["email"], lead["phone"], lead["status"]) == ("noor@example.com", "+447700900123", "new")
    assert lead["created_at"].endswith("Z")
    assert api.application.engine.woken == [lead["id"]]
    (event,) = (await api.get("/api/events"))["items"]
    assert (event["platform"], event["kind"], event["status"]) == ("api", "form", "accepted")
    assert (event["content"]["consent"], event["content"]["fields"]["budget"]) == (True, 5)
    (message,) = (await api.get(f"/api/leads/{lead['id']}/messages"))["items"]
    assert (message["text"], message["platform"], message["author"]) == ("Can we talk?", "api", "lead")


async def test_the_same_key_makes_one_lead_however_often_and_at_once(api: Running) -> None:
    body, key = {"email": "noor@example.com", "message": "Hello"}, {"Idempotency-Key": "order-77"}
    answers = await asyncio.gather(*(api.call("POST", "/api/leads", json=body, headers=key) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len((await api.get("/api/events"))["items"]) == 1
    other = await api.call("POST", "/api/leads", json={"email": "other@example.com"}, headers=key)
    assert (other.status_code, other.json()["details"][0]["field"]) == (422, "Idempotency-Key")
    elsewhere = await api.call("POST", "/api/leads", who="stranger", json=body, headers=key)
    assert elsewhere.status_code == 201


async def test_a_key_whose_first_request_failed_may_be_used_again(api: Running) -> None:
    lead = await seed.add_lead(api)
    key = {"Idempotency-Key": "message-1"}
    refused = await api.call("POST", f"/api/leads/{lead}/messages", json={"text": "Hi"}, headers=key)
    assert (refused.status_code, refused.json()["code"]) == (409, "no_channel")
    await api.connect("whatsapp")
    first = await api.call("POST", f"/api/leads/{lead}/messages", json={"text": "Hi"}, headers=key)
    again = await api.call("POST", f"/api/leads/{lead}/messages", json={"text": "Hi"}, headers=key)
    assert (first.status_code, again.json()["id"]) == (201, first.json()["id"])


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "body"),
        ({"name": "No Address"}, "body"),
        ({"email": "not an address"}, "email"),
        ({"email": "a@example.com", "phone": "12345"}, "phone"),
        ({"email": "a@example.com", "account_id": "x"}, "account_id"),
        ({"email": "a@example.com", "name": "line\nbreak"}, "name"),
        ({"email": "a@example.com", "name": "nul\x00"}, "name"),
        ({"email": "a@example.com", "consent": "perhaps"}, "consent"),
        ({"email": "a@example.com", "message": "x" * 10_001}, "message"),
    ],
)
async def test_what_is_wrong_with_a_new_lead_is_said_field_by_field(
    api_on_sqlite: Running, body: dict[str, Any], field: str
) -> None:
    answer = await api_on_sqlite.call("POST", "/api/leads", json=body)
    assert answer.status_code == 422
    told = answer.json()
    assert (told["success"], told["code"]) == (False, "invalid_input")
    assert field in [one["field"] for one in told["details"]], told
    assert "perhaps" not in answer.text
    assert (await api_on_sqlite.get("/api/leads"))["items"] == []


async def test_broken_json_and_lone_surrogates_are_answered_and_stored_nowhere(api: Running) -> None:
    headers = {"content-type": "application/json"}
    contents = (
        b"{", b"[]", b"null", b'"x"', b"\xff", b"[" * 200_000, b'{"fields": {"n": NaN}, "email": "a@example.com"}',
        b'{"email": "a@example.com", "name": "\\ud800"}', b'{"email": "a@example.com", "fields": {"n": ' + b"1" * 5000 + b"}}",
    )  # fmt: skip
    for content in contents:
        answer = await api.call("POST", "/api/leads", content=content, headers=headers)
        assert answer.status_code in {400, 422}, content[:80]
        assert answer.json()["success"] is False
    assert (await api.get("/api/leads"))["items"] == []


async def test_leads_are_listed_newest_first_page_by_page_and_filtered(api: Running) -> None:
    made = [await seed.add_lead(api, phone=f"+44770090012{number}") for number in range(5)]
    await api.call("PATCH", f"/api/leads/{made[0]}", json={"status": "nurturing", "company": "50% Off"})
    seen, cursor = [], None
    while True:
        page = await api.get("/api/leads", limit=2, **({"cursor": cursor} if cursor else {}))
        seen += [lead["id"] for lead in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert sorted(seen) == sorted(made)
    assert len(seen) == 5
    assert [one["id"] for one in (await api.get("/api/leads", status="nurturing"))["items"]] == [made[0]]
    assert len((await api.get("/api/leads", platform="whatsapp"))["items"]) == 5
    assert (await api.get("/api/leads", platform="instagram"))["items"] == []
    assert len((await api.get("/api/leads", q="IMAGINARY"))["items"]) == 5
    assert len((await api.get("/api/leads", q="50% off"))["items"]) == 1


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "0"},
        {"limit": "501"},
        {"limit": "x"},
        {"cursor": "x"},
        {"cursor": "!"},
        {"status": "x"},
    ],
)
async def test_a_wrong_query_is_refused(api_on_sqlite: Running, query: dict[str, str]) -> None:
    answer = await api_on_sqlite.call("GET", "/api/leads", params=query)
    assert answer.status_code == 422
    assert answer.json()["details"][0]["field"] == next(iter(query))


async def test_a_nul_in_an_address_is_refused_before_anything_looks_at_it(api_on_sqlite: Running) -> None:
    answer = await api_on_sqlite.call("GET", "/api/leads", params={"q": "a\x00"})
    assert answer.status_code == 400
    assert answer.json()["success"] is False


async def test_a_changed_cursor_or_one_of_another_list_is_refused(api_on_sqlite: Running) -> None:
    for number in range(3):
        await seed.add_lead(api_on_sqlite, phone=f"+44770090012{number}")
    cursor = (await api_on_sqlite.get("/api/leads", limit=1))["next_cursor"]
    changed = [
        cursor[:place] + ("A" if cursor[place] != "A" else "B") + cursor[place + 1 :] for place in range(len(cursor))
    ]
    for one in changed:
        assert (await api_on_sqlite.call("GET", "/api/leads", params={"cursor": one})).status_code == 422
    assert (await api_on_sqlite.call("GET", "/api/meetings", params={"cursor": cursor})).status_code == 422


async def test_a_person_corrects_a_lead_and_it_is_on_record(api: Running) -> None:
    lead = await seed.add_lead(api)
    change = {
        "name": "Noor Corrected",
        "email": "New@Example.com",
        "company": None,
        "owner": "sales@example.com",
        "tags": ["vip", "fair"],
        "timezone": "Asia/Kolkata",
        "language": "hi",
        "status": "contacted",
    }
    answer = await api.call("PATCH", f"/api/leads/{lead}", who="operator", json=change)
    assert answer.status_code == 200, answer.text
    assert {name: answer.json()[name] for name in change} == {**change, "email": "new@example.com"}
    keys = {(one["platform"], one["external_id"]) for one in answer.json()["identities"]}
    assert ("email", "new@example.com") in keys
    assert ("email", "447700900123@example.com") not in keys
    entries = (await api.get(f"/api/leads/{lead}/timeline"))["items"]
    assert {entry["actor"] for entry in entries if entry["kind"] == "change"} == {"operator@example.com"}
    assert {"what": "status", "before": "new", "after": "contacted"}.items() <= entries[-1].items()


async def test_an_address_of_another_lead_is_refused(api: Running) -> None:
    lead = await seed.add_lead(api)
    await seed.add_lead(api, phone="+447700900999")
    answer = await api.call("PATCH", f"/api/leads/{lead}", json={"email": "447700900999@example.com", "name": "X"})
    assert (answer.status_code, answer.json()["code"]) == (409, "identity_taken")
    assert (await api.get(f"/api/leads/{lead}"))["name"] == "Noor Imaginary"


@pytest.mark.parametrize("status", ["meeting_scheduled", "qualified", "meeting_held"])
async def test_a_status_goes_only_where_the_machine_allows(api_on_sqlite: Running, status: str) -> None:
    lead = await seed.add_lead(api_on_sqlite)
    answer = await api_on_sqlite.call("PATCH", f"/api/leads/{lead}", json={"status": status})
    assert (answer.status_code, answer.json()["code"]) == (409, "status_not_allowed")


SUSPICIOUS = [
    "id", "account_id", "tenant_id", "score", "qualified", "agent", "opted_out", "ownership_version", "checkpoint_id",
    "consent", "facts", "identities", "meeting", "created_at", "updated_at", "last_inbound_at", "role", "is_admin",
    "status_before_opt_out", "timezone_certain",
]  # fmt: skip


@pytest.mark.parametrize("field", SUSPICIOUS)
async def test_nothing_else_of_a_lead_can_be_set(api_on_sqlite: Running, field: str) -> None:
    lead = await seed.add_lead(api_on_sqlite)
    before = await api_on_sqlite.get(f"/api/leads/{lead}")
    for value in ("x", True, None, 5):
        answer = await api_on_sqlite.call("PATCH", f"/api/leads/{lead}", json={field: value})
        assert (answer.status_code, answer.json()["details"]) == (422, [{"field": field, "problem": "unknown field"}])
    assert await api_on_sqlite.get(f"/api/leads/{lead}") == before


@pytest.mark.parametrize(
    "change", [{"timezone": "Mars/Olympus"}, {"tags": "vip"}, {"tags": [""]}, {"status": None}, {"language": "../x"}]
)
async def test_wrong_values_are_refused(api_on_sqlite: Running, change: dict[str, Any]) -> None:
    lead = await seed.add_lead(api_on_sqlite)
    assert (await api_on_sqlite.call("PATCH", f"/api/leads/{lead}", json=change)).status_code == 422


async def test_erasing_a_person_leaves_no_trace(api: Running) -> None:
    integration = (await api.connect("whatsapp"))["id"]
    lead = await seed.add_lead(api)
    other = await seed.add_lead(api, phone="+447700900999")
    await seed.add_event(api, lead)
    await seed.add_run(api, lead)
    await seed.add_task(api, lead)
    await seed.add_approval(api, lead, integration)
    await seed.add_meeting(api, lead)
    sent = await seed.add_outgoing(api, lead, integration, state="done", status="sent")
    await api.call("PATCH", f"/api/leads/{lead}", json={"company": "Example Ltd 2"})
    await seed.add_event(api, None, kind="notice", status="dead_letter", content={"raw": {"from": "447700900123"}})
    await seed.add_event(api, None, kind="notice", status="dead_letter", content={"raw": {"from": "447700900999"}})
    await api.call("POST", "/api/leads", json={"phone": seed.PHONE}, headers={"Idempotency-Key": "k"})
    assert sent

    answer = await api.call("DELETE", f"/api/leads/{lead}", who="operator")
    assert (answer.status_code, answer.content) == (204, b"")
    assert api.application.forgotten == [(api.account_id, lead)]
    assert (await api.call("GET", f"/api/leads/{lead}")).status_code == 404
    assert (await api.call("GET", f"/api/leads/{other}")).status_code == 200
    async with api.resources.database.read() as connection:
        for table in metadata.sorted_tables:
            rows = (await connection.execute(select(table))).all()
            assert not [row for row in rows if "447700900123" in str(row)], table.name
            # The record keeps the id, of somebody who cannot be told any more.
            assert table.name == "audit_entries" or not [row for row in rows if lead in str(row)], table.name
        left = (await connection.execute(select(func.count()).select_from(metadata.tables["events"]))).scalar()
    assert left == 1
