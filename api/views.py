"""Rows as JSON: pure functions, one for each kind of object. Times are ISO 8601 with their zone; no secret passes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pipewise.audit_chain import Entry as AuditEntry
from pipewise.integrations import webhook_url
from pipewise.lead_view import format_time
from pipewise.platforms.base import Platform
from pipewise.storage.accounts import Token, User
from pipewise.storage.approvals import Approval
from pipewise.storage.events import StoredEvent
from pipewise.storage.integrations import Integration
from pipewise.storage.meetings import MeetingRow
from pipewise.storage.messages import Message
from pipewise.storage.runs import Run
from pipewise.storage.tasks import Task
from pipewise.storage.timeline import Entry
from pipewise.storage.usage import UsageRow, UsageTotal

MICROUSD = 1_000_000


def message_view(message: Message) -> dict[str, Any]:
    return {
        "id": message.id,
        "direction": message.direction,
        "platform": message.platform,
        "text": message.text,
        "author": message.author,
        "status": message.status,
        "external_id": message.external_id,
        "created_at": format_time(message.created_at),
    }


def run_view(run: Run) -> dict[str, Any]:
    return {
        **run.record,
        "id": run.id,
        "lead_id": run.lead_id,
        "trigger": run.trigger,
        "outcome": run.outcome,
        "started_at": format_time(run.started_at),
        "finished_at": format_time(run.finished_at),
    }


def entry_view(entry: Entry) -> dict[str, Any]:
    facts = {name: format_time(value) if isinstance(value, datetime) else value for name, value in entry.facts.items()}
    return {"id": entry.id, "at": format_time(entry.at), "kind": entry.kind, **facts}


def meeting_view(meeting: MeetingRow) -> dict[str, Any]:
    """Without the links that cancel or move it: they act without a login."""
    return {
        "id": meeting.id,
        "lead_id": meeting.lead_id,
        "start_time": format_time(meeting.start_time),
        "end_time": format_time(meeting.end_time),
        "timezone": meeting.timezone,
        "status": meeting.status,
        "invitee": dict(meeting.invitee),
        "join_url": meeting.join_url,
        "title": meeting.title,
        "event_type": meeting.event_type,
        "source": meeting.source,
        "version": meeting.version,
        "history": [dict(former) for former in meeting.history],
        "created_at": format_time(meeting.created_at),
        "updated_at": format_time(meeting.updated_at),
    }


def approval_view(approval: Approval) -> dict[str, Any]:
    return {
        "id": approval.id,
        "lead_id": approval.lead_id,
        "text": approval.text,
        "status": approval.status,
        "run_id": approval.run_id,
        "decided_by": approval.decided_by,
        "decided_at": format_time(approval.decided_at),
        "created_at": format_time(approval.created_at),
    }


def task_view(task: Task) -> dict[str, Any]:
    return {
        "id": task.id,
        "lead_id": task.lead_id,
        "kind": task.kind,
        "title": task.title,
        "detail": task.detail,
        "owner": task.owner,
        "status": task.status,
        "due_at": format_time(task.due_at),
        "created_at": format_time(task.created_at),
        "updated_at": format_time(task.updated_at),
    }


def event_view(event: StoredEvent) -> dict[str, Any]:
    return {
        "id": event.id,
        "platform": event.platform,
        "kind": str(event.kind),
        "status": event.status,
        "reason": event.reason,
        "lead_id": event.lead_id,
        "integration_id": event.integration_id,
        "external_id": event.dedupe_key,
        "content": dict(event.content),
        "attempts": event.attempts,
        "run_id": event.run_id,
        "occurred_at": format_time(event.occurred_at),
        "received_at": format_time(event.received_at),
        "not_before": format_time(event.not_before),
        "processed_at": format_time(event.processed_at),
    }


def usage_view(row: UsageRow) -> dict[str, Any]:
    """An account has the id of its first user."""
    return {
        "user_id": row.account_id,
        "platform": row.platform,
        "action": row.action,
        "timestamp": format_time(row.created_at),
        "success": row.success,
        "response_time_ms": row.response_time_ms,
    }


def usage_totals_view(totals: list[UsageTotal]) -> dict[str, Any]:
    count = sum(total.count for total in totals)
    succeeded = sum(total.succeeded for total in totals)
    return {
        "count": count,
        "succeeded": succeeded,
        "failed": count - succeeded,
        "average_response_time_ms": _average(sum(total.response_time_ms for total in totals), count),
        "cost_usd": sum(total.cost_microusd for total in totals) / MICROUSD,
        "by_action": [
            {
                "platform": total.platform,
                "action": total.action,
                "count": total.count,
                "succeeded": total.succeeded,
                "failed": total.count - total.succeeded,
                "average_response_time_ms": _average(total.response_time_ms, total.count),
                "cost_usd": total.cost_microusd / MICROUSD,
            }
            for total in totals
        ],
    }


def _average(total: int, count: int) -> float | None:
    return round(total / count, 1) if count else None


def platform_view(platform: Platform) -> dict[str, Any]:
    return {
        "name": platform.name,
        "title": platform.title,
        "receives": list(platform.receives),
        "sends": platform.sends,
        "schedules": platform.schedules,
        "credentials": platform.credentials.model_json_schema(),
        "settings": platform.settings.model_json_schema(),
    }


def integration_view(integration: Integration, stats: Mapping[str, int], public_url: str) -> dict[str, Any]:
    return {
        "id": integration.id,
        "platform": integration.platform,
        "name": integration.name,
        "status": str(integration.status),
        "webhook_url": webhook_url(public_url, integration),
        "settings": dict(integration.settings),
        "stats": dict(stats),
        "credentials": dict(integration.hints),
        "last_error": dict(integration.last_error) if integration.last_error else None,
        "created_at": format_time(integration.created_at),
        "updated_at": format_time(integration.updated_at),
    }


def user_view(user: User) -> dict[str, Any]:
    return {"id": user.id, "email": user.email, "role": str(user.role), "account_id": user.account_id}


def token_view(token: Token, email: str) -> dict[str, Any]:
    return {
        "id": token.id,
        "user_id": token.user_id,
        "email": email,
        "name": token.name,
        "token": f"…{token.hint}",
        "scope": token.scope and str(token.scope),
        "expires_at": format_time(token.expires_at),
        "created_at": format_time(token.created_at),
        "last_used_at": format_time(token.last_used_at),
        "revoked_at": format_time(token.revoked_at),
    }


def audit_view(entry: AuditEntry) -> dict[str, Any]:
    return {
        "seq": entry.seq,
        "created_at": format_time(entry.created_at),
        "actor": entry.actor,
        "action": entry.action,
        "object": entry.object,
        "detail": dict(entry.detail),
        "hash": entry.mac,
    }
