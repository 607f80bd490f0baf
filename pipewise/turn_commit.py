"""The transaction that ends a turn: events done, lead changed, reply queued, run recorded, checkpoint pointed at."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise import caps, follow_ups, outbox
from pipewise.assignment import assign
from pipewise.budget import BUDGET_REACHED, Spent, note_spending
from pipewise.events import OutboundMessage
from pipewise.journal_codec import digest
from pipewise.leads import Lead, Status, steps_to
from pipewise.new_tasks import add_task
from pipewise.reply_plan import AGENT, Channel, ReplyPlan, plan_reply
from pipewise.settings_document import read_settings
from pipewise.storage import approvals, lanes
from pipewise.storage import events as event_rows
from pipewise.storage import integrations as integration_rows
from pipewise.storage import journal as journal_rows
from pipewise.storage import leads as lead_rows
from pipewise.storage.account_settings import read_document
from pipewise.storage.lanes import Lease
from pipewise.storage.learned_keys import claim_learned
from pipewise.storage.runs import put_run
from pipewise.storage.statements import insert_rows
from pipewise.storage.tables import usage
from pipewise.turn_watch import find_reason
from pipewise.turns import TurnRequest, TurnResult

HAND_OFF = "human_request"


async def commit_turn(
    connection: AsyncConnection,
    request: TurnRequest,
    result: TurnResult,
    lease: Lease | None,
    channel: Channel | None,
    *,
    started_at: datetime,
    now: datetime,
) -> None:
    """Raises LeaseLost or Superseded, and then nothing of the turn is kept."""
    # The lead's row is locked before its lane's, as accepting a message does: no two of us wait for each other.
    lead = await lead_rows.lock_lead(connection, request.account_id, request.lead.id)
    if lease:
        await lanes.check(connection, lease)
        reason = await find_reason(connection, request, lead.ownership_version)
        if reason:
            raise reason
    ids = [event.id for event in request.events]
    await event_rows.mark_events(connection, request.account_id, ids, "processed", now=now, run_id=request.run_id)
    await _change_lead(connection, request, result, lead, now)
    plan = plan_reply(request.run_id, result, channel, effects=request.effects)
    leaving = await _queue_reply(connection, request, result, plan, channel, now)
    await follow_ups.note_turn(connection, request, result, lead, now, message_id=leaving)
    await _record(connection, request, result, started_at, now)
    if result.journal:
        outbound = {"channel": channel.as_dict() if channel else None, "reply": digest(plan.as_dict())}
        if result.journal.has_segments:
            await journal_rows.drop_segments(connection, request.account_id, request.run_id)
        await journal_rows.put_turn(connection, result.journal.row(outbound, now))


async def record_outcome(
    connection: AsyncConnection,
    request: TurnRequest,
    outcome: str,
    record: Mapping[str, Any],
    *,
    started_at: datetime,
    now: datetime,
) -> None:
    """A run that committed nothing is recorded all the same."""
    await _put_run(connection, request, outcome, record, started_at=started_at, now=now)
    # The next try is another turn, with other events, another owner or one more failure behind it.
    await journal_rows.drop_segments(connection, request.account_id, request.run_id)


async def _put_run(
    connection: AsyncConnection,
    request: TurnRequest,
    outcome: str,
    record: Mapping[str, Any],
    *,
    started_at: datetime,
    now: datetime,
    checkpoint_id: str | None = None,
) -> None:
    row = {
        "id": request.run_id,
        "account_id": request.account_id,
        "lead_id": request.lead.id,
        "trigger": request.trigger,
        "outcome": outcome,
        "record": {"events": [event.id for event in request.events], **record},
        "checkpoint_id": checkpoint_id,
        "started_at": started_at,
        "finished_at": now,
    }
    await put_run(connection, row)


async def _change_lead(
    connection: AsyncConnection, request: TurnRequest, result: TurnResult, lead: Lead, now: datetime
) -> None:
    values: dict[str, Any] = dict(result.lead_values)
    if result.checkpoint_id:
        values["checkpoint_id"] = result.checkpoint_id
    trace: dict[str, Any] = {
        "event_id": request.events[-1].id if request.events else None,
        "run_id": request.run_id,
        "now": now,
    }
    if lead.owner:  # somebody took the lead meanwhile
        values.pop("owner", None)
    elif values.get("owner"):
        await _record_owner(connection, lead, values["owner"], result.owner_reason, trace)
    if result.opt_out is not None and result.opt_out != lead.opted_out:
        values |= await _change_opt_out(connection, lead, trace, opt_out=result.opt_out)
    elif result.status is not None:
        # A booking may have moved the lead on meanwhile; the machine decides from where it stands now.
        standing = lead
        for step in steps_to(lead.status, result.status):
            reason = result.status_reason
            await lead_rows.move_status(connection, standing, step, actor=AGENT, reason=reason, **trace)
            standing = replace(standing, status=step)
    if result.pause_agent and lead.agent != "paused":
        values |= await _pause(connection, replace(lead, owner=lead.owner or values.get("owner")), trace)
    if values:
        await lead_rows.update_lead(connection, request.account_id, lead.id, values, now)
    if "email" in values or "phone" in values:
        await claim_learned(connection, lead, values, now)


async def _change_opt_out(
    connection: AsyncConnection, lead: Lead, trace: Mapping[str, Any], *, opt_out: bool
) -> dict[str, Any]:
    version = lead.ownership_version + 1
    if opt_out:
        await lead_rows.move_status(
            connection, lead, Status.OPTED_OUT, actor="lead", reason="asked to receive nothing more", **trace
        )
        await outbox.cancel_queued(connection, lead, "the lead opted out")
        return {"ownership_version": version, "opted_out": True}
    if lead.status is not Status.OPTED_OUT:  # a booking, or a person, moved the lead on meanwhile
        return {"ownership_version": version, "opted_out": False, "status_before_opt_out": None}
    restored = lead.status_before_opt_out or Status.CONTACTED
    await lead_rows.record_change(
        connection, lead, "status", lead.status, restored, actor="lead", reason="asked to be contacted again", **trace
    )
    return {"ownership_version": version, "opted_out": False, "status": restored, "status_before_opt_out": None}


async def _pause(connection: AsyncConnection, lead: Lead, trace: Mapping[str, Any]) -> dict[str, Any]:
    settings = read_settings(await read_document(connection, lead.account_id))
    assigned = await assign(connection, lead.account_id, lead, settings)
    await lead_rows.record_change(
        connection, lead, "agent", lead.agent, "paused", actor="lead", reason="asked for a person", **trace
    )
    await _record_owner(connection, lead, assigned.email, assigned.reason, trace)
    return {"agent": "paused", "owner": assigned.email, "ownership_version": lead.ownership_version + 1}


async def _record_owner(
    connection: AsyncConnection, lead: Lead, owner: str | None, reason: str, trace: Mapping[str, Any]
) -> None:
    if owner and owner != lead.owner:
        await lead_rows.record_change(connection, lead, "owner", lead.owner, owner, actor=AGENT, reason=reason, **trace)


async def _queue_reply(
    connection: AsyncConnection,
    request: TurnRequest,
    result: TurnResult,
    plan: ReplyPlan,
    channel: Channel | None,
    now: datetime,
) -> str | None:
    """The id of the agent's message that leaves by itself."""
    for task in (*result.tasks, *([plan.task] if plan.task else [])):
        task_id, due_at = await add_task(connection, request.account_id, request.lead, task, now)
        if task.kind == HAND_OFF:
            await follow_ups.plan_alert(connection, request.lead, task_id, due_at, now)
    if plan.approval and channel:
        await _ask_approval(connection, request, plan.approval, channel, result, now)
    if plan.draft and await _queue_within_cap(connection, request, plan.draft, result.message_cap, now):
        return plan.draft.message_id if plan.draft.author == AGENT else None
    return None


