"""Every place of the OpenAPI description that takes an id, with another account's: answered like an id that does not exist."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from tests.integration.api import seed
from tests.integration.api.routes import NO_ID, OPEN, ROUTES, SIGNED
from tests.integration.api.running import Running
from tests.integration.api.test_tenants import everything, mirror

# Both may rise with the routes and never fall.
FEWEST_POSITIONS, FEWEST_ATTEMPTS = 40, 212
OTHER_PHONE = "+447700900456"
ID_FORM = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
BODIES: dict[tuple[str, str], dict[str, Any]] = {("POST", "/api/meetings"): {}}
# What is looked up below the HTTP layer, which a stand-in is here: it must be told the caller's account.
BELOW = {("POST", "/api/meetings")}
# Without the installation's own app at the vendor it answers so whatever the id.
UNCONFIGURED = {("GET", "/api/integrations/{platform}/oauth/start")}


@dataclass(frozen=True)
class Position:
    """`place`: path, query or body."""

    method: str
    path: str
    place: str
    name: str


def positions(description: Mapping[str, Any]) -> Iterator[Position]:
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            # The graph protocol has ids that its callers make up, and a test of its own: test_protocol_tenants.py.
            if not path.startswith("/api/") or ROUTES[method.upper(), path].least in {OPEN, SIGNED}:
                continue
            for parameter in operation.get("parameters", ()):
                if _is_id(parameter["name"]):
                    yield Position(method.upper(), path, parameter["in"], parameter["name"])
            for name in _body_fields(description, operation):
                if _is_id(name):
                    yield Position(method.upper(), path, "body", name)


def _is_id(name: str) -> bool:
    return name.endswith("_id") and name not in {"assistant_id", "external_id"}


def _body_fields(description: Mapping[str, Any], operation: Mapping[str, Any]) -> Iterator[str]:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    told = json.dumps(content.get("schema", {}))
    for name, schema in description["components"]["schemas"].items():
        if f'"#/components/schemas/{name}"' in told:
            yield from schema.get("properties", {})


def guesses(position: Position, theirs: str) -> list[str]:
    """The id itself; in a path also what a sloppy comparison would take for it."""
    swapped = theirs[:-1] + ("0" if theirs[-1] != "0" else "1")
    if position.place != "path":
        return [theirs, swapped]
    return [theirs, swapped, theirs.upper(), f"{{{theirs}}}", theirs.replace("-", ""), f"{theirs}%20"]


async def fill(api: Running, who: str) -> dict[str, str]:
    ids = await mirror(api, who)
    account_id = api.users[who].account_id
    other = await seed.add_lead(api, account_id, phone=OTHER_PHONE)
    third = await seed.add_lead(api, account_id, phone="+447700900789")
    merged = await api.call("POST", f"/api/leads/{ids['lead_id']}/merge", json={"other_id": third}, who=who)
    return {**ids, "other_id": other, "merge_id": merged.json()["merge_id"], "platform": "calendly"}


async def ask(api: Running, position: Position, mine: Mapping[str, str], value: str) -> tuple[int, str]:
    """By the stranger, with own ids everywhere else; the id itself is taken out of the answer."""
    ids = {**mine, **({position.name: value} if position.place == "path" else {})}
    path = "/".join(ids[part[1:-1]] if part.startswith("{") else part for part in position.path.split("/"))
    body = BODIES.get((position.method, position.path), ROUTES[position.method, position.path].body)
    if position.place == "body":
        body = {**(body or {}), position.name: value}
    params = {position.name: value} if position.place == "query" else None
    answer = await api.call(position.method, path, who="stranger", json=body, params=params)
    return answer.status_code, answer.text.replace(value, "ID")


def is_nothing(position: Position, status: int, text: str) -> bool:
    return status == 404 or (position.place == "query" and '"items":[]' in text)


async def test_every_position_answers_like_an_id_that_does_not_exist(
    api: Running, capsys: pytest.CaptureFixture[str]
) -> None:
    theirs, mine = await fill(api, "admin"), await fill(api, "stranger")
    before = await everything(api, "admin")
    found = list(positions(api.app.openapi()))
    attempts = 0
    for position in found:
        missing = await ask(api, position, mine, NO_ID)
        for guess in guesses(position, theirs[position.name]):
            attempts += 1
            answered = await ask(api, position, mine, guess)
            if ID_FORM.fullmatch(guess):
                assert answered == missing, (position, guess)
            if (position.method, position.path) not in BELOW | UNCONFIGURED:
                assert is_nothing(position, *answered), (position, answered)
    assert await everything(api, "admin") == before
    assert {account_id for account_id, _ in api.application.scheduled} == {api.users["stranger"].account_id}
    with capsys.disabled():
        print(f"\n{len(found)} positions of ids, {attempts} attempts with another account's")  # noqa: T201  for whoever reads the run
    assert len(found) >= FEWEST_POSITIONS
    assert attempts >= FEWEST_ATTEMPTS
