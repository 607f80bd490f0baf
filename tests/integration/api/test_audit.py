"""The record over HTTP: every act is in it with its actor, and nothing secret or said."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from pipewise.credential_reads import KEPT
from pipewise.storage.tables_trust import audit_entries
from tests.contract.signing import SIGNERS
from tests.integration.api import seed
from tests.integration.api.running import Running

PASSWORD = "correct horse battery staple"
SAID = "The discount code is violet-anteater."


async def entries(api: Running, **params: Any) -> list[dict[str, Any]]:
    await api.resources.reads.settle()
    found: list[dict[str, Any]] = (await api.get("/api/audit", **params))["items"]
    return found


async def act(api: Running, method: str, path: str, json: Any = None, *, who: str = "admin") -> Any:
    answer = await api.call(method, path, who=who, json=json)
    assert answer.status_code < 300, answer.text
    return answer.json() if answer.content else None


async def log_in_and_out(api: Running) -> str:
    """After a wrong password. The session's name in the record."""
    body = {"email": "more@example.com", "password": PASSWORD}
    wrong = await api.call("POST", "/api/session", who=None, json={**body, "password": "a wrong word"})
    assert wrong.status_code == 401
    await api.services.background.settle()
    opened = await api.call("POST", "/api/session", who=None, json=body)
    api.http.cookies.clear()
    cookie = opened.headers["set-cookie"].partition(";")[0]
    headers = {"cookie": cookie, "origin": "https://pipewise.example"}
    assert (await api.call("DELETE", "/api/session", who=None, headers=headers)).status_code == 204
    (entry,) = await entries(api, action="session.opened")
    return str(entry["object"])


async def do_everything(api: Running) -> dict[str, str]:
    """One of each act; the object of each by its action."""
    made = await api.connect("whatsapp")
    place = f"/api/integrations/{made['id']}"
    lead_id = await seed.add_lead(api)
    event_id = await seed.add_event(api, lead_id, status="dead_letter")
    draft = await seed.add_approval(api, lead_id, made["id"])
    parked = await seed.add_outgoing(api, lead_id, made["id"], state="parked", status="parked")
    await act(api, "PATCH", place, {"name": "Front desk"})
    await act(api, "POST", f"{place}/rotate", {"credentials": {"app_secret": "a-newer-app-secret"}})
    await act(api, "POST", f"{place}/test")
    await act(api, "PATCH", "/api/settings", {"company": "Acme"})
    await act(api, "POST", "/api/pause")
    await act(api, "POST", "/api/resume")
    user = await act(api, "POST", "/api/users", {"email": "more@example.com", "role": "viewer"})
    token = await act(api, "POST", "/api/tokens", {"name": "crm"})
    place_of_user = f"/api/users/{user['id']}"
    await act(api, "PATCH", place_of_user, {"role": "operator"})
    await act(api, "PUT", f"{place_of_user}/password", {"password": PASSWORD})
    session = await log_in_and_out(api)
    await act(api, "DELETE", f"/api/tokens/{token['id']}")
    await act(api, "DELETE", f"/api/users/{user['id']}")
    await act(api, "POST", f"/api/leads/{lead_id}/takeover", who="operator")
    written = await act(api, "POST", f"/api/leads/{lead_id}/messages", {"text": SAID}, who="operator")
    await act(api, "POST", f"/api/leads/{lead_id}/messages/{parked}", {"action": "leave"})
    await act(api, "POST", f"/api/leads/{lead_id}/release", who="operator")
    await act(api, "POST", f"/api/approvals/{draft}", {"action": "ignore"})
    await act(api, "POST", f"/api/events/{event_id}/replay")
    await act(api, "PATCH", f"/api/leads/{lead_id}", {"company": "Violet Ltd"})
    await act(api, "GET", f"/api/leads/{lead_id}/export")
    await act(api, "DELETE", place)
    await act(api, "DELETE", f"/api/leads/{lead_id}")
    integration, lead = f"integration:{made['id']}", f"lead:{lead_id}"
    return {
        "integration.created": integration,
        "integration.changed": integration,
        "integration.rotated": integration,
        "integration.tested": integration,
        "integration.deleted": integration,
        "credential.read": integration,
        "settings.changed": f"account:{api.account_id}",
        "account.paused": f"account:{api.account_id}",
        "account.resumed": f"account:{api.account_id}",
        "user.added": f"user:{user['id']}",
        "user.changed": f"user:{user['id']}",
        "user.password_changed": f"user:{user['id']}",
        "user.login_failed": f"user:{user['id']}",
        "session.opened": session,
        "session.ended": session,
        "user.removed": f"user:{user['id']}",
        "token.created": f"token:{token['id']}",
        "token.revoked": f"token:{token['id']}",
        "lead.taken_over": lead,
        "lead.released": lead,
        "lead.changed": lead,
        "lead.exported": lead,
        "lead.erased": lead,
        "message.written": f"message:{written['id']}",
        "message.decided": f"message:{parked}",
        "approval.decided": f"approval:{draft}",
        "event.replayed": f"event:{event_id}",
    }


