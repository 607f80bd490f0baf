"""Nothing is set that a route does not mean to set: every column of every table, and names that attackers try, in every body."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from api.session_cookie import NAME
from pipewise.storage.tables import metadata
from tests.integration.api.routes import NOT_OFFERED, PROTOCOL, ROUTES
from tests.integration.api.running import Running
from tests.integration.api.test_sessions import read_cookie
from tests.integration.api.test_tenants import everything, fill, mirror

COLUMNS = {column.name for table in metadata.sorted_tables for column in table.columns}
SUSPICIOUS = {
    *(
        "tenant_id",
        "tenant",
        "owner_id",
        "is_admin",
        "admin",
        "is_superuser",
        "superuser",
        "permissions",
        "rights",
        "roles",
    ),
    *("_id", "__class__", "__proto__", "constructor", "$set", "account", "user", "verified", "approved", "fallback"),
    *(
        "created_by",
        "deleted",
        "version",
        "actor",
        "author",
        "direction",
        "trigger",
        "cost_microusd",
        "balance",
        "plan",
    ),
}
NAMES = COLUMNS | SUSPICIOUS
MOST_FIELDS = 500
FEWEST_BODIES, FEWEST_ATTEMPTS = 31, 6000


def bodies(description: Mapping[str, Any]) -> Iterator[tuple[str, str, tuple[str, ...], set[str]]]:
    """Method, path, the way to an object in the body, and the fields that this object has."""
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
            if path.startswith("/api/") and content:
                yield from _objects(description, content["schema"], method.upper(), path, ())


def _objects(
    description: Mapping[str, Any], schema: Mapping[str, Any], method: str, path: str, way: tuple[str, ...]
) -> Iterator[tuple[str, str, tuple[str, ...], set[str]]]:
    for choice in (schema, *schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
        found = _resolve(description, choice)
        if "properties" in found:
            yield method, path, way, set(found["properties"])
            for name, inner in found["properties"].items():
                yield from _objects(description, inner, method, path, (*way, name))


def _resolve(description: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    return description["components"]["schemas"][name] if name else schema


def planted(body: Any, way: tuple[str, ...], names: list[str]) -> Any:
    """The body with these names at the end of the way; what is on the way is made if need be."""
    made = dict(body or {})
    if not way:
        return {**dict.fromkeys(names, "planted"), **made}
    return {**made, way[0]: planted(made.get(way[0]), way[1:], names)}


async def test_no_body_takes_a_field_that_it_does_not_name(
    api_on_sqlite: Running, capsys: pytest.CaptureFixture[str]
) -> None:
    api = api_on_sqlite
    ids = {**await mirror(api, "admin"), "platform": "calendly"}
    before = await everything(api, "admin")
    opened = await api.call("POST", "/api/session", who=None, json={"token": api.tokens["admin"]})
    api.http.cookies.clear()
    cookie = {"cookie": f"__Host-{NAME}={read_cookie(opened)}", "origin": "https://pipewise.example"}
    attempts, found = 0, list(bodies(api.app.openapi()))
    for method, path, way, fields in found:
        names = sorted(NAMES - fields)[:MOST_FIELDS]
        body = planted(ROUTES[method, path].body, way, names)
        by_session = path.startswith("/api/session")
        who, headers = (None, cookie) if by_session else ("admin", {})
        answer = await api.call(method, fill(path, ids), who=who, json=body, headers=headers)
        attempts += len(names)
        assert answer.status_code == 422, (method, path, way, answer.text[:300])
        refused = {one["field"] for one in answer.json()["details"]}
        accepted = [name for name in names if ".".join([*way, name]) not in refused]
        assert not accepted, (method, path, way, accepted)
    assert await everything(api, "admin") == before
    with capsys.disabled():
        print(f"\n{len(found)} bodies, {attempts} fields that nobody may set")  # noqa: T201  for whoever reads the run
    assert len(found) >= FEWEST_BODIES
    assert attempts >= FEWEST_ATTEMPTS


async def test_what_the_graph_protocol_lets_pass_has_no_effect(api_on_sqlite: Running) -> None:
    """Its clients send more than the description names: whatever it is, it sets nothing of the account's own."""
    api = api_on_sqlite
    await mirror(api, "admin")
    stranger = api.users["stranger"]
    before = [await everything(api, who) for who in ("admin", "stranger")]
    values = {name: stranger.account_id if "account" in name or "tenant" in name else "admin" for name in sorted(NAMES)}
    for (method, path), demand in PROTOCOL.items():
        if (method, path) in NOT_OFFERED or not isinstance(demand.body, dict) or "{" in path:
            continue
        answer = await api.call(method, path, who="operator", json={**values, **demand.body})
        assert answer.status_code < 500, (method, path, answer.text)
    assert [await everything(api, who) for who in ("admin", "stranger")] == before
    assert (await api.call("GET", "/api/users", who="operator")).status_code == 403
    threads = (await api.call("POST", "/threads/search", who="stranger", json={})).json()
    assert threads == []
