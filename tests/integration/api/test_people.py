"""Leads that are one person become one, and two again; what is known of somebody is given out, and taken away, whole."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import select, update

from pipewise.errors import Conflict
from pipewise.merging import Pair, merge_leads, when_free
from pipewise.storage import lanes
from pipewise.storage.lead_rows import read_all
from pipewise.storage.tables import leads, metadata
from pipewise.storage.types import new_id
from tests.integration.api import seed
from tests.integration.api.running import Running

OTHER_PHONE = "+447700900456"


async def fill(api: Running, phone: str, **values: Any) -> str:
    """A lead with something in every table that a lead can have."""
    lead_id = await seed.add_lead(api, phone=phone, **values)
    integration = (await api.get("/api/integrations"))["items"][0]["id"]
    body = {"phone": phone, "message": f"Hello from {phone}"}
    await api.call("POST", "/api/leads", json=body, headers={"Idempotency-Key": f"k{phone}"})
    await seed.add_run(api, lead_id)
    await seed.add_task(api, lead_id)
    await seed.add_approval(api, lead_id, integration)
    await seed.add_meeting(api, lead_id)
    await seed.add_outgoing(api, lead_id, integration, state="done", status="sent")
    await api.call("PATCH", f"/api/leads/{lead_id}", json={"company": f"Company {phone}"})
    return lead_id


async def two_leads(api: Running) -> tuple[str, str]:
    await api.connect("whatsapp")
    first = await fill(api, seed.PHONE)
    return first, await fill(api, OTHER_PHONE, score=70, language="pt", tags=["hot"])


async def everything(api: Running, lead_id: str) -> dict[str, Any]:
    async with api.resources.database.read() as connection:
        rows = await read_all(connection, api.account_id, lead_id)
        row = (await connection.execute(select(leads).where(leads.c.id == lead_id))).mappings().one()
    rows.pop("lanes")
    rows.pop("lead_merges")
    versions = {"ownership_version", "updated_at"}
    return {**rows, "leads": {name: value for name, value in row.items() if name not in versions}}


async def merge(api: Running, lead_id: str, other_id: str, *, who: str = "admin") -> Any:
    answer = await api.call("POST", f"/api/leads/{lead_id}/merge", json={"other_id": other_id}, who=who)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_two_leads_become_one_and_two_again_as_they_were(api: Running) -> None:
    first, second = await two_leads(api)
    before = [await everything(api, one) for one in (first, second)]
    merged = await merge(api, first, second)
    assert (merged["id"], merged["score"], merged["language"], merged["tags"]) == (first, 70, "pt", ["hot"])
    assert {identity["external_id"] for identity in merged["identities"]} >= {"447700900123", "447700900456"}
    assert (await api.call("GET", f"/api/leads/{second}")).status_code == 404
    both = await everything(api, first)
    for table in ("messages", "events", "runs", "meetings", "tasks", "approvals", "outbox", "identities"):
        assert len(both[table]) == len(before[0][table]) + len(before[1][table]) > 1, table
    messages = (await api.get(f"/api/leads/{first}/messages"))["items"]
    assert [one["created_at"] for one in messages] == sorted(one["created_at"] for one in messages)
    undone = await api.call("POST", f"/api/leads/{first}/unmerge", json={"merge_id": merged["merge_id"]})
    assert undone.status_code == 200, undone.text
    assert undone.json()["restored"]["id"] == second
    assert [await everything(api, one) for one in (first, second)] == before
    again = await api.call("POST", f"/api/leads/{first}/unmerge", json={"merge_id": merged["merge_id"]})
    assert (again.status_code, again.json()["code"]) == (409, "already_unmerged")
    acts = [one["action"] for one in (await api.get("/api/audit", object=f"lead:{first}"))["items"]]
    assert acts[:2] == ["lead.unmerged", "lead.merged"]


async def test_what_came_since_and_what_was_changed_since_stays(api: Running) -> None:
    first, second = await two_leads(api)
    merged = await merge(api, first, second)
    await api.call("PATCH", f"/api/leads/{first}", json={"language": "de"})
    newer = await seed.add_task(api, first)
    await api.call("POST", f"/api/leads/{first}/unmerge", json={"merge_id": merged["merge_id"]})
    assert (await api.get(f"/api/leads/{first}"))["language"] == "de"
    assert (await api.get(f"/api/leads/{first}"))["score"] is None
    assert newer in {task["id"] for task in (await api.get("/api/tasks", lead_id=first))["items"]}


async def test_whatever_asks_for_more_care_holds_for_both(api: Running) -> None:
    await api.connect("whatsapp")
    first = await fill(api, seed.PHONE)
    second = await fill(api, OTHER_PHONE, agent="paused", owner="ana@example.com", opted_out=True, status="opted_out")
    merged = await merge(api, first, second)
    assert (merged["agent"], merged["owner"]) == ("paused", "ana@example.com")
    assert (merged["opted_out"], merged["status"]) == (True, "opted_out")
    changes = [one for one in (await api.get(f"/api/leads/{first}/timeline"))["items"] if one["kind"] == "change"]
    assert {"merge", "status", "agent", "owner", "opted_out"} <= {one["what"] for one in changes}


async def test_three_become_one_and_come_apart_in_any_order(api: Running) -> None:
    first, second = await two_leads(api)
    third = await fill(api, "+447700900789")
    before = [await everything(api, one) for one in (first, second, third)]
    one = await merge(api, second, third)
    two = await merge(api, first, second)
    for merge_id in (one["merge_id"], two["merge_id"]):
        answer = await api.call("POST", f"/api/leads/{first}/unmerge", json={"merge_id": merge_id})
        assert answer.status_code == 200, answer.text
    assert [(await everything(api, lead))["messages"] for lead in (first, second, third)] == [
        lead["messages"] for lead in before
    ]


async def test_a_merge_waits_for_a_turn_and_gives_up_openly(api: Running) -> None:
    first, second = await two_leads(api)
    async with api.resources.database.write() as connection:
        await lanes.ensure(connection, api.account_id, second)
        lease = await lanes.take(connection, second, "a worker")
    assert lease

    async def try_once() -> None:
        async with api.resources.database.write() as connection:
            pair = Pair(api.account_id, first, second)
            await merge_leads(connection, pair, actor="ana", reason="", now=api.resources.clock.now())

    with pytest.raises(Conflict, match="at work"):
        await when_free(try_once, api.resources.clock, longest=0.1)

    async def end_turn() -> None:
        await asyncio.sleep(0.4)
        async with api.resources.database.write() as connection:
            await lanes.release(connection, lease, None)

    ending = asyncio.create_task(end_turn())
    merged = await merge(api, first, second)
    await ending
    assert merged["id"] == first
    with pytest.raises(lanes.LeaseLost):
        async with api.resources.database.write() as connection:
            await lanes.check(connection, lease)


@pytest.mark.parametrize("other", ["itself", "a stranger's", "none"])
async def test_what_cannot_be_merged(api: Running, other: str) -> None:
    first = await seed.add_lead(api)
    stranger = await seed.add_lead(api, api.users["stranger"].account_id, phone=OTHER_PHONE)
    other_id = {"itself": first, "a stranger's": stranger, "none": new_id()}[other]
    answer = await api.call("POST", f"/api/leads/{first}/merge", json={"other_id": other_id})
    assert answer.status_code == (409 if other == "itself" else 404)
    assert (await api.get(f"/api/leads/{stranger}", who="stranger"))["id"] == stranger


async def test_exact_keys_merge_and_names_suggest(api: Running) -> None:
    """By phone, then by e-mail; and a sender who shows both."""
    by_phone = (await api.call("POST", "/api/leads", json={"phone": seed.PHONE, "name": "Noor"})).json()["id"]
    by_email = (await api.call("POST", "/api/leads", json={"email": "noor@example.com"})).json()["id"]
    namesake = (await api.call("POST", "/api/leads", json={"email": "n2@example.com", "name": "NOOR"})).json()["id"]
    assert len({by_phone, by_email, namesake}) == 3
    both = {"phone": seed.PHONE, "email": "Noor@Example.com", "message": "It is me"}
    assert (await api.call("POST", "/api/leads", json=both)).json()["id"] == by_phone
    assert await api.services.people.merge_due() == 1
    assert await api.services.people.merge_due() == 0
    lead = await api.get(f"/api/leads/{by_phone}")
    assert {identity["platform"] for identity in lead["identities"]} == {"phone", "email"}
    assert (await api.call("GET", f"/api/leads/{by_email}")).status_code == 404
    (match,) = (await api.get(f"/api/leads/{by_phone}/matches"))["items"]
    assert (match["lead"]["id"], match["reason"]) == (namesake, "the same name")


async def test_a_merge_that_a_person_undid_is_not_made_again(api: Running) -> None:
    first = (await api.call("POST", "/api/leads", json={"phone": seed.PHONE})).json()["id"]
    second = (await api.call("POST", "/api/leads", json={"email": "noor@example.com"})).json()["id"]
    both = {"phone": seed.PHONE, "email": "noor@example.com"}
    await api.call("POST", "/api/leads", json=both)
    await api.services.people.merge_due()
    (done,) = (await api.call("GET", f"/api/leads/{first}/export")).json()["merges"]
    answer = await api.call("POST", f"/api/leads/{first}/unmerge", json={"merge_id": done["id"]})
    assert answer.json()["restored"]["id"] == second
    await api.call("POST", "/api/leads", json=both)
    assert await api.services.people.merge_due() == 0
    assert (await api.get(f"/api/leads/{second}"))["email"] == "noor@example.com"


async def test_messages_that_arrive_during_merges_are_kept(api: Running) -> None:
    """Each message is somebody's in the end, and is there once."""
    phones = [f"+4477009001{number:02d}" for number in range(6)]
    ids = [(await api.call("POST", "/api/leads", json={"phone": phone})).json()["id"] for phone in phones]
    words = [f"word {number}" for number in range(60)]

    async def write(number: int) -> int:
        body = {"phone": phones[number % 6], "message": words[number]}
        return (await api.call("POST", "/api/leads", json=body)).status_code

    async def join() -> None:
        for other in ids[1:]:
            await merge(api, ids[0], other)

    statuses, _ = await asyncio.gather(asyncio.gather(*map(write, range(60))), join())
    assert set(statuses) == {201}
    texts = [one["text"] for one in (await api.get(f"/api/leads/{ids[0]}/messages", limit=500))["items"]]
    assert sorted(text for text in texts if text.startswith("word")) == sorted(words)
    assert len((await api.get("/api/leads"))["items"]) == 1