async def test_every_act_is_written_down_with_its_actor(api: Running) -> None:
    done = await do_everything(api)
    *found, first = await entries(api, limit=500)
    assert (first["action"], first["actor"]) == ("token.created", "system"), "the token of the first start"
    assert {(entry["action"], entry["object"]) for entry in found} == set(done.items())
    actors = {entry["action"]: entry["actor"] for entry in found}
    assert actors["lead.taken_over"] == actors["message.written"] == "operator@example.com"
    assert actors["settings.changed"] == "admin@pipewise.local"
    assert actors["credential.read"] == "system"
    assert await api.get("/api/audit/verify") == {"ok": True, "entries": len(found) + 1, "problems": []}


async def test_no_secret_and_nothing_said_is_in_it(api: Running) -> None:
    await do_everything(api)
    told = str(await entries(api, limit=500))
    secrets = [
        PASSWORD,
        "a wrong word",
        *SIGNERS["whatsapp"].credentials.values(),
        "a-newer-app-secret",
        SAID,
        "violet",
        seed.PHONE,
        "pw_",
    ]
    assert [secret for secret in secrets if secret in told] == []


async def test_an_erased_person_is_known_by_a_keyed_digest_alone(api: Running) -> None:
    await do_everything(api)
    (erased,) = await entries(api, action="lead.erased")
    async with api.resources.database.write() as connection:
        phone = await api.resources.audit.digests(connection, api.account_id, [seed.PHONE])
    assert set(phone) < set(erased["detail"]["person"])


async def test_filters_and_pages(api: Running) -> None:
    done = await do_everything(api)
    assert {one["action"] for one in await entries(api, actor="operator@example.com")} == {
        "lead.taken_over",
        "message.written",
        "lead.released",
    }
    by_object = await entries(api, object=done["lead.erased"])
    assert [one["action"] for one in by_object] == [
        "lead.erased",
        "lead.exported",
        "lead.changed",
        "lead.released",
        "lead.taken_over",
    ]
    assert {one["object"].split(":")[0] for one in await entries(api, object="token")} == {"token"}
    now = api.resources.clock.now()
    assert await entries(api, to="2020-01-01T00:00:00Z") == []
    assert len(await entries(api, **{"from": "2020-01-01T00:00:00Z", "limit": 500})) >= len(done)
    assert await entries(api, **{"from": now.replace(year=now.year + 1).isoformat()}) == []
    seen: list[int] = []
    cursor: dict[str, str] = {}
    while True:
        page = await api.get("/api/audit", limit=7, **cursor)
        seen += [one["seq"] for one in page["items"]]
        if not page["next_cursor"]:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert seen == list(range(len(seen), 0, -1))


async def test_a_refused_act_leaves_nothing(api: Running) -> None:
    lead_id = await seed.add_lead(api)
    before = len(await entries(api))
    refused = await api.call("PATCH", f"/api/leads/{lead_id}", json={"status": "meeting_held"})
    assert refused.status_code == 409
    assert (await api.call("POST", f"/api/leads/{lead_id}/takeover", who="viewer")).status_code == 403
    assert len(await entries(api)) == before


async def test_a_changed_entry_is_told(api: Running) -> None:
    await act(api, "POST", "/api/pause")
    await act(api, "POST", "/api/resume")
    async with api.resources.database.write() as connection:
        await connection.execute(update(audit_entries).where(audit_entries.c.seq == 1).values(actor="nobody"))
    told = await api.get("/api/audit/verify")
    assert told["ok"] is False
    assert told["problems"] == [{"seq": 1, "problem": "entry 1 was changed, or what stood before it was"}]


@pytest.mark.parametrize("count", [30])
async def test_deliveries_write_no_entry_but_the_one_read(api: Running, count: int) -> None:
    """The secret is opened once for each stored value, not once for each delivery."""
    made = await api.connect("form")
    for number in range(count):
        body = f'{{"email": "lead{number}@example.com", "message": "hi"}}'.encode()
        answer = await api.deliver(f"/webhooks/form/{made['id']}", "form", body, **{"webhook-id": f"msg_{number}"})
        assert answer.status_code in {200, 401}, answer.text
    written = ["credential.read", "integration.created", "token.created"]
    assert [one["action"] for one in await entries(api)] == written
    api.move_clock(KEPT + timedelta(seconds=1))
    api.services.directory.forget()  # which remembers for a second, by the clock that does not jump
    body = b'{"email": "later@example.com", "message": "hi"}'
    assert (await api.deliver(f"/webhooks/form/{made['id']}", "form", body)).status_code == 200
    assert [one["action"] for one in await entries(api)] == ["credential.read", *written], "in use an hour later"
