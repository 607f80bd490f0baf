"""Who may do what: each route with each role, and nothing without a token."""

import httpx
import pytest

from api.limits import TooManyRequests
from api.rights import RIGHTS, Action, may
from pipewise.storage.accounts import Role
from tests.integration.api.routes import NO_ID, NOT_OFFERED, OPEN, PROTOCOL, ROUTES, SIGNED, described_routes
from tests.integration.api.running import Running

ROLES = ("viewer", "operator", "admin")
ALL = {**ROUTES, **PROTOCOL, **NOT_OFFERED}
GUARDED = {place: demand for place, demand in ALL.items() if demand.least not in {OPEN, SIGNED}}


def fill(path: str) -> str:
    """Ids that do not exist: whoever may act learns so, whoever may not is refused before anything is looked up."""
    parts = (NO_ID if part.startswith("{") else part for part in path.split("/"))
    return "/".join(parts)


def test_the_table_holds_every_route(api_on_sqlite: Running) -> None:
    assert set(described_routes(api_on_sqlite.app)) == {*ROUTES, *PROTOCOL}


def test_rights_grow_with_the_role() -> None:
    assert RIGHTS[Role.VIEWER] < RIGHTS[Role.OPERATOR] < RIGHTS[Role.ADMIN] == frozenset(Action)
    assert not may(Role.VIEWER, Action.ACT)
    assert not may(Role.OPERATOR, Action.MANAGE)


@pytest.mark.parametrize("role", ROLES)
async def test_every_route_with_every_role(api_on_sqlite: Running, role: str) -> None:
    for (method, path), demand in GUARDED.items():
        answer = await api_on_sqlite.call(method, fill(path), who=role, json=demand.body)
        allowed = ROLES.index(role) >= ROLES.index(demand.least)
        assert (answer.status_code == 403) is not allowed, (method, path, answer.status_code)
        if (method, path) in NOT_OFFERED:
            assert (answer.status_code, answer.json()["code"]) == (501, "not_offered"), (method, path)
        else:
            assert answer.status_code < 500, (method, path, answer.text)
        if not allowed:
            assert answer.json()["code"] == "forbidden"


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Bearer",
        "Bearer pw_a-token-that-was-never-made",
        "Basic cHc6cHc=",
        "Bearer pw_ä",
        "pw_no-scheme-at-all-0001",
    ],
)
async def test_no_route_without_a_valid_token(api_on_sqlite: Running, authorization: str) -> None:
    headers = {"authorization": authorization.encode("latin-1")} if authorization else {}
    for (method, path), demand in list(GUARDED.items())[:: 1 if not authorization else 10]:
        answer = await api_on_sqlite.call(method, fill(path), who=None, json=demand.body, headers=headers)
        assert answer.status_code in {401, 429}, (method, path)
        if answer.status_code == 401:
            assert answer.headers["www-authenticate"] == "Bearer"
            assert set(answer.json()) == {
                "success",
                "error",
                "code",
                "fallback_available",
                "manual_action_required",
                "retry_after",
            }


async def test_open_routes_need_no_token(api_on_sqlite: Running) -> None:
    for place in ("/healthz", "/readyz", "/openapi.json", "/docs"):
        assert (await api_on_sqlite.call("GET", place, who=None)).status_code == 200


async def test_a_revoked_token_and_a_removed_user_are_refused_at_once(api: Running) -> None:
    assert (await api.call("GET", "/api/leads", who="viewer")).status_code == 200
    tokens = (await api.get("/api/tokens"))["items"]
    (mine,) = [token for token in tokens if token["email"] == "viewer@example.com"]
    assert mine["last_used_at"] is not None
    assert (await api.call("DELETE", f"/api/tokens/{mine['id']}")).status_code == 204
    assert (await api.call("GET", "/api/leads", who="viewer")).status_code == 401
    assert (await api.call("GET", "/api/leads", who="operator")).status_code == 200
    operator = api.users["operator"].id
    assert (await api.call("DELETE", f"/api/users/{operator}")).status_code == 204
    assert (await api.call("GET", "/api/leads", who="operator")).status_code == 401


async def test_a_token_may_ask_a_hundred_times_a_second_and_not_without_end(api_on_sqlite: Running) -> None:
    answers = [await api_on_sqlite.call("GET", "/api/settings", who="viewer") for _ in range(100)]
    assert {answer.status_code for answer in answers} == {200}
    authenticator, bearer = api_on_sqlite.services.authenticator, f"Bearer {api_on_sqlite.tokens['viewer']}"

    async def ask_without_end() -> None:
        for _ in range(1000):
            await authenticator.authenticate(bearer, "203.0.113.9")

    # Asked without HTTP in between: on a slow machine the allowance grows faster than requests come.
    with pytest.raises(TooManyRequests) as refused:
        await ask_without_end()
    assert (refused.value.status, refused.value.code) == (429, "too_many_requests")
    assert refused.value.retry_after is not None
    assert refused.value.retry_after >= 1
    assert (await api_on_sqlite.call("GET", "/api/leads", who="operator")).status_code == 200


async def test_whoever_guesses_tokens_is_slowed_down_and_others_are_not(api_on_sqlite: Running) -> None:
    statuses = []
    for number in range(80):
        headers = {"authorization": f"Bearer pw_guess-number-{number:010d}-0000"}
        statuses.append((await api_on_sqlite.call("GET", "/api/leads", who=None, headers=headers)).status_code)
    assert statuses[0] == 401
    assert statuses[-1] == 429
    assert (await api_on_sqlite.call("GET", "/api/leads", who="admin")).status_code == 200


async def test_metrics_are_open_to_this_machine_alone(api_on_sqlite: Running) -> None:
    here = httpx.ASGITransport(api_on_sqlite.app, client=("127.0.0.1", 50000))
    async with httpx.AsyncClient(transport=here, base_url="http://pipewise.test") as http:
        answer = await http.get("/metrics")
        assert answer.status_code == 200
        assert 'pipewise_http_requests_total{method="GET"' in (await http.get("/metrics")).text
        for header in ("x-forwarded-for", "forwarded", "x-real-ip"):
            assert (await http.get("/metrics", headers={header: "127.0.0.1"})).status_code == 401
    assert (await api_on_sqlite.call("GET", "/metrics", who=None)).status_code == 401
    assert (await api_on_sqlite.call("GET", "/metrics", who="viewer")).status_code == 200
