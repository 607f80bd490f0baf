"""Sessions: opened by password or token, for one browser, ended whenever rights change; guessing is slowed down."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from api.login import TRIES_AT_ONCE
from api.session_cookie import NAME
from pipewise.passwords import PasswordHasher
from pipewise.storage import accounts, sessions
from pipewise.storage.accounts import Role
from pipewise.storage.sessions import IDLE, LONGEST, MOST_OF_A_USER
from pipewise.storage.tables_access import sessions as table
from tests.integration.api.running import Running, make_settings, open_api

PASSWORD = "violet anteaters march at dawn"
OPERATOR = "operator@example.com"
COOKIE = f"__Host-{NAME}"
OWN = {"origin": "https://pipewise.example", "sec-fetch-site": "same-origin"}


class CountingHasher(PasswordHasher):
    """Counts what gets through to the costly part."""

    def __init__(self) -> None:
        super().__init__()
        self.verified: list[str | None] = []

    async def verify(self, password: str, stored: str | None) -> bool:
        self.verified.append(stored)
        return await super().verify(password, stored)


async def set_password(api: Running, who: str = "operator", password: str = PASSWORD) -> None:
    path = f"/api/users/{api.users[who].id}/password"
    answer = await api.call("PUT", path, json={"password": password})
    assert answer.status_code == 204, answer.text


async def try_login(api: Running, password: str = PASSWORD, email: str = OPERATOR, **headers: str) -> httpx.Response:
    api.http.cookies.clear()
    body = {"email": email, "password": password}
    return await api.call("POST", "/api/session", who=None, json=body, headers=headers)


async def log_in(api: Running, **how: str) -> str:
    answer = await try_login(api, **how)
    assert answer.status_code == 201, answer.text
    api.http.cookies.clear()
    return read_cookie(answer)


def read_cookie(answer: httpx.Response) -> str:
    return answer.headers["set-cookie"].partition("=")[2].partition(";")[0]


async def as_browser(
    api: Running, method: str, path: str, secret: str, *, headers: dict[str, str] | None = None, **more: Any
) -> httpx.Response:
    sent = {**(OWN if headers is None else headers), "cookie": f"{COOKIE}={secret}"}
    return await api.call(method, path, who=None, headers=sent, **more)


async def is_in(api: Running, secret: str) -> bool:
    answer = await as_browser(api, "GET", "/api/session", secret)
    assert answer.status_code in {200, 401}, answer.text
    return answer.status_code == 200


async def acts(api: Running) -> list[tuple[str, str]]:
    await api.services.background.settle()
    items = (await api.get("/api/audit"))["items"]
    return [
        (one["action"], one["actor"])
        for one in items
        if one["object"].startswith("session:")
        or one["action"] in {"user.login_failed", "user.password_changed", "user.changed"}
    ]


async def test_a_session_acts_like_its_user_until_it_is_ended(api: Running) -> None:
    await set_password(api)
    answer = await try_login(api)
    api.http.cookies.clear()
    secret = read_cookie(answer)
    cookie = answer.headers["set-cookie"]
    for flag in (COOKIE, "HttpOnly", "Secure", "SameSite=lax", "Path=/"):
        assert flag in cookie
    assert "Domain" not in cookie
    assert answer.headers["cache-control"] == "no-store"
    assert secret not in answer.text
    assert answer.json()["user"]["email"] == OPERATOR
    assert (await as_browser(api, "GET", "/api/leads", secret)).status_code == 200
    assert (await as_browser(api, "POST", "/api/pause", secret)).status_code == 200
    assert (await as_browser(api, "PATCH", "/api/settings", secret, json={"company": "x"})).status_code == 403
    ended = await as_browser(api, "DELETE", "/api/session", secret)
    assert ended.status_code == 204
    assert "Max-Age=0" in ended.headers["set-cookie"]
    assert not await is_in(api, secret)
    assert await acts(api) == [
        ("session.ended", OPERATOR),
        ("session.opened", OPERATOR),
        ("user.password_changed", "admin@pipewise.local"),
    ]
    async with api.resources.database.read() as connection:
        assert secret not in str((await connection.execute(select(table))).all())


async def test_over_plain_http_the_cookie_has_no_prefix(sqlite_url: str, tmp_path: Path) -> None:
    async with open_api(make_settings(sqlite_url, tmp_path, public_url="http://127.0.0.1:8000")) as api:
        answer = await api.call("POST", "/api/session", who=None, json={"token": api.tokens["viewer"]})
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith(f"{NAME}=")
        assert "Secure" not in cookie
        assert "HttpOnly" in cookie


FOREIGN = (
    {"sec-fetch-site": "cross-site", "origin": "https://evil.example"},
    {"sec-fetch-site": "same-site", "origin": "https://other.pipewise.example"},
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": "https://pipewise.example.evil.example"},
    {"origin": "https://pipewise.example:444"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-origin", "origin": "https://evil.example"},
    {"referer": "https://pipewise.example/console"},
    {},
)


async def test_what_another_site_sends_with_the_cookie_is_refused(api_on_sqlite: Running) -> None:
    api = api_on_sqlite
    await set_password(api)
    secret = await log_in(api)
    for headers in FOREIGN:
        for method, path in (("POST", "/api/pause"), ("PATCH", "/api/settings"), ("DELETE", "/api/session")):
            body = {} if method != "DELETE" else None
            answer = await as_browser(api, method, path, secret, headers=headers, json=body)
            assert (answer.status_code, answer.json()["code"]) == (403, "cross_site"), (method, path, headers)
        assert (await as_browser(api, "GET", "/api/leads", secret, headers=headers)).status_code == 200
        # A request with a token is no browser's: nobody can make one send it.
        assert (await api.call("POST", "/api/resume", headers=headers)).status_code == 200


async def test_no_other_site_logs_a_browser_in(api_on_sqlite: Running) -> None:
    await set_password(api_on_sqlite)
    for headers in FOREIGN[:-2]:
        assert (await try_login(api_on_sqlite, **headers)).json()["code"] == "cross_site", headers


async def test_a_form_of_another_site_is_no_login(api_on_sqlite: Running) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded"):
        answer = await api_on_sqlite.call(
            "POST",
            "/api/session",
            who=None,
            content=f'{{"token": "{api_on_sqlite.tokens["viewer"]}"}}',
            headers={"content-type": kind},
        )
        assert answer.status_code in {415, 422}
        assert "set-cookie" not in answer.headers


async def test_every_login_has_a_session_of_its_own(api_on_sqlite: Running) -> None:
    api = api_on_sqlite
    await set_password(api)
    first = await log_in(api)
    body = {"email": OPERATOR, "password": PASSWORD}
    planted = await as_browser(api, "POST", "/api/session", "chosen-by-somebody-else", json=body)
    assert read_cookie(planted) != "chosen-by-somebody-else"
    again = await as_browser(api, "POST", "/api/session", first, json=body)
    second = read_cookie(again)
    assert first != second
    assert not await is_in(api, first)
    assert await is_in(api, second)
    now = api.services.now()
    async with api.resources.database.write() as connection:
        for _ in range(MOST_OF_A_USER + 1):
            await sessions.open_session(connection, api.users["operator"], now)
    async with api.resources.database.read() as connection:
        assert len((await connection.execute(select(table.c.id))).all()) == MOST_OF_A_USER


@pytest.mark.parametrize("what", ["password", "role", "removed", "own password", "command line"])
async def test_a_change_of_rights_ends_sessions_at_once(api: Running, what: str) -> None:
    await set_password(api)
    secret, other = await log_in(api), await log_in(api)
    assert await is_in(api, secret)
    user_id = api.users["operator"].id
    match what:
        case "password":
            await set_password(api, password=PASSWORD + " again")
        case "role":
            changed = await api.call("PATCH", f"/api/users/{user_id}", json={"role": "viewer"})
            assert changed.json()["role"] == "viewer"
            assert (await api.call("POST", "/api/pause", who="operator")).status_code == 403
        case "removed":
            assert (await api.call("DELETE", f"/api/users/{user_id}")).status_code == 204
        case "own password":
            body = {"current_password": PASSWORD, "new_password": PASSWORD + " again"}
            answer = await as_browser(api, "POST", "/api/session/password", other, json=body)
            assert answer.status_code == 200, answer.text
            assert await is_in(api, read_cookie(answer))
        case "command line":  # another process: what this one remembers gets old by itself
            async with api.resources.database.write() as connection:
                await sessions.end_all_of(connection, api.account_id, user_id)
            await asyncio.sleep(0.6)
    assert not await is_in(api, secret)
    assert not await is_in(api, other)


async def test_an_unused_session_ends_and_a_used_one_ends_later(api: Running) -> None:
    await set_password(api)
    idle, used = await log_in(api), await log_in(api)
    now = timedelta()
    while now + IDLE / 2 < LONGEST:
        now += IDLE / 2
        api.move_clock(now)
        api.services.authenticator.forget()
        assert await is_in(api, used)
        if now == IDLE:
            assert not await is_in(api, idle)
    api.move_clock(LONGEST + timedelta(seconds=1))
    api.services.authenticator.forget()
    assert not await is_in(api, used)
    async with api.resources.database.write() as connection:
        await sessions.forget_ended(connection, api.services.now())
        assert (await connection.execute(select(table.c.id))).all() == []


async def test_a_session_by_token_may_no_more_than_the_token_and_ends_with_it(api_on_sqlite: Running) -> None:
    api = api_on_sqlite
    soon = (api.services.now() + timedelta(hours=1)).isoformat()
    made = (await api.call("POST", "/api/tokens", json={"scope": "viewer", "expires_at": soon})).json()
    opened = await api.call("POST", "/api/session", who=None, json={"token": made["token"]})
    api.http.cookies.clear()
    assert opened.json()["user"]["role"] == "viewer"
    assert opened.json()["expires_at"] is not None
    secret = read_cookie(opened)
    assert (await as_browser(api, "POST", "/api/pause", secret)).status_code == 403
    body = {"current_password": "whatever", "new_password": PASSWORD}
    assert (await as_browser(api, "POST", "/api/session/password", secret, json=body)).status_code == 401
    bearer = {"authorization": f"Bearer {made['token']}"}
    assert (await api.call("GET", "/api/leads", who=None, headers=bearer)).status_code == 200
    assert (await api.call("POST", "/api/pause", who=None, headers=bearer)).status_code == 403
    api.move_clock(timedelta(hours=2))
    api.services.authenticator.forget()
    assert not await is_in(api, secret)
    assert (await api.call("GET", "/api/leads", who=None, headers=bearer)).status_code == 401
    api.move_clock(timedelta())
    api.services.authenticator.forget()
    assert await is_in(api, secret)
    assert (await api.call("DELETE", f"/api/tokens/{made['id']}")).status_code == 204
    assert not await is_in(api, secret)


async def test_wrong_and_unknown_are_one_answer_after_one_work(api_on_sqlite: Running) -> None:
    api = api_on_sqlite
    api.services.logins._hasher = counting = CountingHasher()
    await set_password(api)
    wrong = await try_login(api, "not the password of anybody")
    nobody = await try_login(api, email="nobody@example.com")
    without = await try_login(api, email="viewer@example.com")
    assert wrong.json() == nobody.json() == without.json()
    assert wrong.status_code == nobody.status_code == without.status_code == 401
    assert [stored is not None for stored in counting.verified] == [True, False, False]
    assert ("user.login_failed", OPERATOR) in await acts(api)
    assert "not the password" not in str((await api.get("/api/audit"))["items"])


async def test_guessing_is_slowed_down_for_an_account_and_for_an_address(api_on_sqlite: Running) -> None:
    api = api_on_sqlite
    api.services.logins._hasher = counting = CountingHasher()
    await set_password(api)
    answers = [await try_login(api, f"guess number {number}") for number in range(60)]
    assert [answer.status_code for answer in answers[: TRIES_AT_ONCE + 1]] == [401] * TRIES_AT_ONCE + [429]
    assert answers[-1].json()["code"] == "too_many_requests"
    assert answers[-1].json()["retry_after"] >= 1
    assert len(counting.verified) <= 10
    # The right password is no way around it, and works after the pause; a token is not slowed down by it.
    assert (await try_login(api)).status_code == 429
    by_token = await api.call("POST", "/api/session", who=None, json={"token": api.tokens["operator"]})
    assert by_token.status_code == 201
    api.move_clock(timedelta(seconds=answers[-1].json()["retry_after"] + 61))
    assert (await try_login(api)).status_code == 201
    many = [await try_login(api, email=f"person{number}@example.com") for number in range(20)]
    assert [answer.status_code for answer in many].count(429) >= 14


async def test_accounts_are_guarded_whatever_the_address(sqlite_url: str, tmp_path: Path) -> None:
    """Behind a proxy that the settings name, each client has an address of its own; the account is the same."""
    settings = make_settings(sqlite_url, tmp_path, trusted_proxies="203.0.113.0/24")
    async with open_api(settings) as api:
        api.services.logins._hasher = counting = CountingHasher()
        await set_password(api)
        for number in range(40):
            await try_login(api, "wrong", **{"x-forwarded-for": f"6.6.6.6, 198.51.100.{number}"})
        assert len(counting.verified) <= 10
        other = await try_login(api, email="admin@pipewise.local", **{"x-forwarded-for": "198.51.100.77"})
        assert other.status_code == 401


async def test_who_logs_in_rightly_is_not_slowed_down(api_on_sqlite: Running) -> None:
    await set_password(api_on_sqlite)
    for _ in range(TRIES_AT_ONCE * 3):
        await log_in(api_on_sqlite)


async def test_a_weak_password_is_refused_and_not_shown(api_on_sqlite: Running) -> None:
    path = f"/api/users/{api_on_sqlite.users['operator'].id}/password"
    for password in ("short", "aaaaaaaaaaaaaaaaaaaa", OPERATOR):
        answer = await api_on_sqlite.call("PUT", path, json={"password": password})
        assert answer.status_code == 422
        assert answer.json()["details"][0]["field"] == "password"
        assert password == "short" or password not in answer.text


async def test_half_a_login_is_invalid(api_on_sqlite: Running) -> None:
    for body in (
        {},
        {"email": OPERATOR},
        {"token": "pw_x", "email": OPERATOR, "password": "x"},
        {"email": OPERATOR, "password": "x", "role": "admin"},
    ):
        assert (await api_on_sqlite.call("POST", "/api/session", who=None, json=body)).status_code == 422


async def test_the_last_admin_stays_one(api: Running) -> None:
    admin, operator = api.users["admin"].id, api.users["operator"].id
    own = await api.call("PATCH", f"/api/users/{admin}", json={"role": "viewer"})
    assert (own.status_code, own.json()["code"]) == (409, "own_user")
    assert (await api.call("PATCH", f"/api/users/{operator}", json={"role": "admin"})).status_code == 200
    answers = await asyncio.gather(
        api.call("PATCH", f"/api/users/{admin}", json={"role": "viewer"}, who="operator"),
        api.call("PATCH", f"/api/users/{operator}", json={"role": "viewer"}),
    )
    first, second = sorted(answer.status_code for answer in answers)
    assert first == 200
    assert second in {403, 409}  # whoever came second may have been an admin no longer when they asked
    async with api.resources.database.read() as connection:
        roles = [user.role for user in await accounts.list_users(connection, api.account_id)]
    assert roles.count(Role.ADMIN) == 1
