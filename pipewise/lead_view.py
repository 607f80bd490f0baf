"""A lead as the outside sees it."""

from datetime import datetime
from typing import Any

from pipewise.leads import Lead, Meeting


def lead_as_dict(lead: Lead) -> dict[str, Any]:
    """JSON of a lead: by the API, by the graph's output, in exports."""
    return {
        "id": lead.id,
        "name": lead.name,
        "email": lead.email,
        "phone": lead.phone,
        "company": lead.company,
        "status": str(lead.status),
        "owner": lead.owner,
        "score": lead.score,
        "qualified": lead.qualified,
        "timezone": lead.timezone,
        "language": lead.language,
        "tags": list(lead.tags),
        "identities": [
            {"platform": identity.platform, "external_id": identity.external_id} for identity in lead.identities
        ],
        "meeting": meeting_as_dict(lead.meeting) if lead.meeting else None,
        "agent": lead.agent,
        "opted_out": lead.opted_out,
        "created_at": format_time(lead.created_at),
        "updated_at": format_time(lead.updated_at),
        "last_inbound_at": format_time(lead.last_inbound_at),
        "last_outbound_at": format_time(lead.last_outbound_at),
    }


def meeting_as_dict(meeting: Meeting) -> dict[str, Any]:
    return {
        "id": meeting.id,
        "start_time": format_time(meeting.start_time),
        "end_time": format_time(meeting.end_time),
        "timezone": meeting.timezone,
        "status": meeting.status,
        "invitee": dict(meeting.invitee),
        "join_url": meeting.join_url,
    }


def format_time(at: datetime | None) -> str | None:
    return at.isoformat().replace("+00:00", "Z") if at else None
