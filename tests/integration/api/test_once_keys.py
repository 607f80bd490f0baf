"""Idempotency-Key on every POST under /api: one effect, one answer, no secret in clear, no second act after a crash."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select, update

from api import once_route
from pipewise import key_rotation
from pipewise.storage import idempotency
from pipewise.storage.idempotency import ACTED, KEPT
from pipewise.storage.tables import api_tokens, idempotency_keys, integrations, users
from pipewise.vault import Vault
from tests.integration.api import seed
from tests.integration.api.routes import OPEN, ROUTES, SIGNED
from tests.integration.api.running import Running
from tests.integration.api.test_tenants import fill, mirror

KEY = {"Idempotency-Key": "one-and-the-same"}
COPIES = 20
# A login sets a cookie and is repeated by logging in again; a password is set by the same request as often as one likes.
WITHOUT_KEYS = {"/api/session", "/api/session/password"}
KEYED = [
    path
    for (method, path), demand in ROUTES.items()
    if method == "POST" and path.startswith("/api/") and demand.least not in {OPEN, SIGNED} and path not in WITHOUT_KEYS
]


async def post(api: Running, path: str, body: Any = None, *, who: str = "admin", **headers: str) -> httpx.Response:
    return await api.call("POST", path, who=who, json=body, headers={**KEY, **headers})


async def count(api: Running, table: Any) -> int:
    async with api.resources.database.read() as connection:
        return int((await connection.execute(select(func.count()).select_from(table))).scalar_one())


async def stored(api: Running) -> list[Any]:
    async with api.resources.database.read() as connection:
        return list((await connection.execute(select(idempotency_keys))).all())


def test_every_post_of_the_description_takes_a_key(api_on_sqlite: Running) -> None:
    told = api_on_sqlite.app.openapi()["paths"]
    without = {
        path
        for path, operations in told.items()
        if path.startswith("/api/")
        and "post" in operations
        and [one["name"] for one in operations["post"].get("parameters", ())].count("Idempotency-Key") != 1
    }
    assert without == WITHOUT_KEYS
    assert not [
        (path, method)
        for path, operations in told.items()
        for method, operation in operations.items()
        if method != "post" and "Idempotency-Key" in str(operation.get("parameters", ()))
    ]


@pytest.mark.parametrize("path", ["/api/users", "/api/tokens", "/api/integrations"])
async def test_copies_at_once_are_one_act_with_one_answer(api: Running, path: str) -> None:
    body = ROUTES["POST", path].body
    before = [await count(api, table) for table in (users, api_tokens, integrations)]
    answers = await asyncio.gather(*(post(api, path, body) for _ in range(COPIES)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert sum("idempotent-replayed" in answer.headers for answer in answers) == COPIES - 1
    after = [await count(api, table) for table in (users, api_tokens, integrations)]
    made = {"/api/users": [1, 1, 0], "/api/tokens": [0, 1, 0], "/api/integrations": [0, 0, 1]}[path]
    assert [now - then for now, then in zip(after, before, strict=True)] == made
    acts = [one for one in (await api.get("/api/audit"))["items"] if one["action"].endswith((".added", ".created"))]
    assert len(acts) == 1 + 1  # and the first token of the installation


async def test_a_key_belongs_to_one_request(api_on_sqlite: Running) -> None:
    api = api_on_sqlite
    assert (await post(api, "/api/tokens", {"name": "one"})).status_code == 201
    other = await post(api, "/api/tokens", {"name": "two"})
    assert (other.status_code, other.json()["details"][0]["field"]) == (422, "Idempotency-Key")
    same = await api.call(
        "POST",
        "/api/tokens",
        content=b' {"name" : "one"} ',
        headers={**KEY, "content-type": "application/json"},
    )
    assert "idempotent-replayed" in same.headers
    # Another route, and another user, have keys of their own.
    assert (await post(api, "/api/users", ROUTES["POST", "/api/users"].body)).status_code == 201
    assert (await post(api, "/api/tokens", {"name": "one"}, who="operator")).status_code == 403
    theirs = await post(api, "/api/tokens", {"name": "one"}, who="stranger")
    assert theirs.json()["email"] == "stranger@example.org"


async def test_a_token_is_kept_sealed_and_moves_with_the_keys(api_on_sqlite: Running) -> None:
    api = api_on_sqlite
    made = (await post(api, "/api/tokens", {"name": "one"})).json()
    (row,) = await stored(api)
    assert row.answer is None
    assert made["token"] not in str(row)
    assert made["token"].encode() not in row.sealed
    old = api.resources.vault
    newer = Vault(["another master key of many letters", *_masters(api)])
    rotation = await key_rotation.rotate_keys(api.resources.database, newer)
    assert rotation.resealed["idempotency_keys.sealed"] == 1
    assert (await post(api, "/api/tokens", {"name": "one"})).json()["code"] == "answer_lost"
    (moved,) = await stored(api)
    assert not old.is_current(moved.sealed)
    object.__setattr__(api.resources, "vault", newer)
    assert (await post(api, "/api/tokens", {"name": "one"})).json() == made


def _masters(api: Running) -> list[str]:
    return [(api.settings.data_dir / "secret.key").read_text().strip()]


async def test_what_failed_may_be_tried_again(api_on_sqlite: Running) -> None:
    api = api_on_sqlite
    body = ROUTES["POST", "/api/users"].body
    assert (await post(api, "/api/users", {**body, "role": "emperor"})).status_code == 422
    assert (await post(api, "/api/users", body, who="viewer")).status_code == 403
    assert await stored(api) == []
    assert (await post(api, "/api/users", body)).status_code == 201


async def test_an_act_whose_answer_was_lost_is_not_done_again(
    api_on_sqlite: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = api_on_sqlite

    async def lose(*_: object, **__: object) -> None:
        raise ConnectionError("the process ends here")

    monkeypatch.setattr(once_route, "_keep", lose)
    before = await count(api, api_tokens)
    with pytest.raises(ConnectionError):
        await _raw(api, lambda: post(api, "/api/tokens", {"name": "one"}))
    monkeypatch.undo()
    assert [row.status_code for row in await stored(api)] == [ACTED]
    api.move_clock(timedelta(minutes=2))
    again = await post(api, "/api/tokens", {"name": "one"})
    assert (again.status_code, again.json()["code"]) == (409, "answer_lost")
    assert await count(api, api_tokens) == before + 1


async def _raw(api: Running, work: Any) -> Any:
    """The exception itself, where the HTTP boundary would answer 500."""
    answer = await work()
    if answer.status_code == 500:
        raise ConnectionError
    return answer


async def test_a_request_whose_process_ended_before_its_act_is_done_by_one_of_those_that_repeat_it(
    api: Running,
) -> None:
    assert (await post(api, "/api/tokens", {"name": "one"})).status_code == 201
    async with api.resources.database.write() as connection:
        never = {"status_code": None, "sealed": None, "id": None}
        await connection.execute(update(idempotency_keys).values(**never))
    before = await count(api, api_tokens)
    api.move_clock(timedelta(minutes=2))
    answers = await asyncio.gather(*(post(api, "/api/tokens", {"name": "one"}) for _ in range(10)))
    assert await count(api, api_tokens) == before + 1
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.text for answer in answers if answer.status_code == 201}) == 1


async def test_an_error_that_follows_an_act_is_its_answer(api_on_sqlite: Running) -> None:
    api = api_on_sqlite
    ids = await mirror(api, "admin")
    await api.call("POST", "/api/leads", json={"phone": seed.PHONE, "message": "One more thing"})
    path, body = f"/api/approvals/{ids['approval_id']}", {"action": "accept"}
    first, again = await post(api, path, body), await post(api, path, body)
    assert (first.status_code, first.json()["code"]) == (409, "stale_draft")
    assert again.json() == first.json()
    assert "idempotent-replayed" in again.headers


async def test_a_key_is_forgotten_after_a_day(api_on_sqlite: Running) -> None:
    api = api_on_sqlite
    first = (await post(api, "/api/tokens", {"name": "one"})).json()
    api.move_clock(KEPT + timedelta(seconds=1))
    second = (await post(api, "/api/tokens", {"name": "other"})).json()
    assert second["id"] != first["id"]
    api.move_clock(2 * KEPT + timedelta(seconds=2))
    async with api.resources.database.write() as connection:
        assert await idempotency.forget_expired(connection, api.services.now()) == 1
    assert await stored(api) == []


async def test_no_post_acts_twice_under_one_key(api: Running) -> None:
    """Each route with something real: the second answer is the first."""
    ids = await mirror(api, "admin")
    ids["other"] = await seed.add_lead(api, phone="+447700900456")
    repeated = []
    for path in sorted(KEYED, key=lambda one: one.endswith("merge")):
        body = ROUTES["POST", path].body
        if path.endswith("/merge"):
            body = {"other_id": ids["other"]}
        first = await post(api, fill(path, ids), body)
        if first.status_code >= 400:
            continue
        again = await post(api, fill(path, ids), body)
        assert again.json() == first.json(), path
        assert again.status_code in {first.status_code, 200}, path
        repeated.append(path)
    assert len(repeated) >= 15, repeated


async def test_the_longest_key_and_an_unusable_one(api: Running) -> None:
    lead = (await api.call("POST", "/api/leads", json={"phone": seed.PHONE})).json()["id"]
    longest = "k" * 200
    for path in ("/api/leads", f"/api/leads/{lead}/takeover", f"/api/leads/{lead}/messages"):
        body = {"phone": seed.PHONE} if path == "/api/leads" else {"text": "Hi"} if "messages" in path else None
        answer = await post(api, path, body, **{"Idempotency-Key": longest})
        assert answer.status_code < 500, path
        assert answer.json().get("code") != "invalid_input", (path, answer.text)
    for key in ("k" * 201, "two words"):
        answer = await post(api, "/api/tokens", {"name": "one"}, **{"Idempotency-Key": key})
        assert (answer.status_code, answer.json()["details"][0]["field"]) == (422, "Idempotency-Key")


async def test_an_erased_person_is_in_no_kept_answer(api: Running) -> None:
    ids = await mirror(api, "admin")
    for path in KEYED:
        if "_id}" in path and not path.endswith("merge"):
            await post(api, fill(path, ids), ROUTES["POST", path].body)
    assert ids["lead_id"] in str(await stored(api))
    assert (await api.call("DELETE", f"/api/leads/{ids['lead_id']}")).status_code == 204
    kept = str(await stored(api))
    for trace in (ids["lead_id"], "447700900123", "Noor"):
        assert trace not in kept
