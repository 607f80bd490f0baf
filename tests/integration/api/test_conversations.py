"""People and the agent in one conversation: takeover, writing, drafts, parked messages, and the record of it all."""

import asyncio
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from pipewise.storage.tables import events, lanes, messages, outbox
from pipewise.storage.tables import leads as lead_table
from tests.integration.api import seed
from tests.integration.api.running import Running


async def outbox_row(api: Running, message_id: str) -> Any:
    async with api.resources.database.read() as connection:
        return (await connection.execute(select(outbox).where(outbox.c.message_id == message_id))).one()


async def test_takeover_silences_the_agent_and_cancels_what_is_queued(api: Running) -> None:
    integration = (await api.connect("whatsapp"))["id"]
    lead = await seed.add_lead(api)
    queued = await seed.add_outgoing(api, lead, integration)
    answer = await api.call("POST", f"/api/leads/{lead}/takeover", who="operator")
    assert answer.status_code == 200, answer.text
    assert (answer.json()["agent"], answer.json()["owner"], answer.json()["status"]) == (
        "paused",
        "operator@example.com",
        "new",
    )
    (message,) = (await api.get(f"/api/leads/{lead}/messages"))["items"]
    assert (message["id"], message["status"]) == (queued, "canceled")
    released = await api.call("POST", f"/api/leads/{lead}/release", who="operator")
    assert released.json()["agent"] == "active"
    changes = [one for one in (await api.get(f"/api/leads/{lead}/timeline"))["items"] if one["kind"] == "change"]
    assert [(one["what"], one["after"], one["actor"]) for one in changes] == [
        ("agent", "paused", "operator@example.com"),
        ("agent", "active", "operator@example.com"),
    ]


async def test_takeover_waits_for_a_send_that_is_under_way(api: Running) -> None:
    integration = (await api.connect("whatsapp"))["id"]
    lead = await seed.add_lead(api)
    sending = await seed.add_outgoing(api, lead, integration, state="sending", status="sending")
    taking = asyncio.create_task(api.call("POST", f"/api/leads/{lead}/takeover"))
    await asyncio.sleep(0.3)
    assert not taking.done()
    async with api.resources.database.write() as connection:
        await connection.execute(update(outbox).where(outbox.c.message_id == sending).values(state="done"))
    assert (await taking).status_code == 200


async def test_taking_over_twice_is_recorded_once(api_on_sqlite: Running) -> None:
    lead = await seed.add_lead(api_on_sqlite)
    for _ in range(2):
        assert (await api_on_sqlite.call("POST", f"/api/leads/{lead}/takeover")).status_code == 200
    entries = (await api_on_sqlite.get(f"/api/leads/{lead}/timeline"))["items"]
    assert len(entries) == 1


async def test_a_person_writes_where_the_lead_wrote_last(api: Running) -> None:
    integration = (await api.connect("whatsapp"))["id"]
    lead = await seed.add_lead(api)
    await seed.add_event(api, lead, integration_id=integration)
    answer = await api.call("POST", f"/api/leads/{lead}/messages", who="operator", json={"text": "Hello, it is me"})
    assert answer.status_code == 201, answer.text
    message = answer.json()
    assert (message["author"], message["status"], message["direction"]) == ("human", "queued", "out")
    row = await outbox_row(api, message["id"])
    assert (row.recipient, row.integration_id, row.state) == ("447700900123", integration, "pending")
    assert api.application.engine.woken == [lead]
    async with api.resources.database.read() as connection:
        assert (await connection.execute(select(lanes.c.due_at).where(lanes.c.lead_id == lead))).scalar() is not None


async def test_a_person_cannot_write_outside_the_window_nor_to_who_opted_out(api: Running) -> None:
    await api.connect("whatsapp")
    lead = await seed.add_lead(api)
    path = f"/api/leads/{lead}/messages"
    api.move_clock(timedelta(hours=25))
    late = await api.call("POST", path, json={"text": "Hello"})
    assert (late.status_code, late.json()["code"], late.json()["manual_action_required"]) == (
        409,
        "window_closed",
        True,
    )
    api.move_clock(timedelta())
    too_long = await api.call("POST", path, json={"text": "x" * 4097})
    assert (too_long.status_code, too_long.json()["details"][0]["field"]) == (422, "text")
    assert (await api.call("POST", path, json={"text": "  "})).status_code == 422
    await api.call("PATCH", f"/api/leads/{lead}", json={"status": "opted_out"})
    refused = await api.call("POST", path, json={"text": "Hello"})
    assert (refused.status_code, refused.json()["code"]) == (409, "opted_out")
    assert (await api.get(path))["items"] == []


