"""What a turn proposes becomes true only as far as the rules allow."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from pipewise.channels import choose_channel
from pipewise.events import EventKind, InboundEvent, ParsedDelivery, Sender
from pipewise.leads import Status
from pipewise.platforms.base import TemplateRef
from pipewise.platforms.whatsapp import PLATFORM
from pipewise.storage import leads as lead_rows
from pipewise.storage.tables import approvals, integrations, lead_changes, leads, messages, outbox, tasks
from pipewise.turn_commit import commit_turn
from pipewise.turns import TurnRequest, TurnResult
from tests.fakes import NOON
from tests.fakes_vendors import not_sent
from tests.integration.core.harness import ANA, Core, reply


async def answer_with(core: Core, result: TurnResult, text: str) -> str:
    async def answer(_: TurnRequest) -> TurnResult:
        return result

    core.turns.answer = answer
    lead_id = await core.hear(text)
    await core.worker.run_lane(lead_id)
    return lead_id


async def set_lead(core: Core, lead_id: str, **values: Any) -> None:
    async with core.database.write() as connection:
        await connection.execute(update(leads).where(leads.c.id == lead_id).values(values))


STOP = reply("You will hear no more.", opt_out=True, even_if_paused=True)
START = reply("Welcome back.", opt_out=False, even_if_paused=True)


async def test_stop_cancels_what_waits_and_is_confirmed(core: Core) -> None:
    core.messenger.outcomes = [not_sent()]
    lead_id = await answer_with(core, reply("An offer."), "hi")
    assert await core.outbox_states() == ["pending"]
    core.clock.advance(10)
    await answer_with(core, STOP, "STOP")
    assert core.messenger.texts == ["You will hear no more."]
    assert await core.sent_statuses() == ["canceled", "sent"]
    lead = await core.lead(lead_id)
    assert (lead.status, lead.opted_out, lead.status_before_opt_out) == (Status.OPTED_OUT, True, Status.NEW)


async def test_start_restores_what_stood_before(core: Core) -> None:
    lead_id = await answer_with(core, reply("Hello!", status=Status.CONTACTED), "hi")
    await answer_with(core, STOP, "STOP")
    await answer_with(core, START, "START")
    lead = await core.lead(lead_id)
    assert (lead.status, lead.opted_out, lead.status_before_opt_out) == (Status.CONTACTED, False, None)
    changes = [
        (row["before"], row["after"], row["actor"])
        for row in await core.rows(lead_changes, lead_changes.c.kind == "status")
    ]
    assert changes[1:] == [("contacted", "opted_out", "lead"), ("opted_out", "contacted", "lead")]
    assert lead.ownership_version == 2


async def test_start_does_not_undo_a_booking_made_meanwhile(core: Core) -> None:
    lead_id = await answer_with(core, STOP, "STOP")
    async with core.database.write() as connection:
        lead = await lead_rows.get_lead(connection, core.account_id, lead_id)
        proof = {"actor": "calendly", "reason": "booked", "now": NOON, "vendor_proof": True}
        assert await lead_rows.move_status(connection, lead, Status.MEETING_SCHEDULED, **proof)  # type: ignore[arg-type]
    await answer_with(core, START, "START")
    lead = await core.lead(lead_id)
    assert (lead.status, lead.opted_out) == (Status.MEETING_SCHEDULED, False)


async def test_a_step_that_the_machine_forbids_is_left_out(core: Core) -> None:
    lead_id = await answer_with(core, reply("Hello!", status=Status.MEETING_HELD), "hi")
    assert (await core.lead(lead_id)).status is Status.NEW
    assert core.messenger.texts == ["Hello!"]
    assert await core.count(lead_changes) == 0


async def test_asking_for_a_person_pauses_the_agent_and_still_says_so(core: Core) -> None:
    result = reply("A colleague will write.", status=Status.HANDED_OFF, pause_agent=True, even_if_paused=True)
    lead_id = await answer_with(core, result, "a human please")
    lead = await core.lead(lead_id)
    assert (lead.status, lead.agent, lead.owner) == (Status.HANDED_OFF, "paused", "owner@shop.example")
    assert core.messenger.texts == ["A colleague will write."]


async def reply_mode(core: Core, mode: str, **templates: Any) -> None:
    settings = PLATFORM.settings.model_validate({"reply_mode": mode, "templates": templates})
    async with core.database.write() as connection:
        values = {"settings": settings.model_dump(mode="json", exclude_none=True)}
        await connection.execute(update(integrations).values(values))


async def test_drafts_wait_for_a_person_where_the_owner_wants_it(core: Core) -> None:
    await reply_mode(core, "approve")
    lead_id = await answer_with(core, reply("Hello!"), "hi")
    assert core.messenger.tries == []
    (draft,) = await core.rows(approvals)
    assert (draft["lead_id"], draft["text"], draft["status"]) == (lead_id, "Hello!", "pending")
    assert await core.event_states() == ["processed"]


async def test_where_replies_are_off_a_person_is_told(core: Core) -> None:
    await reply_mode(core, "off")
    await answer_with(core, reply("Hello!"), "hi")
    assert await core.count(outbox) == 0
    assert [row["kind"] for row in await core.rows(tasks)] == ["reply"]


def form(consent: bool) -> InboundEvent:
    sender = Sender((), name="Ana", email="ana@silva.example", phone=f"+{ANA}")
    return InboundEvent(EventKind.FORM, "form:1", NOON, sender, {"message": "Call me", "consent": consent})


@pytest.mark.parametrize(("consent", "template"), [(True, True), (False, True), (True, False)])
async def test_a_lead_by_form_is_written_to_only_by_template_and_with_consent(
    core: Core, consent: bool, template: bool
) -> None:
    if template:
        first = TemplateRef(name="hello", language="pt_PT").model_dump()
        await reply_mode(core, "auto", first_contact=first)

    async def answer(_: TurnRequest) -> TurnResult:
        return reply("Hello Ana!")

    core.turns.answer = answer
    delivered = await core.inbox.accept(core.account_id, None, "form", ParsedDelivery((form(consent),)))
    assert delivered.lead_id
    await core.worker.run_lane(delivered.lead_id)
    if consent and template:
        (sent,) = core.messenger.taken
        assert sent.to == ANA
        assert sent.message.template
        assert sent.message.template.name == "hello"
        assert await core.count(tasks) == 0
    else:
        assert core.messenger.tries == []
        (task,) = await core.rows(tasks)
        assert (task["kind"], task["owner"], task["detail"]) == ("unreachable", "owner@shop.example", "Hello Ana!")


async def test_a_run_without_effects_sends_nothing(core: Core) -> None:
    lead_id = await answer_with(core, reply("Hello!"), "hi")
    request = replace(core.turns.requests[0], run_id="00000000-0000-0000-0000-00000000000a", effects=False)
    channel = await choose_channel(core.connections, await core.lead(lead_id), request.events, NOON)
    assert channel
    async with core.database.write() as connection:
        await commit_turn(connection, request, reply("Preview."), None, channel, started_at=NOON, now=NOON)
    await core.worker.run_lane(lead_id)
    assert core.messenger.texts == ["Hello!"]
    assert await core.count(messages) == 2


async def test_a_reply_that_waits_past_the_window_is_not_sent(core: Core) -> None:
    core.messenger.outcomes = [not_sent()]
    lead_id = await answer_with(core, reply("Hello!"), "hi")
    core.clock.advance(hours=24)
    await core.worker.run_lane(lead_id)
    assert await core.sent_statuses() == ["failed"]
    assert [row["kind"] for row in await core.rows(tasks)] == ["window_closed"]
    assert (await core.lead(lead_id)).last_inbound_at == NOON
    assert core.clock.now() == NOON + timedelta(hours=24)
