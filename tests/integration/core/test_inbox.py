"""What a vendor delivers is accepted once, item by item, with its lead, in one transaction."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import OperationalError

from pipewise.events import EventKind, Identity, InboundEvent, ParsedDelivery, RejectedItem, Sender
from pipewise.inbox import Inbox
from pipewise.storage import leads as lead_rows
from pipewise.storage.conflict import insert_unless_there
from pipewise.storage.tables import events, identities, integration_stats, lanes, leads, messages
from pipewise.storage.types import new_id
from tests.fakes import NOON
from tests.integration.core.harness import ANA, Core


async def test_five_copies_at_once_are_one_event(core: Core) -> None:
    accepted = await asyncio.gather(*(core.deliver(core.message("hi")) for _ in range(5)))
    assert sorted(one.counts()["accepted"] for one in accepted) == [0, 0, 0, 0, 1]
    assert sum(one.duplicates for one in accepted) == 4
    assert await core.count(events) == await core.count(messages) == await core.count(leads) == 1
    assert len(core.woken) == 1


async def test_two_processes_accept_the_same_event_once(core: Core) -> None:
    """Without a shared group commit the unique key alone decides."""
    other = Inbox(type(core.commits)(core.database), core.vault, core.clock, core.inbox._crash, core.woken.append)
    copies = [ParsedDelivery((core.message("hi"),)) for _ in range(20)]
    accepted = await asyncio.gather(
        *(
            inbox.accept(core.account_id, core.whatsapp, "whatsapp", copy)
            for copy, inbox in zip(copies, [core.inbox, other] * 10, strict=True)
        )
    )
    assert sum(one.accepted for one in accepted) == 1
    assert await core.count(events) == await core.count(messages) == 1


async def test_one_bad_item_costs_only_itself(core: Core) -> None:
    rejected = RejectedItem("x", "no id", {"type": "text"})
    accepted = await core.deliver(core.message("one"), core.message("two"), rejected=(rejected,), ignored=2)
    assert accepted.counts() == {"accepted": 2, "duplicates": 0, "ignored": 2, "rejected": 1}
    assert await core.event_states() == ["accepted", "accepted", "dead_letter"]
    again = await core.deliver(core.message("one"), core.message("three"), rejected=(rejected,))
    assert again.counts() == {"accepted": 1, "duplicates": 2, "ignored": 0, "rejected": 0}


async def test_an_item_that_no_database_can_hold_becomes_a_dead_letter(core: Core) -> None:
    naive = replace(core.message("bad"), occurred_at=NOON.replace(tzinfo=None))
    accepted = await core.deliver(core.message("good"), naive, core.message("fine"))
    assert accepted.counts() == {"accepted": 2, "duplicates": 0, "ignored": 0, "rejected": 1}
    assert [row["reason"] for row in await core.rows(events, events.c.status == "dead_letter")] == [
        "could not be stored: StatementError"
    ]
    assert await core.count(messages) == 2
    assert accepted.leads == [accepted.lead_id] * 2


async def test_trouble_of_the_database_acknowledges_nothing(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: Any, **__: Any) -> None:
        raise OperationalError("UPDATE lanes", {}, Exception("the disk is full"))

    monkeypatch.setattr("pipewise.inbox.lanes.mark_due", fail)
    with pytest.raises(OperationalError):
        await core.deliver(core.message("hi"), core.message("there"))
    assert await core.count(events) == await core.count(leads) == 0
    assert core.woken == []


async def test_items_of_another_account_are_ignored(core: Core) -> None:
    foreign = replace(core.message("hi"), account_ref="999")
    assert (await core.deliver(foreign)).counts()["ignored"] == 1
    assert await core.count(events) == 0


async def test_fifty_first_messages_at_once_make_one_lead(core: Core) -> None:
    await asyncio.gather(*(core.deliver(core.message(f"hi {number}")) for number in range(50)))
    assert await core.count(leads) == 1
    assert await core.count(messages) == 50


async def test_two_transactions_meet_over_one_person(core: Core) -> None:
    """Each claims a key of its own first, then the telephone number that they share; both end at one lead."""
    by_form = Sender((Identity("email", "ana@silva.example"),), email="ana@silva.example", phone=f"+{ANA}")
    by_phone = Sender((Identity("whatsapp", ANA),), name="Ana", phone=f"+{ANA}")

    async def arrive(sender: Sender) -> str:
        async with core.database.write() as connection:
            lead_id, _ = await lead_rows.find_or_create(connection, core.account_id, sender, NOON)
            await asyncio.sleep(0.1)
        return lead_id

    found = await asyncio.gather(arrive(by_form), arrive(by_phone))
    assert len(set(found)) == 1
    lead = await core.lead(found[0])
    assert await core.count(leads) == 1
    assert {identity.platform for identity in lead.identities} == {"email", "phone", "whatsapp"}
    assert (lead.name, lead.email) == ("Ana", "ana@silva.example")


async def test_known_facts_are_not_overwritten(core: Core) -> None:
    lead_id = await core.hear("one")
    other = replace(core.message("two"), sender=Sender((Identity("whatsapp", ANA),), name="Anna", company="Silva Lda"))
    await core.deliver(other)
    lead = await core.lead(lead_id)
    assert (lead.name, lead.company, lead.phone) == ("Ana", "Silva Lda", f"+{ANA}")


async def test_a_late_redelivery_does_not_move_the_window_back(core: Core) -> None:
    lead_id = await core.hear("new", at=NOON)
    await core.hear("late", at=NOON - timedelta(hours=3))
    assert (await core.lead(lead_id)).last_inbound_at == NOON


async def test_events_count_in_the_vendors_order_then_arrival(core: Core) -> None:
    for text, seconds in (("third", 3), ("first", 1), ("second", 2), ("second again", 2)):
        lead_id = await core.hear(text, at=NOON + timedelta(seconds=seconds))
    await core.worker.run_lane(lead_id)
    assert core.messenger.texts == ["You said: first | second | second again | third"]


async def test_an_event_of_no_integration_is_stored_once_too(core: Core) -> None:
    """NULLs are no obstacle to each other in a unique key; the API's events have one of their own."""
    row = {
        "account_id": core.account_id,
        "platform": "api",
        "kind": EventKind.FORM,
        "dedupe_key": "api:1",
        "status": "accepted",
        "content": {},
        "occurred_at": NOON,
        "received_at": NOON,
    }

    async def store() -> None:
        async with core.database.write() as connection:
            await insert_unless_there(connection, events, {"id": new_id(), **row})

    await asyncio.gather(*(store() for _ in range(5)))
    assert await core.count(events) == 1
    form = InboundEvent(EventKind.FORM, "api:2", None, Sender((), email="x@y.example"), {"message": "hello"})
    results = await asyncio.gather(
        *(core.inbox.accept(core.account_id, None, "api", ParsedDelivery((form,))) for _ in range(5))
    )
    assert sum(one.accepted for one in results) == 1
    assert await core.count(leads) == 1


