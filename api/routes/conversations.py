"""The conversation with a lead: what was said and why, and people taking it, giving it back, and writing."""

from typing import Any

from fastapi import APIRouter, Response, status

from api.cursors import page_of, read_cursor, write_cursor
from api.dependencies import Actor, Id, PageDep, Reader, Services, ServicesDep
from api.idempotency import IdempotencyKey, OnceOnly
from api.once_route import OnceRoute
from api.protocol.answers import json_answer
from api.schemas import Fork, ParkedDecision, PersonMessage
from api.views import entry_view, message_view, run_view
from pipewise import handover, parked_messages, person_replies, quiet_outbox
from pipewise.audit import Act
from pipewise.errors import NotFound
from pipewise.events import OutboundMessage
from pipewise.lead_view import lead_as_dict
from pipewise.leads import Lead
from pipewise.storage import leads, messages, runs, timeline
from pipewise.storage.accounts import User
from pipewise.storage.types import derived_id, new_id

TAKEOVER_WAIT_SECONDS = 10.0

router = APIRouter(prefix="/api/leads/{lead_id}", tags=["conversations"], route_class=OnceRoute)


@router.get("/messages")
async def list_messages(user: Reader, services: ServicesDep, lead_id: Id, page: PageDep) -> dict[str, Any]:
    """Oldest first."""
    after = read_cursor("messages", page.cursor)[0] if page.cursor else 0
    async with services.resources.database.read() as connection:
        await leads.get_lead(connection, user.account_id, lead_id)
        found = await messages.list_messages(
            connection, user.account_id, lead_id, limit=page.limit + 1, after_seq=after
        )
    return page_of(page, found, message_view, lambda message: write_cursor("messages", message.seq))


@router.get("/timeline")
async def list_timeline(user: Reader, services: ServicesDep, lead_id: Id, page: PageDep) -> dict[str, Any]:
    """Messages, decisions, bookings, changes, approvals, sends, tasks, and how the connections that carry them fared; oldest first."""
    position = read_cursor("timeline", page.cursor) if page.cursor else None
    async with services.resources.database.read() as connection:
        await leads.get_lead(connection, user.account_id, lead_id)
        found = await timeline.list_timeline(
            connection,
            user.account_id,
            lead_id,
            limit=page.limit + 1,
            position=(position[0], position[1], position[2]) if position else None,
        )
    return page_of(page, found, entry_view, lambda entry: write_cursor("timeline", *entry.position))


@router.get("/runs")
async def list_runs(user: Reader, services: ServicesDep, lead_id: Id, page: PageDep) -> dict[str, Any]:
    """One item per turn, oldest first: what the agent knew, decided and did."""
    position = read_cursor("runs", page.cursor) if page.cursor else None
    async with services.resources.database.read() as connection:
        await leads.get_lead(connection, user.account_id, lead_id)
        found = await runs.list_runs(
            connection,
            user.account_id,
            lead_id,
            limit=page.limit + 1,
            position=(position[0], position[1]) if position else None,
        )
    return page_of(page, found, run_view, lambda run: write_cursor("runs", run.started_at, run.id))


@router.get("/runs/{run_id}")
async def get_run(user: Reader, services: ServicesDep, lead_id: Id, run_id: Id) -> dict[str, Any]:
    async with services.resources.database.read() as connection:
        return run_view(await runs.get_run(connection, user.account_id, lead_id, run_id))


@router.post("/runs/{run_id}/fork")
async def fork_run(user: Actor, services: ServicesDep, lead_id: Id, run_id: Id, body: Fork) -> Response:
    """The turn once more with other prompts, facts, free times or models, beside what happened. Nothing is sent or booked."""
    return json_answer(await services.application.fork(user.account_id, lead_id, run_id, body.to_changes()))


