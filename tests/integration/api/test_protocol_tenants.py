"""Threads, runs and items of another account answer like those that do not exist."""

from typing import Any

from pipewise.storage import leads, thread_runs, threads
from pipewise.storage.types import new_id, thread_id_of
from tests.integration.api import seed
from tests.integration.api.routes import NO_ID, PROTOCOL
from tests.integration.api.running import Running

WITH_THREAD = [place for place in PROTOCOL if "{thread_id}" in place[1]]


async def make(api: Running, who: str) -> dict[str, str]:
    thread: Any = (await api.call("POST", "/threads", who=who, json={"metadata": {"mark": "x"}})).json()
    user = api.users[who]
    async with api.resources.database.write() as connection:
        found = await threads.get(connection, user.account_id, thread["thread_id"])
        run = await thread_runs.add(
            connection,
            found,
            new_id(),
            {},
            strategy="enqueue",
            metadata={},
            asked_by=user.email,
            holder="elsewhere",
            now=api.resources.clock.now(),
        )
        await thread_runs.finish(connection, run, "elsewhere", "success", api.resources.clock.now())
    return {"{thread_id}": thread["thread_id"], "{run_id}": run.run_id, "{checkpoint_id}": NO_ID}


def fill(path: str, ids: dict[str, str]) -> str:
    for name, value in ids.items():
        path = path.replace(name, value)
    return path


async def test_no_route_of_the_protocol_reaches_another_account(api: Running) -> None:
    theirs, mine = await make(api, "admin"), await make(api, "stranger")
    nothing = dict.fromkeys(theirs, NO_ID)
    for method, path in WITH_THREAD:
        body = PROTOCOL[method, path].body
        missing = await api.call(method, fill(path, nothing), who="stranger", json=body)
        assert missing.status_code == 404, (method, path, missing.text)
        for ids in (theirs, {**mine, "{run_id}": theirs["{run_id}"]}, {**theirs, "{run_id}": mine["{run_id}"]}):
            if ids["{thread_id}"] == mine["{thread_id}"] and "{run_id}" not in path:
                continue
            answer = await api.call(method, fill(path, ids), who="stranger", json=body)
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), (method, path, ids)
            if ids is theirs:
                assert answer.json() == missing.json(), (method, path)
    assert (await api.call("GET", fill("/threads/{thread_id}", theirs))).json()["metadata"] == {"mark": "x"}
    own = fill("/threads/{thread_id}/runs/{run_id}", mine)
    assert (await api.call("GET", own, who="stranger")).status_code == 200


async def test_another_accounts_cron_does_not_exist(api: Running) -> None:
    event = {"platform": "whatsapp", "sender": "351911000222", "text": "hello"}
    body = {"assistant_id": "pipewise", "schedule": "@daily", "input": {"event": event}}
    made = (await api.call("POST", "/runs/crons", json=body)).json()
    place = f"/runs/crons/{made['cron_id']}"
    for method, given in (("GET", None), ("PATCH", {"enabled": False}), ("DELETE", None)):
        answer = await api.call(method, place, who="stranger", json=given)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), method
    assert (await api.call("POST", "/runs/crons/search", who="stranger", json={})).json() == []
    assert (await api.call("POST", "/runs/crons/count", who="stranger", json={})).json() == 0
    assert (await api.call("GET", place)).json()["enabled"] is True


async def test_two_accounts_may_choose_the_same_id_and_learn_nothing_of_each_other(api: Running) -> None:
    chosen = {"thread_id": "00000000-0000-4000-8000-000000000007"}
    for who in ("admin", "stranger"):
        made = await api.call("POST", "/threads", who=who, json={**chosen, "metadata": {"of": who}})
        assert (made.status_code, made.json()["metadata"]) == (200, {"of": who})
    async with api.resources.database.read() as connection:
        places = {
            (await threads.get(connection, api.users[who].account_id, chosen["thread_id"])).place
            for who in ("admin", "stranger")
        }
    assert len(places) == 2
    assert (await api.call("DELETE", f"/threads/{chosen['thread_id']}", who="stranger")).status_code == 204
    assert (await api.call("GET", f"/threads/{chosen['thread_id']}")).status_code == 200


async def test_a_leads_conversation_is_its_own_accounts_alone(api: Running) -> None:
    lead_id = await seed.add_lead(api)
    thread_id = threads_id(api, lead_id)
    async with api.resources.database.read() as connection:
        await leads.get_lead(connection, api.account_id, lead_id)
    assert (await api.call("GET", f"/threads/{thread_id}", who="stranger")).status_code == 404
    body = {"metadata": {"lead_id": lead_id}}
    assert (await api.call("POST", "/threads/search", who="stranger", json=body)).json() == []


def threads_id(api: Running, lead_id: str) -> str:
    return thread_id_of(api.account_id, lead_id)


async def test_lists_and_the_store_hold_the_own_account_alone(api: Running) -> None:
    await make(api, "admin")
    item = {"namespace": ["facts"], "key": "k", "value": {"a": 1, "b": True, "c": "x"}}
    assert (await api.call("PUT", "/store/items", json=item)).status_code == 204
    assert (await api.call("POST", "/threads/search", who="stranger", json={})).json() == []
    assert (await api.call("POST", "/threads/count", who="stranger", json={})).json() == 0
    assert (await api.call("GET", "/store/items?namespace=facts&key=k", who="stranger")).json() is None
    assert (await api.call("POST", "/store/items/search", who="stranger", json={})).json() == {"items": []}
    assert (await api.call("POST", "/store/namespaces", who="stranger", json={})).json() == {"namespaces": []}
    for wanted, count in (({"a": 1}, 1), ({"a": 2}, 0), ({"b": True}, 1), ({"c": "x"}, 1), ({"c": ["x"]}, 0)):
        found = (await api.call("POST", "/store/items/search", json={"filter": wanted})).json()["items"]
        assert len(found) == count, wanted
    for wrong in (
        {**item, "namespace": []},
        {**item, "namespace": ["a.b"]},
        {**item, "value": {"x": "y" * 70_000}},
        {**item, "key": ""},
    ):
        assert (await api.call("PUT", "/store/items", json=wrong)).status_code == 422