async def test_an_export_holds_all_of_it_and_no_secret(api: Running) -> None:
    first, second = await two_leads(api)
    await merge(api, first, second)
    told = (await api.call("GET", f"/api/leads/{first}/export")).json()
    names = {
        "lead",
        "identities",
        "messages",
        "timeline",
        "runs",
        "meetings",
        "tasks",
        "approvals",
        "events",
        "changes",
    }
    assert {name for name in names if not told[name]} == set()
    assert "Hello from +447700900456" in str(told["messages"])
    assert "account_id" not in str(told)
    assert (await api.get("/api/audit", action="lead.exported"))["items"][0]["object"] == f"lead:{first}"
    assert (await api.call("GET", f"/api/leads/{first}/export", who="viewer")).status_code == 403


async def test_an_erased_person_takes_what_was_merged_along(api: Running) -> None:
    first, second = await two_leads(api)
    await seed.add_task(api, None, title="Who is +447700900456?")
    await merge(api, first, second)
    assert (await api.call("DELETE", f"/api/leads/{first}")).status_code == 204
    assert api.application.forgotten == [(api.account_id, first), (api.account_id, second)]
    async with api.resources.database.read() as connection:
        for table in metadata.sorted_tables:
            rows = str((await connection.execute(select(table))).all())
            found = [trace for trace in ("447700900123", "447700900456", "Hello from", "Noor") if trace in rows]
            assert not found, (table.name, found)


async def test_a_repeated_request_follows_the_lead(api: Running) -> None:
    first, second = await two_leads(api)
    body = {"phone": OTHER_PHONE, "message": f"Hello from {OTHER_PHONE}"}
    await merge(api, first, second)
    again = await api.call("POST", "/api/leads", json=body, headers={"Idempotency-Key": f"k{OTHER_PHONE}"})
    assert (again.status_code, again.json()["id"]) == (200, first)


async def test_a_lead_of_a_later_release_comes_back_without_what_is_unknown(api: Running) -> None:
    first, second = await two_leads(api)
    merged = await merge(api, first, second)
    table = metadata.tables["lead_merges"]
    async with api.resources.database.write() as connection:
        record = (await connection.execute(select(table.c.record))).scalar_one()
        record["other"]["of_the_future"] = 1
        await connection.execute(update(table).values(record=record))
    answer = await api.call("POST", f"/api/leads/{first}/unmerge", json={"merge_id": merged["merge_id"]})
    assert answer.status_code == 200
