"""Every route of the application with what it demands: kept complete by a test, and driven by the tests of rights and tenants."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI

OPEN, SIGNED = "open", "signed"  # no token: anybody, or a vendor's signature
READ, ACT, MANAGE = "viewer", "operator", "admin"  # the least role that may
NO_ID = "00000000-0000-4000-8000-000000000000"


@dataclass(frozen=True)
class Demand:
    """`body` is one that passes validation; ids in the path are filled in by the test."""

    least: str
    body: Any = None


ROUTES: dict[tuple[str, str], Demand] = {
    ("GET", "/healthz"): Demand(OPEN),
    ("GET", "/readyz"): Demand(OPEN),
    ("GET", "/metrics"): Demand(READ),
    ("POST", "/runs/wait"): Demand(ACT, {"assistant_id": "pipewise", "input": {"event": {}}}),
    ("POST", "/webhooks/{platform}"): Demand(SIGNED),
    ("GET", "/webhooks/{platform}"): Demand(SIGNED),
    ("POST", "/webhooks/{platform}/{integration_id}"): Demand(SIGNED),
    ("GET", "/webhooks/{platform}/{integration_id}"): Demand(SIGNED),
    ("GET", "/api/integrations/platforms"): Demand(READ),
    ("GET", "/api/integrations/health"): Demand(READ),
    ("GET", "/api/integrations/capabilities"): Demand(READ),
    ("GET", "/api/integrations"): Demand(READ),
    ("POST", "/api/integrations"): Demand(
        MANAGE, {"platform": "form", "credentials": {"secret": "planted-form-secret"}}
    ),
    ("GET", "/api/integrations/{integration_id}"): Demand(READ),
    ("PATCH", "/api/integrations/{integration_id}"): Demand(MANAGE, {"name": "Other name"}),
    ("POST", "/api/integrations/{integration_id}/test"): Demand(MANAGE),
    ("POST", "/api/integrations/{integration_id}/rotate"): Demand(
        MANAGE, {"credentials": {"app_secret": "brand-new-one"}}
    ),
    ("DELETE", "/api/integrations/{integration_id}"): Demand(MANAGE),
    ("GET", "/api/leads"): Demand(READ),
    ("POST", "/api/leads"): Demand(ACT, {"email": "new@example.com"}),
    ("GET", "/api/leads/{lead_id}"): Demand(READ),
    ("PATCH", "/api/leads/{lead_id}"): Demand(ACT, {"company": "Acme"}),
    ("GET", "/api/leads/{lead_id}/messages"): Demand(READ),
    ("GET", "/api/leads/{lead_id}/timeline"): Demand(READ),
    ("GET", "/api/leads/{lead_id}/runs"): Demand(READ),
    ("GET", "/api/leads/{lead_id}/runs/{run_id}"): Demand(READ),
    ("POST", "/api/leads/{lead_id}/takeover"): Demand(ACT),
    ("POST", "/api/leads/{lead_id}/release"): Demand(ACT),
    ("POST", "/api/leads/{lead_id}/messages"): Demand(ACT, {"text": "Hello"}),
    ("POST", "/api/leads/{lead_id}/messages/{message_id}"): Demand(ACT, {"action": "leave"}),
    ("DELETE", "/api/leads/{lead_id}"): Demand(ACT),
    ("POST", "/api/leads/{lead_id}/merge"): Demand(ACT, {"other_id": NO_ID}),
    ("POST", "/api/leads/{lead_id}/unmerge"): Demand(ACT, {"merge_id": NO_ID}),
    ("GET", "/api/leads/{lead_id}/matches"): Demand(READ),
    ("GET", "/api/leads/{lead_id}/export"): Demand(ACT),
    ("GET", "/api/approvals"): Demand(READ),
    ("POST", "/api/approvals/{approval_id}"): Demand(ACT, {"action": "ignore"}),
    ("GET", "/api/tasks"): Demand(READ),
    ("PATCH", "/api/tasks/{task_id}"): Demand(ACT, {"status": "done"}),
    ("GET", "/api/meetings"): Demand(READ),
    ("POST", "/api/meetings"): Demand(ACT, {"lead": {"email": "new@example.com"}}),
    ("GET", "/api/meetings/{meeting_id}"): Demand(READ),
    ("POST", "/api/meetings/{meeting_id}/cancel"): Demand(ACT),
    ("GET", "/api/events"): Demand(READ),
    ("POST", "/api/events/{event_id}/replay"): Demand(ACT),
    ("POST", "/api/events/replay"): Demand(ACT),
    ("GET", "/api/analytics/usage"): Demand(READ),
    ("GET", "/api/analytics/funnel"): Demand(READ),
    ("GET", "/api/analytics/speed-to-lead"): Demand(READ),
    ("GET", "/api/audit"): Demand(READ),
    ("GET", "/api/audit/verify"): Demand(READ),
    ("GET", "/api/settings"): Demand(READ),
    ("PATCH", "/api/settings"): Demand(MANAGE, {"company": "Acme"}),
    ("POST", "/api/pause"): Demand(ACT),
    ("POST", "/api/resume"): Demand(ACT),
    ("GET", "/api/users"): Demand(MANAGE),
    ("POST", "/api/users"): Demand(MANAGE, {"email": "more@example.com", "role": "viewer"}),
    ("DELETE", "/api/users/{user_id}"): Demand(MANAGE),
    ("GET", "/api/tokens"): Demand(MANAGE),
    ("POST", "/api/tokens"): Demand(MANAGE, {"name": "more"}),
    ("DELETE", "/api/tokens/{token_id}"): Demand(MANAGE),
}


def served_routes(app: FastAPI) -> Iterator[tuple[str, str]]:
    """Method and path of everything that the application answers, from its own description."""
    for path, operations in app.openapi()["paths"].items():
        for method in operations:
            yield method.upper(), path
