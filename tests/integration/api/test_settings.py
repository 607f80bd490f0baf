"""An account's settings over HTTP: defaults, changes key by key, refusals, roles, tenants, the record of changes."""

import json
from typing import Any

import pytest
from sqlalchemy import select

from api.settings_schema import EXAMPLES
from pipewise.account_settings import AccountSettings
from pipewise.settings_document import defaults
from pipewise.storage.tables_settings import settings_changes
from tests.integration.api.running import JSON, Running


async def patch(api: Running, body: Any, *, who: str = "admin") -> Any:
    answer = await api.call("PATCH", "/api/settings", who=who, json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_what_was_not_set_holds_by_default(api: Running) -> None:
    shown = await api.get("/api/settings", who="viewer")
    assert shown == defaults()
    assert shown["quiet_hours"] == {"enabled": True, "from": "21:00", "to": "08:00"}
    assert shown["business_hours"]["monday"] == [["09:00", "18:00"]]
    assert shown["qualification"]["checklist"][0]["key"] == "need"


async def test_a_change_touches_what_it_names_and_null_brings_the_default_back(api: Running) -> None:
    await patch(api, {"timezone": "Europe/Lisbon", "company": "Acme", "quiet_hours": {"from": "20:00"}})
    shown = await patch(api, {"company": None, "quiet_hours": {"to": "09:30"}, "business_hours": {"friday": []}})
    assert shown == await api.get("/api/settings")
    assert (shown["timezone"], shown["company"]) == ("Europe/Lisbon", None)
    assert shown["quiet_hours"] == {"enabled": True, "from": "20:00", "to": "09:30"}
    assert (shown["business_hours"]["friday"], shown["business_hours"]["monday"]) == ([], [["09:00", "18:00"]])
    assert (await patch(api, {"quiet_hours": None}))["quiet_hours"] == defaults()["quiet_hours"]
    own = {"our-model": {"input_per_million_usd": 1.5, "output_per_million_usd": 2}}
    assert set((await patch(api, {"price_table": own}))["price_table"]) == {"our-model", *defaults()["price_table"]}
    assert (await patch(api, {"price_table": {"our-model": None}}))["price_table"] == defaults()["price_table"]


async def test_what_was_answered_can_be_sent_back(api: Running) -> None:
    shown = await patch(api, {"holidays": [{"date": "2026-12-25"}], "caps": {"usd_per_day": 3}})
    assert await patch(api, shown) == shown


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: next(iter(example)))
async def test_every_example_is_accepted(api_on_sqlite: Running, example: dict[str, Any]) -> None:
    shown = await patch(api_on_sqlite, example)
    assert AccountSettings.model_validate_json(json.dumps(shown))


BAD: list[tuple[Any, str]] = [
    ({"nothing": 1}, "nothing"),
    ({"nothing": None}, "nothing"),
    ({"quiet_hours": {"until": None}}, "quiet_hours.until"),
    ({"quiet_hours": 5}, "quiet_hours"),
    ({"quiet_hours": {"from": "25:00"}}, "quiet_hours.from"),
    ({"quiet_hours": {"from": "08:00"}}, "quiet_hours"),
    ({"timezone": "Nowhere"}, "timezone"),
    ({"fallback_booking_url": "javascript:alert(1)"}, "fallback_booking_url"),
    ({"business_hours": {"monday": [["09:00", "12:00"], ["11:00", "18:00"]]}}, "business_hours.monday"),
    ({"holidays": [{"date": "2026-02-30"}]}, "holidays.0.date"),
    ({"holidays": [{"date": "2026-12-25"}, {"date": "2026-12-25", "name": "again"}]}, "body"),
    ({"follow_up": {"delays": ["1d", "4h"]}}, "follow_up.delays"),
    ({"follow_up": {"delays": ["soon"]}}, "follow_up.delays.0"),
    ({"follow_up": {"enabled": "yes"}}, "follow_up.enabled"),
    ({"caps": {"usd_per_day": "3"}}, "caps.usd_per_day"),
    ({"caps": {"messages_per_lead_per_day": 0}}, "caps.messages_per_lead_per_day"),
    ({"caps": {"messages_per_lead_per_day": 1.5}}, "caps.messages_per_lead_per_day"),
    ({"qualification": {"thresholds": {"qualified": 101}}}, "qualification"),
    ({"qualification": {"checklist": [{"key": "A b", "question": "?", "weight": 1}]}}, "qualification.checklist.0.key"),
    ({"qualification": "checklist: [{key: a"}, "qualification"),
    ({"qualification": "thresholds: {qualified: yes}"}, "qualification.thresholds.qualified"),
    ({"qualification": "no mapping"}, "qualification"),
    ({"knowledge_folder": "../other"}, "knowledge_folder"),
    ({"knowledge_folder": "/etc"}, "knowledge_folder"),
    ({"disclosure": {"text": {"english": "x"}}}, "disclosure.text.languages.english.[key]"),
    ({"holding_message": "a\u0000b"}, "holding_message.text"),
    ({"holding_message": "a\ud800b"}, "body"),
    ({"price_table": {"m": {"input_per_million_usd": 1}}}, "price_table.m.output_per_million_usd"),
    ({"price_table": {"m": {"input_per_million_usd": -1, "output_per_million_usd": 0}}}, "price_table.m.input"),
    ({"hosts": [{"email": "a", "name": "A"}]}, "hosts.0.email"),
    ({"hosts": [{"email": "a@b.c", "name": "A"}, {"email": "A@b.c", "name": "B"}]}, "body"),
    ({"holding_message": "x" * 1001}, "holding_message.text"),
    ({"price_table": {"m": {"a": {"b": {"c": {"d": {"e": {"f": {"g": {"h": {"i": {"j": {"k": 1}}}}}}}}}}}}}, "body"),
    ({"paused": True}, "paused"),
    ([], "body"),
    ("text", "body"),
    (None, "body"),
]