@router.post("/takeover")
async def take_over(user: Actor, services: ServicesDep, lead_id: Id) -> dict[str, Any]:
    """The caller takes the conversation. Once this has answered, no message of the agent leaves any more."""
    resources = services.resources
    async with resources.database.write() as connection:
        lead = await leads.get_lead(connection, user.account_id, lead_id)
        # Also for who owns the lead already, after a hand-off: what waits for its next try must not follow.
        await handover.take_over(connection, lead, by=user.email, reason="took the conversation", now=services.now())
        await services.record(connection, user, Act.LEAD_TAKEN_OVER, f"lead:{lead_id}")
    await quiet_outbox.wait_until_quiet(
        resources.database, resources.clock, user.account_id, lead_id, TAKEOVER_WAIT_SECONDS
    )
    async with resources.database.write() as connection:
        # A send that was under way may have been refused for now, and waits again.
        await handover.silence(connection, await leads.get_lead(connection, user.account_id, lead_id))
    return lead_as_dict(await _read(services, user, lead_id))


@router.post("/release")
async def release(user: Actor, services: ServicesDep, lead_id: Id) -> dict[str, Any]:
    """The agent answers this lead again."""
    async with services.resources.database.write() as connection:
        lead = await leads.get_lead(connection, user.account_id, lead_id)
        await handover.release(connection, lead, by=user.email, now=services.now())
        await services.record(connection, user, Act.LEAD_RELEASED, f"lead:{lead_id}")
    services.application.engine.wake(lead_id)
    return lead_as_dict(await _read(services, user, lead_id))


@router.post("/messages", status_code=status.HTTP_201_CREATED)
async def write_message(
    user: Actor, services: ServicesDep, lead_id: Id, body: PersonMessage, idempotency_key: IdempotencyKey = None
) -> dict[str, Any]:
    """A person writes to the lead, on the channel where the lead wrote last."""
    if idempotency_key is None:
        return await _queue(services, user, lead_id, body.text, new_id())
    route = f"POST /api/leads/{lead_id}/messages"
    message_id = derived_id("person", user.account_id, lead_id, idempotency_key)
    once = OnceOnly(services, user.account_id, route, idempotency_key, body.model_dump())
    answer, _ = await once.run(lambda: _queue(services, user, lead_id, body.text, message_id))
    return await _message(services, user, answer["id"])


async def _queue(services: Services, user: User, lead_id: str, text: str, message_id: str) -> dict[str, Any]:
    resources = services.resources
    lead = await _read(services, user, lead_id)
    async with resources.database.read() as connection:
        if await messages.message_exists(connection, user.account_id, message_id):
            return await _message(services, user, message_id)
    channel = await person_replies.find_channel(resources.database, resources.connections, lead)
    async with resources.database.write() as connection:
        queued = await person_replies.queue_reply(
            connection,
            lead_id,
            channel,
            OutboundMessage(text),
            message_id=message_id,
            author="human",
            now=services.now(),
            by_hand=True,
        )
        await services.record(connection, user, Act.MESSAGE_WRITTEN, f"message:{message_id}", lead=lead_id)
    services.application.engine.wake(lead_id)
    return message_view(queued)


@router.post("/messages/{message_id}")
async def decide_parked(
    user: Actor, services: ServicesDep, lead_id: Id, message_id: Id, body: ParkedDecision
) -> dict[str, Any]:
    """Decides about a message whose fate is unknown: send it once more, or leave it."""
    async with services.resources.database.write() as connection:
        message = await messages.get_message(connection, user.account_id, message_id)
        if message.lead_id != lead_id:
            raise NotFound("There is no such message.")
        if body.action == "resend":
            await parked_messages.resend(connection, message, services.now())
        else:
            await parked_messages.leave(connection, message, user.email)
        detail = {"decision": body.action, "lead": lead_id}
        await services.record(connection, user, Act.MESSAGE_DECIDED, f"message:{message_id}", **detail)
    services.application.engine.wake(lead_id)
    return await _message(services, user, message_id)


async def _message(services: Services, user: User, message_id: str) -> dict[str, Any]:
    async with services.resources.database.read() as connection:
        return message_view(await messages.get_message(connection, user.account_id, message_id))


async def _read(services: Services, user: User, lead_id: str) -> Lead:
    async with services.resources.database.read() as connection:
        return await leads.get_lead(connection, user.account_id, lead_id)