async def test_the_same_key_of_two_integrations_is_two_events(core: Core) -> None:
    await core.deliver(core.message("hi"))
    other = replace(core.whatsapp, id=new_id())
    async with core.database.write() as connection:
        await connection.execute(insert(leads.metadata.tables["integrations"]).values(**_as_row(other)))
    await core.inbox.accept(core.account_id, other, "whatsapp", ParsedDelivery((core.message("hi"),)))
    assert await core.count(events) == 2
    assert await core.count(leads) == 1


def _as_row(integration: Any) -> dict[str, Any]:
    return {name: getattr(integration, name) for name in integration.__dataclass_fields__}


async def test_accepting_counts_wakes_and_marks_the_lane_due(core: Core) -> None:
    lead_id = await core.hear("hi")
    assert [(row["name"], row["value"]) for row in await core.rows(integration_stats)] == [("messages_received", 1)]
    assert [(row["lead_id"], row["due_at"]) for row in await core.rows(lanes)] == [(lead_id, NOON)]
    assert core.woken == [lead_id]
    assert {(row["platform"], row["external_id"]) for row in await core.rows(identities)} == {
        ("phone", f"+{ANA}"),
        ("whatsapp", ANA),
    }


async def test_an_echo_of_a_stranger_and_a_notice_need_nobody(core: Core) -> None:
    echo = InboundEvent(
        EventKind.ECHO, "echo:1", NOON, Sender((Identity("whatsapp", "1"),)), {"text": "x"}, needs_turn=False
    )
    notice = InboundEvent(EventKind.NOTICE, "notice:1", NOON, None, {"topic": "quality", "detail": "low"})
    await core.deliver(echo, notice)
    assert await core.event_states() == ["processed", "processed"]
    assert await core.count(leads) == 0
