"""Meetings asked for outside a conversation: by the API, or by Python code that embeds PipeWise."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipewise.desk_builder import DeskBuilder
from pipewise.errors import InvalidInput
from pipewise.events import Sender
from pipewise.leads import Lead, Status
from pipewise.new_tasks import add_task
from pipewise.resources import Resources
from pipewise.scheduling_desk import Memory, SchedulingDesk
from pipewise.storage import integrations as integration_rows
from pipewise.storage import leads, usage
from pipewise.storage.types import new_id
from pipewise.turns import NewTask


@dataclass(frozen=True)
class ScheduleRequest:
    """`lead_id` of a known lead, or `lead` {name?, email?, phone?, company?}. `event_type` a URI; `preferences` free words."""

    lead_id: str | None = None
    lead: Mapping[str, Any] | None = None
    event_type: str | None = None
    preferences: str | None = None


async def schedule_meeting(
    resources: Resources, desks: DeskBuilder, account_id: str, request: ScheduleRequest
) -> dict[str, Any]:
    """A single-use link for the lead, or the honest fallback.

    {success, meeting_url, mode, fallback, expires_at, lead_id} or, when nothing could be given, the structured error.
    """
    lead = await _find_lead(resources, account_id, request)
    run_id = new_id()
    desks.live_turns.begin(run_id)
    try:
        desk = await desks.open(
            account_id,
            lead.id,
            run_id,
            memory=Memory(),
            learned={},
            language=lead.language or "en",
            words=request.preferences or "",
            delivers=False,
        )
        outcome = await desk.create_link_for(request.event_type)
    finally:
        desks.live_turns.end(run_id)
        desks.close(run_id)
    await _record(resources, lead, desk, outcome)
    return read_outcome(outcome, lead.id)


def read_outcome(outcome: Mapping[str, Any], lead_id: str) -> dict[str, Any]:
    """An outcome in the shape of POST /api/meetings."""
    if outcome["kind"] == "fallback" and not outcome["url"]:
        return {**outcome["error"], "lead_id": lead_id}
    answer: dict[str, Any] = {
        "success": True,
        "meeting_url": outcome["url"],
        "mode": "link",
        "fallback": outcome["kind"] == "fallback",
        "expires_at": outcome.get("expires_at"),
        "lead_id": lead_id,
    }
    if outcome["kind"] == "fallback":
        told = outcome["error"]
        answer |= {name: told[name] for name in ("error", "code", "manual_action_required", "retry_after")}
        answer["fallback_available"] = True
    return answer


async def _find_lead(resources: Resources, account_id: str, request: ScheduleRequest) -> Lead:
    if request.lead_id:
        async with resources.database.read() as connection:
            return await leads.get_lead(connection, account_id, request.lead_id)
    given = request.lead or {}
    if not (given.get("email") or given.get("phone")):
        problem = {"field": "lead", "problem": "needs an email or a phone number"}
        raise InvalidInput(
            "Name the lead by `lead_id`, or by `lead` with an email or a phone number.", details=(problem,)
        )
    sender = Sender((), given.get("name"), given.get("email"), given.get("phone"), given.get("company"))
    async with resources.database.write() as connection:
        lead_id, _ = await leads.find_or_create(connection, account_id, sender, resources.clock.now())
        return await leads.get_lead(connection, account_id, lead_id)


async def _record(resources: Resources, lead: Lead, desk: SchedulingDesk, outcome: Mapping[str, Any]) -> None:
    """Status, statistics and usage follow in one transaction; a fallback becomes a task for a person."""
    now = resources.clock.now()
    async with resources.database.write() as connection:
        for record in desk.usage:
            await usage.add_usage(connection, lead.account_id, record, now)
        if desk.integration_id:
            for name, by in desk.counters.items():
                await integration_rows.count(connection, lead.account_id, desk.integration_id, name, by)
        if outcome["kind"] == "fallback":
            task = NewTask("scheduling_fallback", "A lead could not be given a link", outcome["error"]["error"])
            await add_task(connection, lead.account_id, lead, task, now)
            return
        reason = "was given a booking link"
        await leads.move_status(connection, lead, Status.MEETING_OFFERED, actor="agent", reason=reason, now=now)
