"""Two accounts in one installation: another account's id answers exactly like one that does not exist."""

from collections.abc import Mapping

import pytest

from tests.integration.api import seed
from tests.integration.api.routes import NO_ID, OPEN, ROUTES, SIGNED
from tests.integration.api.running import Running


async def mirror(api: Running, who: str) -> dict[str, str]:
    """One of everything in this person's account, by the name it has in paths."""
    account_id = api.users[who].account_id
    integration = (await api.connect("whatsapp", who=who))["id"]
    lead = await seed.add_lead(api, account_id)
    tokens = (await api.get("/api/tokens", who=who))["items"]
    return {
        "integration_id": integration,
        "lead_id": lead,
        "run_id": await seed.add_run(api, lead, account_id),
        "message_id": await seed.add_outgoing(api, lead, integration, account_id, state="parked", status="parked"),
        "approval_id": await seed.add_approval(api, lead, integration, account_id),
        "task_id": await seed.add_task(api, lead, account_id),
        "meeting_id": await seed.add_meeting(api, lead, account_id),
        "event_id": await seed.add_event(api, lead, account_id=account_id, status="dead_letter"),
        "user_id": api.users[who].id,
        "token_id": tokens[0]["id"],
    }


def fill(path: str, ids: Mapping[str, str]) -> str:
    return "/".join(ids[part[1:-1]] if part.startswith("{") else part for part in path.split("/"))


WITH_ID = [
    (method, path) for (method, path), demand in ROUTES.items() if "_id}" in path and demand.least not in {OPEN, SIGNED}
]


async def test_no_route_touches_an_object_of_another_account(api: Running) -> None:
    theirs, mine = await mirror(api, "admin"), await mirror(api, "stranger")
    before = await everything(api, "admin")
    nothing = dict.fromkeys(theirs, NO_ID)
    for method, path in WITH_ID:
        names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
        missing = await api.call(method, fill(path, nothing), who="stranger", json=ROUTES[method, path].body)
        assert missing.status_code == 404, (method, path, missing.text)
        for name in names:
            # Each position alone, beside own ids, and all positions at once.
            for ids in ({**mine, name: theirs[name]}, theirs):
                answer = await api.call(method, fill(path, ids), who="stranger", json=ROUTES[method, path].body)
                assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), (method, path, name)
                if ids is theirs:
                    assert answer.json() == missing.json(), (method, path)
    assert await everything(api, "admin") == before
    for method, path in sorted(WITH_ID, key=lambda place: (place[0] == "DELETE", "tokens" in place[1])):
        if path.endswith("merge"):  # names a second lead, or a merge, in its body: see test_people.py
            continue
        own = await api.call(method, fill(path, mine), who="stranger", json=ROUTES[method, path].body)
        assert own.status_code not in {403, 404}, (method, path, "the check above would prove nothing")


async def test_ids_in_bodies_and_filters_stay_in_their_account(api: Running) -> None:
    theirs = await mirror(api, "admin")
    created = await api.call("POST", "/api/tokens", who="stranger", json={"user_id": theirs["user_id"]})
    assert created.status_code == 404
    for path in ("/api/tasks", "/api/meetings"):
        assert (await api.get(path, who="stranger", lead_id=theirs["lead_id"]))["items"] == []
    assert (await api.get("/api/leads", who="stranger", q="Noor"))["items"] == []


@pytest.mark.parametrize("path", ["/api/leads", "/api/events", "/api/tasks", "/api/approvals", "/api/meetings"])
async def test_a_cursor_of_another_account_opens_nothing(api: Running, path: str) -> None:
    await mirror(api, "admin")
    for number in range(3):
        lead = await seed.add_lead(api, phone=f"+44770090020{number}")
        await seed.add_event(api, lead)
        await seed.add_task(api, lead)
        await seed.add_approval(api, lead, NO_ID)
        await seed.add_meeting(api, lead)
    page = await api.get(path, limit=1)
    assert page["next_cursor"]
    assert (await api.get(path, who="stranger", cursor=page["next_cursor"]))["items"] == []


async def test_lists_hold_the_own_account_alone(api: Running) -> None:
    await mirror(api, "admin")
    for (method, path), demand in ROUTES.items():
        if method == "GET" and "{" not in path and demand.least not in {OPEN, SIGNED} and path.startswith("/api/"):
            answer = await api.get(path, who="stranger")
            if path in {"/api/users", "/api/tokens"}:
                assert {item["email"] for item in answer["items"]} == {"stranger@example.org"}
            elif path not in {"/api/integrations/platforms", "/api/analytics/funnel"}:
                assert answer.get("items", []) == [], path
    assert (await api.get("/api/analytics/funnel", who="stranger"))["total"] == 0


async def everything(api: Running, who: str) -> list[object]:
    paths = (
        "/api/leads",
        "/api/integrations",
        "/api/tasks",
        "/api/meetings",
        "/api/events",
        "/api/users",
        "/api/settings",
    )
    found: list[object] = [await api.get(path, who=who) for path in paths]
    return [*found, await api.get("/api/approvals", who=who, status="all")]