async def _queue_within_cap(
    connection: AsyncConnection, request: TurnRequest, draft: outbox.Draft, cap: int | None, now: datetime
) -> bool:
    """Beyond the day's cap nothing more is queued, and one task tells the owner."""
    lead = request.lead
    if cap is None or draft.author != AGENT or await caps.may_send(connection, lead, cap, now):
        await outbox.queue(connection, request.account_id, lead.id, draft, now)
        return True
    task = await caps.messages_task(connection, lead, draft.message.text, now)
    if task:
        await add_task(connection, request.account_id, lead, task, now)
    return False


async def _ask_approval(
    connection: AsyncConnection,
    request: TurnRequest,
    message: OutboundMessage,
    channel: Channel,
    result: TurnResult,
    now: datetime,
) -> None:
    await approvals.supersede(connection, request.lead, now)
    payload: dict[str, Any] = {
        "message": message.as_dict(),
        "integration_id": channel.integration_id,
        "recipient": channel.recipient,
        "awaits": result.awaits,
        "offered": [dict(slot) for slot in result.offered],
    }
    await approvals.put_draft(
        connection, request.lead, run_id=request.run_id, text=message.text, payload=payload, now=now
    )


async def _record(
    connection: AsyncConnection, request: TurnRequest, result: TurnResult, started_at: datetime, now: datetime
) -> None:
    record = {**result.record, "steps": result.journal.summary if result.journal else []}
    checkpoint_id = result.checkpoint_id
    await _put_run(
        connection, request, "committed", record, started_at=started_at, now=now, checkpoint_id=checkpoint_id
    )
    if result.usage:
        await insert_rows(
            connection,
            usage,
            [
                {
                    "account_id": request.account_id,
                    "platform": record.platform,
                    "action": record.action,
                    "success": record.success,
                    "response_time_ms": record.response_time_ms,
                    "cost_microusd": record.cost_microusd,
                    "created_at": now,
                }
                for record in result.usage
            ],
        )
        models = [record for record in result.usage if record.platform == "model"]
        spent = Spent(sum(one.tokens for one in models), sum(one.cost_microusd for one in models))
        await note_spending(connection, request.account_id, request.lead.id, spent, now.date())
        await _tell_of_spending(connection, request, result, now)
    if result.scheduling_integration:
        for name, by in result.counters.items():
            await integration_rows.count(connection, request.account_id, result.scheduling_integration, name, by)


async def _tell_of_spending(
    connection: AsyncConnection, request: TurnRequest, result: TurnResult, now: datetime
) -> None:
    """Once a day: a model was not asked, for there is no money left for it."""
    if all(row.get("reason") != BUDGET_REACHED for row in result.record.get("models", ())):
        return
    task = await caps.models_task(connection, request.account_id, now)
    if task:
        await add_task(connection, request.account_id, None, task, now)