async def test_a_parked_message_is_sent_again_or_left(api: Running) -> None:
    integration = (await api.connect("whatsapp"))["id"]
    lead = await seed.add_lead(api)
    one, two, fine = [
        await seed.add_outgoing(api, lead, integration, state=state, status=status)
        for state, status in (("parked", "parked"), ("parked", "parked"), ("done", "sent"))
    ]
    again = await api.call("POST", f"/api/leads/{lead}/messages/{one}", json={"action": "resend"})
    assert (again.status_code, again.json()["status"]) == (200, "queued")
    row = await outbox_row(api, one)
    assert (row.state, row.attempts, row.author) == ("pending", 0, "human")
    assert api.application.engine.woken == [lead]
    left = await api.call("POST", f"/api/leads/{lead}/messages/{two}", json={"action": "leave"})
    assert (left.status_code, left.json()["status"]) == (200, "canceled")
    for decided in (one, two, fine):
        twice = await api.call("POST", f"/api/leads/{lead}/messages/{decided}", json={"action": "resend"})
        assert (twice.status_code, twice.json()["code"]) == (409, "not_parked")
    other = await seed.add_lead(api, phone="+447700900999")
    assert (await api.call("POST", f"/api/leads/{other}/messages/{two}", json={"action": "leave"})).status_code == 404


async def test_drafts_are_accepted_edited_answered_and_ignored(api: Running) -> None:
    integration = (await api.connect("whatsapp"))["id"]
    for action, body, status, author, text in (
        ("accept", {}, "accepted", "agent", "Shall we talk on Tuesday?"),
        ("edit", {"text": "Wednesday?"}, "edited", "human", "Wednesday?"),
        ("respond", {"text": "I call you."}, "responded", "human", "I call you."),
        ("ignore", {}, "ignored", None, None),
    ):
        lead = await seed.add_lead(api, phone=f"+4477009003{len(action):02d}{len(status) % 10}")
        draft = await seed.add_approval(api, lead, integration)
        listed = (await api.get("/api/approvals"))["items"]
        assert [(one["id"], one["lead_id"], one["status"]) for one in listed] == [(draft, lead, "pending")]
        answer = await api.call("POST", f"/api/approvals/{draft}", who="operator", json={"action": action, **body})
        assert (answer.status_code, answer.json()["status"]) == (200, status), answer.text
        assert answer.json()["decided_by"] == "operator@example.com"
        sent = (await api.get(f"/api/leads/{lead}/messages"))["items"]
        assert [(one["author"], one["text"], one["status"]) for one in sent] == (
            [(author, text, "queued")] if author else []
        )
        second = await api.call("POST", f"/api/approvals/{draft}", json={"action": "accept"})
        assert (second.status_code, second.json()["code"]) == (409, "already_decided")
    assert (await api.get("/api/approvals"))["items"] == []
    assert len((await api.get("/api/approvals", status="all"))["items"]) == 4


