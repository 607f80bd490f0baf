"""Authorization code with PKCE, refresh tokens that work once, introspection and revocation."""

import base64
import hashlib

import httpx
import pytest

from tests.unit.pipewise.sandbox.world import Json, Sandbox

VERIFIER = "a-verifier-that-is-long-enough-for-the-specification"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
CLIENT = ("client-one", "client-secret")
CALLBACK = "http://127.0.0.1/callback"


async def code_of(sandbox: Sandbox) -> str:
    query = {
        "response_type": "code",
        "client_id": CLIENT[0],
        "redirect_uri": CALLBACK,
        "state": "a state",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    answer = await sandbox.http.get("/oauth/authorize", params=query)
    back = httpx.URL(answer.headers["location"])
    assert back.params["state"] == "a state"
    code: str = back.params["code"]
    return code


async def redeem(sandbox: Sandbox, code: str, /, **changes: str) -> httpx.Response:
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, "code_verifier": VERIFIER}
    return await sandbox.http.post("/oauth/token", data={**form, **changes}, auth=CLIENT)


async def refresh(sandbox: Sandbox, token: str) -> httpx.Response:
    return await sandbox.http.post(
        "/oauth/token", data={"grant_type": "refresh_token", "refresh_token": token}, auth=CLIENT
    )


async def read_me(sandbox: Sandbox, token: str) -> int:
    answer = await sandbox.http.get("/users/me", headers={"Authorization": f"Bearer {token}"})
    return answer.status_code


async def test_a_code_becomes_tokens_that_expire(sandbox: Sandbox) -> None:
    tokens: Json = (await redeem(sandbox, await code_of(sandbox))).json()
    assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", 7200)
    assert tokens["owner"] == (await sandbox.me())["uri"]
    assert await read_me(sandbox, tokens["access_token"]) == 200
    sandbox.clock.advance(7200)
    assert await read_me(sandbox, tokens["access_token"]) == 401


@pytest.mark.parametrize(
    "change", [{"code_verifier": "wrong"}, {"redirect_uri": "http://elsewhere"}, {"code": "guess"}]
)
async def test_a_code_needs_everything_it_was_asked_with(sandbox: Sandbox, change: dict[str, str]) -> None:
    answer = await redeem(sandbox, await code_of(sandbox), **change)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


async def test_a_code_works_once_and_for_ten_minutes(sandbox: Sandbox) -> None:
    code = await code_of(sandbox)
    assert (await redeem(sandbox, code)).status_code == 200
    assert (await redeem(sandbox, code)).json()["error"] == "invalid_grant"
    late = await code_of(sandbox)
    sandbox.clock.advance(601)
    assert (await redeem(sandbox, late)).json()["error"] == "invalid_grant"


async def test_a_refresh_token_rotates(sandbox: Sandbox) -> None:
    first = (await redeem(sandbox, await code_of(sandbox))).json()
    second = await refresh(sandbox, first["refresh_token"])
    assert second.json()["refresh_token"] != first["refresh_token"]
    again = await refresh(sandbox, first["refresh_token"])
    assert again.json()["error"] == "invalid_grant"
    assert "title" not in again.json()


async def test_token_requests_are_limited_to_eight_a_minute(sandbox: Sandbox) -> None:
    tokens = (await redeem(sandbox, await code_of(sandbox))).json()
    for _ in range(7):
        tokens = (await refresh(sandbox, tokens["refresh_token"])).json()
    assert (await refresh(sandbox, tokens["refresh_token"])).status_code == 429


async def test_introspection_and_revocation(sandbox: Sandbox) -> None:
    tokens = (await redeem(sandbox, await code_of(sandbox))).json()
    form = {"client_id": CLIENT[0], "client_secret": CLIENT[1], "token": tokens["access_token"]}
    active = (await sandbox.http.post("/oauth/introspect", data=form)).json()
    assert (active["active"], active["exp"] - active["iat"]) == (True, 7200)
    assert (await sandbox.http.post("/oauth/revoke", data=form)).status_code == 200
    assert (await sandbox.http.post("/oauth/introspect", data=form)).json() == {"active": False}
    assert await read_me(sandbox, tokens["access_token"]) == 401
    assert (await sandbox.http.post("/oauth/revoke", data={"token": "x"})).status_code == 403


async def test_unknown_grants_and_clients_are_refused(sandbox: Sandbox) -> None:
    unknown = await sandbox.http.post("/oauth/token", data={"grant_type": "password"}, auth=CLIENT)
    assert unknown.json()["error"] == "unsupported_grant_type"
    nobody = await sandbox.http.post("/oauth/token", data={"grant_type": "refresh_token"})
    assert (nobody.status_code, nobody.json()["error"]) == (401, "invalid_client")