@pytest.mark.parametrize(("body", "field"), BAD, ids=[str(body)[:50] for body, _ in BAD])
async def test_what_is_wrong_is_named_and_changes_nothing(api_on_sqlite: Running, body: Any, field: str) -> None:
    sent = json.dumps(body)  # also what no encoder of UTF-8 would write
    answer = await api_on_sqlite.call("PATCH", "/api/settings", content=sent, headers=JSON)
    told = answer.json()
    assert (answer.status_code, told["success"], told["code"]) == (422, False, "invalid_input"), answer.text
    assert told["details"][0]["field"].startswith(field) or field == "body", told
    assert all(one["problem"] for one in told["details"])
    assert await api_on_sqlite.get("/api/settings") == defaults()
    assert await record(api_on_sqlite) == []


async def record(api: Running) -> list[dict[str, Any]]:
    async with api.resources.database.read() as connection:
        found = await connection.execute(select(settings_changes).order_by(settings_changes.c.seq))
        return [dict(row) for row in found.mappings()]


async def test_every_change_is_on_record_and_none_that_changes_nothing(api: Running) -> None:
    await patch(api, {"company": "Acme", "caps": {"usd_per_day": 3}})
    await patch(api, {"company": "Acme"})
    await patch(api, {"company": None}, who="stranger")
    await patch(api, {"company": "Bolt"})
    kept = [(one["version"], one["actor"], one["before"], one["after"]) for one in await record(api)]
    admin = api.users["admin"].email
    assert kept == [
        (1, admin, {}, {"company": "Acme", "caps": {"usd_per_day": 3}}),
        (2, admin, {"company": "Acme"}, {"company": "Bolt"}),
    ]


async def test_only_an_admin_changes_and_only_the_own_account(api: Running) -> None:
    for who in ("operator", "viewer"):
        answer = await api.call("PATCH", "/api/settings", who=who, json={"company": "X"})
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    await patch(api, {"company": "Mine"})
    await patch(api, {"company": "Theirs"}, who="stranger")
    assert (await api.get("/api/settings", who="operator"))["company"] == "Mine"
    assert (await api.get("/api/settings", who="stranger"))["company"] == "Theirs"


async def test_what_is_read_elsewhere_follows_at_once(api: Running) -> None:
    reader = api.resources.account_settings
    assert (await reader.read(api.account_id)).company is None
    await patch(api, {"company": "Acme"})
    assert (await reader.read(api.account_id)).company == "Acme"
    assert await reader.read_document(api.account_id) == {"company": "Acme"}


async def test_the_description_says_what_can_be_set(api_on_sqlite: Running) -> None:
    document = (await api_on_sqlite.call("GET", "/openapi.json", who=None)).json()
    body = document["paths"]["/api/settings"]["patch"]["requestBody"]["content"]["application/json"]
    name = body["schema"]["$ref"].rsplit("/", 1)[1]
    described = document["components"]["schemas"][name]
    assert set(described["properties"]) == set(defaults())
    assert described["additionalProperties"] is False
    assert body["schema"]["examples"] == EXAMPLES


async def test_a_knowledge_folder_belongs_to_the_account_that_named_it_first(api: Running) -> None:
    await patch(api, {"knowledge_folder": "acme"})
    await patch(api, {"knowledge_folder": None})
    await patch(api, {"knowledge_folder": "acme"})
    for name in ("acme", "other"):
        answer = await api.call("PATCH", "/api/settings", who="stranger", json={"knowledge_folder": name})
        assert answer.status_code == (422 if name == "acme" else 200)
    assert (await api.get("/api/settings", who="stranger"))["knowledge_folder"] == "other"