async def test_of_two_decisions_at_once_one_counts(api: Running) -> None:
    integration = (await api.connect("whatsapp"))["id"]
    lead = await seed.add_lead(api)
    draft = await seed.add_approval(api, lead, integration)
    answers = await asyncio.gather(
        *(api.call("POST", f"/api/approvals/{draft}", json={"action": "accept"}) for _ in range(4))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    assert len((await api.get(f"/api/leads/{lead}/messages"))["items"]) == 1


async def test_a_stale_draft_is_made_anew_and_not_sent(api: Running) -> None:
    integration = (await api.connect("whatsapp"))["id"]
    lead = await seed.add_lead(api)
    run = await seed.add_run(api, lead)
    event = await seed.add_event(api, lead, run_id=run)
    draft = await seed.add_approval(api, lead, integration, run_id=run)
    now = api.resources.clock.now()
    row = {"id": run, "account_id": api.account_id, "lead_id": lead, "direction": "in", "platform": "whatsapp"}
    await seed.write(api, messages, {**row, "author": "lead", "text": "Wait", "status": "received", "created_at": now})
    answer = await api.call("POST", f"/api/approvals/{draft}", json={"action": "accept"})
    assert (answer.status_code, answer.json()["code"]) == (409, "stale_draft")
    assert [one["direction"] for one in (await api.get(f"/api/leads/{lead}/messages"))["items"]] == ["in"]
    assert (await api.get("/api/approvals", status="stale"))["items"][0]["id"] == draft
    async with api.resources.database.read() as connection:
        reopened = (await connection.execute(select(events).where(events.c.id == event))).one()
    assert (reopened.status, reopened.run_id) == ("accepted", None)
    assert api.application.engine.woken == [lead]


async def test_a_draft_from_before_a_takeover_is_not_sent_and_not_made_anew(api: Running) -> None:
    integration = (await api.connect("whatsapp"))["id"]
    lead = await seed.add_lead(api)
    run = await seed.add_run(api, lead)
    event = await seed.add_event(api, lead, run_id=run)
    draft = await seed.add_approval(api, lead, integration, run_id=run)
    await api.call("POST", f"/api/leads/{lead}/takeover")
    answer = await api.call("POST", f"/api/approvals/{draft}", json={"action": "edit", "text": "Hello"})
    assert answer.json()["code"] == "stale_draft"
    async with api.resources.database.read() as connection:
        assert (await connection.execute(select(events.c.status).where(events.c.id == event))).scalar() == "processed"
    for who in ("edit", "respond"):
        assert (await api.call("POST", f"/api/approvals/{draft}", json={"action": who})).status_code == 422


async def test_a_draft_is_not_sent_outside_the_window_and_still_waits(api: Running) -> None:
    integration = (await api.connect("whatsapp"))["id"]
    lead = await seed.add_lead(api)
    draft = await seed.add_approval(api, lead, integration)
    early = api.resources.clock.now() - timedelta(hours=25)
    async with api.resources.database.write() as connection:
        await connection.execute(update(lead_table).where(lead_table.c.id == lead).values(last_inbound_at=early))
    answer = await api.call("POST", f"/api/approvals/{draft}", json={"action": "accept"})
    assert answer.json()["code"] == "window_closed"
    assert [one["id"] for one in (await api.get("/api/approvals"))["items"]] == [draft]


async def test_the_timeline_tells_everything_in_order_page_by_page(api: Running) -> None:
    integration = (await api.connect("whatsapp"))["id"]
    lead = await seed.add_lead(api)
    await seed.add_run(api, lead, model="offline", cost_usd=0.001)
    await seed.add_outgoing(api, lead, integration, state="done", status="sent", claimed_at=api.resources.clock.now())
    await seed.add_meeting(api, lead)
    await api.call("PATCH", f"/api/leads/{lead}", json={"status": "contacted"})
    await seed.add_task(api, lead)
    draft = await seed.add_approval(api, lead, integration)
    await api.call("POST", f"/api/approvals/{draft}", json={"action": "ignore"})
    whole = (await api.get(f"/api/leads/{lead}/timeline"))["items"]
    assert {one["kind"] for one in whole} == {"message", "decision", "booking", "change", "approval", "send", "task"}
    assert [one["at"] for one in whole] == sorted(one["at"] for one in whole)
    seen: list[Any] = []
    cursor = None
    while True:
        page = await api.get(f"/api/leads/{lead}/timeline", limit=1, **({"cursor": cursor} if cursor else {}))
        seen += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == whole


async def test_runs_tell_the_why(api: Running) -> None:
    lead = await seed.add_lead(api)
    made = [await seed.add_run(api, lead, model="offline") for _ in range(3)]
    page = await api.get(f"/api/leads/{lead}/runs", limit=2)
    rest = await api.get(f"/api/leads/{lead}/runs", cursor=page["next_cursor"])
    listed = [*page["items"], *rest["items"]]
    assert sorted(one["id"] for one in listed) == sorted(made)
    one = await api.get(f"/api/leads/{lead}/runs/{made[0]}")
    assert one in listed
    assert {"events", "intent", "route", "model", "outcome", "started_at"} <= set(one)


async def test_messages_come_in_order_page_by_page(api: Running) -> None:
    integration = (await api.connect("whatsapp"))["id"]
    lead = await seed.add_lead(api)
    made = [await seed.add_outgoing(api, lead, integration) for _ in range(5)]
    page = await api.get(f"/api/leads/{lead}/messages", limit=3)
    rest = await api.get(f"/api/leads/{lead}/messages", limit=3, cursor=page["next_cursor"])
    assert [one["id"] for one in (*page["items"], *rest["items"])] == made
    assert rest["next_cursor"] is None
