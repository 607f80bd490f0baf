"""The HTTP application over a real database, with a stand-in for the graph and a vendor that answers from a table."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import StateGraph

from api.app import create_app
from api.dependencies import Services
from graph.checkpoints import Checkpoints
from graph.fork import Changes
from graph.http_runs import HttpRuns
from graph.protocol import GraphProtocol
from graph.state import LeadState
from pipewise.errors import PipewiseError
from pipewise.inbox import Inbox
from pipewise.lead_desk import LeadDesk
from pipewise.lease_keeper import LeaseKeeper
from pipewise.resources import Resources, open_resources
from pipewise.settings import Settings, load_settings
from pipewise.storage import accounts
from pipewise.storage.accounts import Role, User
from pipewise.storage.runs import get_run
from tests.contract.signing import SIGNERS

FIRST_TOKEN = "pw_the-first-admin-of-account-a-0001"  # not-a-secret
JSON = {"content-type": "application/json"}
CALENDLY_USER = "https://api.calendly.com/users/AAAA0000000000AA"


class FakeEngine:
    def __init__(self) -> None:
        self.woken: list[str] = []

    def wake(self, lead_id: str) -> None:
        self.woken.append(lead_id)


class FakeTurns:
    """A graph that says nothing."""

    def __init__(self) -> None:
        self.saver = InMemorySaver()
        self.graph: Any = StateGraph(LeadState).add_node("idle", lambda _: {}).add_edge("__start__", "idle")
        self.graph = self.graph.compile(checkpointer=self.saver)


def make_protocol(resources: Resources) -> GraphProtocol:
    turns: Any = FakeTurns()
    nobody: Any = None
    desk = LeadDesk(resources.database, resources.clock, resources.account_settings)
    http = HttpRuns(resources, turns, desk, LeaseKeeper(resources.database), lambda _: None)
    checkpoints = Checkpoints(turns.saver, nobody)
    return GraphProtocol(resources, http, checkpoints, adopts=False)


class FakeApplication:
    """Everything under HTTP but the graph: turns do not run, and scheduling answers what the test says."""

    def __init__(self, resources: Resources) -> None:
        self.resources = resources
        self.engine = FakeEngine()
        self.overdue_alerts = 0
        self.inbox = Inbox(resources.commits, resources.vault, resources.clock, resources.crash, self.engine.wake)
        self.protocol = make_protocol(resources)
        self.forked: list[Changes] = []
        self.scheduled: list[tuple[str, Any]] = []
        self.forgotten: list[tuple[str, str]] = []
        self.schedule_answer: dict[str, Any] | PipewiseError = {
            "success": True,
            "meeting_url": "https://calendly.com/d/abc",
            "mode": "link",
            "fallback": False,
            "expires_at": None,
        }

    async def fork(self, account_id: str, lead_id: str, run_id: str, changes: Changes) -> dict[str, Any]:
        async with self.resources.database.read() as connection:
            await get_run(connection, account_id, lead_id, run_id)
        self.forked.append(changes)
        return {"run_id": run_id}

    async def capabilities(self, account_id: str) -> dict[str, Any]:
        return {"meeting_scheduler": {"calendly": "fallback", "tools": []}, "messaging": {}}

    async def schedule(self, account_id: str, request: Any) -> dict[str, Any]:
        self.scheduled.append((account_id, request))
        if isinstance(self.schedule_answer, PipewiseError):
            raise self.schedule_answer
        return self.schedule_answer

    async def forget_conversations(self, account_id: str, lead_id: str) -> None:
        await self.protocol.threads.forget_lead(account_id, lead_id)

    async def forget_thread(self, account_id: str, lead_id: str) -> None:
        self.forgotten.append((account_id, lead_id))


@dataclass
class FakeVendor:
    """Answers vendor calls by method and path; records them. An exception in the table is raised."""

    answers: dict[tuple[str, str], httpx.Response | Exception] = field(default_factory=dict)
    requests: list[httpx.Request] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers.get(
            (request.method, request.url.path), httpx.Response(404, json={"error": {"code": 100}})
        )
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer.status_code, content=answer.content, headers=answer.headers)

    def serve_calendly(self) -> None:
        user = {
            "resource": {
                "uri": CALENDLY_USER,
                "name": "Ada Host",
                "email": "ada@example.com",
                "slug": "ada",
                "timezone": "Europe/Lisbon",
                "scheduling_url": "https://calendly.com/ada",
                "current_organization": "https://api.calendly.com/organizations/BBBB0000000000BB",
            }
        }
        nothing = {"collection": [], "pagination": {"count": 0, "next_page_token": None}}
        self.answers |= {
            ("GET", "/users/me"): httpx.Response(200, json=user),
            ("GET", "/event_types"): httpx.Response(200, json=nothing),
            ("GET", "/webhook_subscriptions"): httpx.Response(200, json=nothing),
        }

    def asked(self, method: str, path: str) -> list[Any]:
        """Bodies of the calls to this path."""
        return [
            json.loads(request.content or b"null")
            for request in self.requests
            if (request.method, request.url.path) == (method, path)
        ]


@dataclass
class Running:
    """The application as a test drives it. `tokens`: admin, operator, viewer of one account; stranger, admin of another."""

    app: FastAPI
    application: FakeApplication
    vendor: FakeVendor
    settings: Settings
    users: dict[str, User]
    tokens: dict[str, str]
    http: httpx.AsyncClient

    @property
    def services(self) -> Services:
        services: Services = self.app.state.services
        return services

    @property
    def resources(self) -> Resources:
        return self.application.resources

    @property
    def account_id(self) -> str:
        return self.users["admin"].account_id

    async def call(self, method: str, path: str, *, who: str | None = "admin", **more: Any) -> httpx.Response:
        headers = dict(more.pop("headers", {}))
        if who:
            headers["authorization"] = f"Bearer {self.tokens[who]}"
        return await self.http.request(method, path, headers=headers, **more)

    async def get(self, path: str, *, who: str = "admin", **params: Any) -> Any:
        """The JSON of a 200."""
        response = await self.call("GET", path, who=who, params=params)
        assert response.status_code == 200, response.text
        return response.json()

    async def connect(self, platform: str, *, who: str = "admin", settings: Any = None) -> dict[str, Any]:
        """An integration with the sample credentials of the contract suite."""
        body = {"platform": platform, "credentials": dict(SIGNERS[platform].credentials), "settings": settings or {}}
        response = await self.call("POST", "/api/integrations", who=who, json=body)
        assert response.status_code == 201, response.text
        made: dict[str, Any] = response.json()
        return made

    async def deliver(self, path: str, platform: str, body: bytes, **headers: str) -> httpx.Response:
        """Signed with the sample secret, unless a header says otherwise."""
        signer = SIGNERS[platform]
        signed = signer.sign(body, signer.secret, self.resources.clock.now())
        return await self.http.post(path, content=body, headers={**JSON, **signed, **headers})

    def move_clock(self, step: timedelta) -> None:
        assert self.settings.clock_file is not None
        self.settings.clock_file.write_text(str(step.total_seconds()))


def make_settings(database_url: str, folder: Path, **more: Any) -> Settings:
    return load_settings(
        database_url=database_url,
        data_dir=folder / "data",
        api_token=FIRST_TOKEN,
        env="test",
        clock_file=folder / "clock",
        **{"public_url": "https://pipewise.example", **more},
    )


@asynccontextmanager
async def open_api(settings: Settings) -> AsyncIterator[Running]:
    vendor = FakeVendor()

    @asynccontextmanager
    async def open_fake(settings: Settings, *, with_worker: bool = True) -> AsyncIterator[FakeApplication]:
        async with open_resources(settings, transport=httpx.MockTransport(vendor)) as resources:
            yield FakeApplication(resources)

    app = create_app(settings, open_application=open_fake)
    transport = httpx.ASGITransport(app, client=("203.0.113.9", 50000))
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://pipewise.test") as http,
    ):
        services: Services = app.state.services
        application = services.application
        assert isinstance(application, FakeApplication)
        users, tokens = await _add_people(application.resources)
        yield Running(app, application, vendor, settings, users, tokens, http)


async def _add_people(resources: Resources) -> tuple[dict[str, User], dict[str, str]]:
    now = resources.clock.now()
    async with resources.database.write() as connection:
        admin = await accounts.first_user(connection)
        assert admin is not None
        operator = await accounts.add_user(
            connection, "operator@example.com", Role.OPERATOR, now, account_id=admin.account_id
        )
        viewer = await accounts.add_user(
            connection, "viewer@example.com", Role.VIEWER, now, account_id=admin.account_id
        )
        stranger = await accounts.add_user(connection, "stranger@example.org", Role.ADMIN, now)
        users = {"admin": admin, "operator": operator, "viewer": viewer, "stranger": stranger}
        tokens = {"admin": FIRST_TOKEN}
        for name in ("operator", "viewer", "stranger"):
            _, tokens[name] = await accounts.create_token(connection, users[name].id, "test", now)
    return users, tokens
