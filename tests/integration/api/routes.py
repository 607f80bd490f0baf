"""Every route of the application with what it demands: kept complete by a test, and driven by the tests of rights and tenants."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI

from api.protocol.not_offered import MISSING

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
    ("GET", "/api/integrations/{platform}/oauth/start"): Demand(MANAGE),
    ("GET", "/api/integrations/{platform}/oauth/callback"): Demand(MANAGE),
    ("GET", "/api/leads"): Demand(READ),
    ("POST", "/api/leads"): Demand(ACT, {"email": "new@example.com"}),
    ("GET", "/api/leads/{lead_id}"): Demand(READ),
    ("PATCH", "/api/leads/{lead_id}"): Demand(ACT, {"company": "Acme"}),
    ("GET", "/api/leads/{lead_id}/messages"): Demand(READ),
    ("GET", "/api/leads/{lead_id}/timeline"): Demand(READ),
    ("GET", "/api/leads/{lead_id}/runs"): Demand(READ),
    ("GET", "/api/leads/{lead_id}/runs/{run_id}"): Demand(READ),
    ("POST", "/api/leads/{lead_id}/runs/{run_id}/fork"): Demand(ACT, {"model": "offline"}),
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
    ("PATCH", "/api/users/{user_id}"): Demand(MANAGE, {"role": "operator"}),
    ("PUT", "/api/users/{user_id}/password"): Demand(MANAGE, {"password": "correct horse battery"}),
    ("DELETE", "/api/users/{user_id}"): Demand(MANAGE),
    ("POST", "/api/session"): Demand(OPEN, {"token": "pw_not-a-token-of-anybody"}),
    ("GET", "/api/session"): Demand(READ),
    ("DELETE", "/api/session"): Demand(READ),
    ("POST", "/api/session/password"): Demand(READ, {"current_password": "a", "new_password": "correct horse battery"}),
    ("GET", "/api/tokens"): Demand(MANAGE),
    ("POST", "/api/tokens"): Demand(MANAGE, {"name": "more"}),
    ("DELETE", "/api/tokens/{token_id}"): Demand(MANAGE),
}


RUN = {"assistant_id": "pipewise", "input": {"event": {}}}
PROTOCOL: dict[tuple[str, str], Demand] = {
    ("POST", "/assistants/search"): Demand(READ, {}),
    ("POST", "/assistants/count"): Demand(READ, {}),
    ("GET", "/assistants/{assistant_id}"): Demand(READ),
    ("GET", "/assistants/{assistant_id}/graph"): Demand(READ),
    ("GET", "/assistants/{assistant_id}/schemas"): Demand(READ),
    ("GET", "/assistants/{assistant_id}/subgraphs"): Demand(READ),
    ("GET", "/assistants/{assistant_id}/subgraphs/{namespace}"): Demand(READ),
    ("POST", "/assistants/{assistant_id}/versions"): Demand(READ),
    ("POST", "/threads"): Demand(ACT, {}),
    ("POST", "/threads/search"): Demand(READ, {}),
    ("POST", "/threads/count"): Demand(READ, {}),
    ("POST", "/threads/prune"): Demand(ACT, {"thread_ids": []}),
    ("GET", "/threads/{thread_id}"): Demand(READ),
    ("PATCH", "/threads/{thread_id}"): Demand(ACT, {"metadata": {}}),
    ("DELETE", "/threads/{thread_id}"): Demand(ACT),
    ("POST", "/threads/{thread_id}/copy"): Demand(ACT),
    ("GET", "/threads/{thread_id}/state"): Demand(READ),
    ("POST", "/threads/{thread_id}/state"): Demand(ACT, {"values": {"language": "pt"}, "as_node": "idle"}),
    ("POST", "/threads/{thread_id}/state/checkpoint"): Demand(READ, {"checkpoint": {}}),
    ("GET", "/threads/{thread_id}/state/{checkpoint_id}"): Demand(READ),
    ("GET", "/threads/{thread_id}/history"): Demand(READ),
    ("POST", "/threads/{thread_id}/history"): Demand(READ, {}),
    ("POST", "/runs/wait"): Demand(ACT, RUN),
    ("POST", "/runs/stream"): Demand(ACT, RUN),
    ("POST", "/runs"): Demand(ACT, RUN),
    ("POST", "/runs/batch"): Demand(ACT, []),
    ("POST", "/runs/cancel"): Demand(ACT, {"thread_id": NO_ID, "run_ids": [NO_ID]}),
    ("POST", "/threads/{thread_id}/runs/wait"): Demand(ACT, {"assistant_id": "pipewise"}),
    ("POST", "/threads/{thread_id}/runs/stream"): Demand(ACT, {"assistant_id": "pipewise"}),
    ("POST", "/threads/{thread_id}/runs"): Demand(ACT, {"assistant_id": "pipewise"}),
    ("GET", "/threads/{thread_id}/runs"): Demand(READ),
    ("GET", "/threads/{thread_id}/runs/{run_id}"): Demand(READ),
    ("DELETE", "/threads/{thread_id}/runs/{run_id}"): Demand(ACT),
    ("GET", "/threads/{thread_id}/runs/{run_id}/join"): Demand(READ),
    ("GET", "/threads/{thread_id}/runs/{run_id}/stream"): Demand(READ),
    ("POST", "/threads/{thread_id}/runs/{run_id}/cancel"): Demand(ACT),
    ("POST", "/threads/{thread_id}/runs/crons"): Demand(ACT, {"assistant_id": "pipewise", "schedule": "0 9 * * *"}),
    ("POST", "/runs/crons"): Demand(ACT, {**RUN, "schedule": "0 9 * * *"}),
    ("POST", "/runs/crons/search"): Demand(READ, {}),
    ("POST", "/runs/crons/count"): Demand(READ, {}),
    ("GET", "/runs/crons/{cron_id}"): Demand(READ),
    ("PATCH", "/runs/crons/{cron_id}"): Demand(ACT, {"enabled": False}),
    ("DELETE", "/runs/crons/{cron_id}"): Demand(ACT),
    ("PUT", "/store/items"): Demand(ACT, {"namespace": ["a"], "key": "b", "value": {}}),
    ("GET", "/store/items"): Demand(READ),
    ("DELETE", "/store/items"): Demand(ACT, {"namespace": ["a"], "key": "b"}),
    ("POST", "/store/items/search"): Demand(READ, {}),
    ("POST", "/store/namespaces"): Demand(READ, {}),
}
# Parts of the protocol that are not offered, and not described: whoever may read learns so.
NOT_OFFERED: dict[tuple[str, str], Demand] = {place: Demand(READ) for place in MISSING}


def described_routes(app: FastAPI) -> Iterator[tuple[str, str]]:
    """Method and path of everything that the application offers, from its own description."""
    for path, operations in app.openapi()["paths"].items():
        for method in operations:
            yield method.upper(), path
