"""A follow-up becomes a message: queued, or shown to a person first; recorded as a run of its own, with the next step planned."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise import outbox
from pipewise.errors import NotFound
from pipewise.events import OutboundMessage
from pipewise.follow_up_plan import LATEST_REMINDER, FollowUpPolicy, Kind, zone_of
from pipewise.follow_up_words import DEFAULT_LANGUAGE, follow_up_text
from pipewise.follow_ups import About, plan_nudge
from pipewise.language.phrases import say
from pipewise.leads import Lead
from pipewise.nudge_offers import NudgeOffer, offering
from pipewise.reply_plan import AGENT, Channel
from pipewise.settings_document import read_settings
from pipewise.storage import approvals, usage
from pipewise.storage import follow_ups as rows
from pipewise.storage import integrations as integration_rows
from pipewise.storage import meetings as meeting_rows
from pipewise.storage.account_settings import read_document
from pipewise.storage.follow_ups import SHOWN, FollowUp
from pipewise.storage.meetings import MeetingRow
from pipewise.storage.runs import put_run
from pipewise.storage.types import derived_id
from pipewise.turns import UsageRecord

KEPT_WAITING = timedelta(hours=12)  # a message that could not leave by then would be out of place
COUNTER = "follow_ups_fired"


async def queue_follow_up(
    connection: AsyncConnection,
    lead: Lead,
    follow_up: FollowUp,
    policy: FollowUpPolicy,
    channel: Channel,
    now: datetime,
    offer: NudgeOffer | None = None,
) -> None:
    """`offer`: times that are free now, for a nudge that repeats them."""
    meeting = await _meeting_of(connection, follow_up)
    language, zone = lead.language or DEFAULT_LANGUAGE, zone_of(lead, policy)
    text = follow_up_text(follow_up, policy, language=language, zone=zone, meeting=meeting)
    message = offering(text, offer, channel.template, language=language, zone=zone)
    if lead.last_outbound_at is None:
        settings = read_settings(await read_document(connection, lead.account_id))
        company = settings.company or say("company_default", language)
        message = replace(message, text=f"{message.text}\n\n{say('disclosure', language, company=company)}")
    if message.choices and offer:
        follow_up = replace(follow_up, basis={**follow_up.basis, "offered": offer.remembered(), SHOWN: True})
        await rows.rebase(connection, follow_up, follow_up.basis)
    run_id = derived_id("run", follow_up.id, follow_up.due_at.isoformat())
    message_id = derived_id(run_id, 0)
    if channel.reply_mode == "approve":
        await _ask_approval(connection, lead, message, channel, run_id, now, follow_up)
    else:
        await outbox.queue(
            connection, lead.account_id, lead.id, _draft(follow_up, message, channel, run_id, meeting, now), now
        )
    why = "a draft waits for approval" if channel.reply_mode == "approve" else "sent"
    await rows.end(connection, follow_up, rows.FIRED, why, now, message_id=message_id)
    await _record(connection, lead, follow_up, channel, message.text, run_id, now)
    if follow_up.kind is Kind.NUDGE:
        await _plan_next(connection, lead, follow_up, message_id, now)


def _draft(
    follow_up: FollowUp,
    message: OutboundMessage,
    channel: Channel,
    run_id: str,
    meeting: MeetingRow | None,
    now: datetime,
) -> outbox.Draft:
    expires_at = now + KEPT_WAITING
    if message.choices:
        expires_at = min(expires_at, datetime.fromisoformat(follow_up.basis["offered"][0]["start"]))
    if follow_up.kind is Kind.REMINDER and meeting:
        expires_at = min(expires_at, meeting.start_time - LATEST_REMINDER)
    return outbox.Draft(
        message_id=derived_id(run_id, 0),
        message=message,
        integration_id=channel.integration_id,
        platform=channel.platform,
        recipient=channel.recipient,
        author=AGENT,
        proactive=True,
        run_id=run_id,
        expires_at=expires_at,
    )


async def _ask_approval(
    connection: AsyncConnection,
    lead: Lead,
    message: OutboundMessage,
    channel: Channel,
    run_id: str,
    now: datetime,
    follow_up: FollowUp,
) -> None:
    payload: dict[str, Any] = {"message": message.as_dict(), "integration_id": channel.integration_id}
    if message.choices:
        payload["offered"] = list(follow_up.basis["offered"])
    await approvals.put_draft(connection, lead, run_id=run_id, text=message.text, payload=payload, now=now)


async def _record(
    connection: AsyncConnection,
    lead: Lead,
    follow_up: FollowUp,
    channel: Channel,
    text: str,
    run_id: str,
    now: datetime,
) -> None:
    """The *why*, in the shape of a turn's. It asks no model and no vendor, so there is nothing in it to replay."""
    action = {"type": "follow_up", "kind": follow_up.kind, "step": follow_up.step, "reason": follow_up.reason}
    intent = {"label": "follow_up", "confidence": 1.0, "evidence": "", "runner_up": None, "by": "timer"}
    record: dict[str, Any] = {
        "events": [],
        "intent": intent,
        "intents": [intent],
        "route": "follow_up",
        "tool_calls": [],
        "actions": [action],
        "models": [],
        "model": "rules",
        "cost_usd": 0.0,
        "reply": text,
        "result": {},
        "error": None,
        "checks": [],
        "success": True,
        "versions": {},
        "steps": [],
        "follow_up_id": follow_up.id,
    }
    row = {"trigger": "timer", "outcome": "committed", "record": record, "started_at": now, "finished_at": now}
    await put_run(
        connection, {"id": run_id, "account_id": lead.account_id, "lead_id": lead.id, "checkpoint_id": None} | row
    )
    told = UsageRecord(channel.platform, f"follow_up_{follow_up.kind}", success=True, response_time_ms=0)
    await usage.add_usage(connection, lead.account_id, told, now)
    await integration_rows.count(connection, lead.account_id, channel.integration_id, COUNTER)


async def _plan_next(
    connection: AsyncConnection, lead: Lead, follow_up: FollowUp, message_id: str, now: datetime
) -> None:
    about, step = About(str(follow_up.basis["about"]), follow_up.basis.get("offered", ())), follow_up.step + 1
    basis_key = follow_up.basis_key
    await plan_nudge(connection, lead, message_id=message_id, run_id=basis_key, about=about, now=now, step=step)


async def _meeting_of(connection: AsyncConnection, follow_up: FollowUp) -> MeetingRow | None:
    meeting_id = follow_up.basis.get("meeting_id")
    if meeting_id is None:
        return None
    try:
        return await meeting_rows.get_meeting(connection, follow_up.account_id, meeting_id)
    except NotFound:
        return None
