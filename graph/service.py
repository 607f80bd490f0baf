"""PipeWise inside your own Python program: capabilities, meetings and incoming data, without a server."""

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any, Self

import httpx

from graph.capabilities import describe_capabilities
from graph.scheduling import ScheduleRequest
from pipewise.errors import InvalidInput, PipewiseError
from pipewise.health_monitor import check_all_integrations
from pipewise.settings import Settings, load_settings
from pipewise.storage import accounts
from pipewise.storage.sqlite import install_sound_sqlite
from pipewise.storage.tenancy import Purpose, acting_for, for_every_account

if TYPE_CHECKING:
    from graph.compose import Application

LOCAL_SENDER = "local"


class IntegrationService:
    """Opens PipeWise on first use; `async with` or `close()` ends it. Without settings the environment is read."""

    def __init__(self, settings: Settings | None = None, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._settings = settings
        self._transport = transport
        self._stack = AsyncExitStack()
        self._opening = asyncio.Lock()
        self._application: Application | None = None

    async def __aenter__(self) -> Self:
        await self.application()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        await self._stack.aclose()
        self._application = None

    async def application(self) -> "Application":
        async with self._opening:
            if self._application is None:
                await asyncio.to_thread(install_sound_sqlite)
                from graph.compose import open_application  # noqa: PLC0415  it imports SQLite

                settings = self._settings or load_settings()
                opened = open_application(settings, with_worker=False, transport=self._transport)
                self._application = await self._stack.enter_async_context(opened)
        return self._application

    async def account_of(self, user_id: str | None) -> str:
        """The account of a user id or e-mail; None means the first user."""
        database = (await self.application()).resources.database
        with for_every_account(Purpose.EMBEDDING):
            async with database.read() as connection:
                if user_id is None:
                    first = await accounts.first_user(connection)
                    if first is None:
                        raise InvalidInput("There is no user yet.")
                    return first.account_id
                if "@" in user_id:
                    return (await accounts.find_user(connection, user_id)).account_id
                return (await accounts.get_user(connection, user_id)).account_id

    async def get_meeting_scheduler_capabilities(self, user_id: str | None = None) -> dict[str, Any]:
        """{"calendly": connected|default_token|fallback, "mode", "tools"}."""
        application = await self.application()
        account_id = await self.account_of(user_id)
        with acting_for(account_id):
            found = await describe_capabilities(application.resources, account_id)
        scheduler: dict[str, Any] = found["meeting_scheduler"]
        return scheduler

    async def check_all_integrations(self, user_id: str | None = None) -> list[dict[str, Any]]:
        """Asks every vendor now: {id, platform, status, checks: [{name, ok, detail, fix}]} of each integration."""
        application = await self.application()
        found = await check_all_integrations(application.resources, await self.account_of(user_id))
        return [
            {
                "id": one.integration.id,
                "platform": one.integration.platform,
                "status": str(one.status),
                "checks": [
                    {"name": each.name, "ok": each.ok, "detail": each.detail, "fix": each.fix} for each in one.checks
                ],
            }
            for one in found
        ]

    def create_meeting_scheduler(self, user_id: str | None = None) -> "MeetingScheduler":
        return MeetingScheduler(self, user_id)

    async def schedule_meeting(self, user_id: str | None, lead_data: Mapping[str, Any]) -> dict[str, Any]:
        """{success, meeting_url, mode, fallback, …} or the structured error with success false; unexpected errors raise.

        `lead_data`: lead_id, or name, email, phone, company; preferences and event_type beside them.
        """
        application = await self.application()
        lead = {name: lead_data[name] for name in ("name", "email", "phone", "company") if lead_data.get(name)}
        request = ScheduleRequest(
            lead_id=lead_data.get("lead_id"),
            lead=lead,
            event_type=lead_data.get("event_type"),
            preferences=lead_data.get("preferences"),
        )
        try:
            account_id = await self.account_of(user_id)
            with acting_for(account_id):
                return await application.schedule(account_id, request)
        except PipewiseError as error:
            return error.body().as_dict()


class MeetingScheduler:
    """The scheduler of one user."""

    def __init__(self, service: IntegrationService, user_id: str | None) -> None:
        self._service = service
        self._user_id = user_id

    async def schedule(self, lead_data: Mapping[str, Any]) -> dict[str, Any]:
        return await self._service.schedule_meeting(self._user_id, lead_data)


class IntegrationAgent:
    """Runs incoming data through the graph for one user; nothing is sent."""

    def __init__(self, user_id: str | None = None, service: IntegrationService | None = None) -> None:
        self._user_id = user_id
        self._service = service or IntegrationService()
        self._owns_service = service is None

    async def process_incoming_data(self, platform: str, data: Mapping[str, Any]) -> dict[str, Any]:
        """The run's output; when the lead wants a meeting, `meeting_url` as well.

        `data`: {"message": {"text"}, "sender"?, "name"?, "email"?}.
        """
        application = await self._service.application()
        account_id = await self._service.account_of(self._user_id)
        try:
            with acting_for(account_id):
                return await _process(application, account_id, platform, data)
        except PipewiseError as error:
            return error.body().as_dict()

    async def close(self) -> None:
        """A service that was handed in stays open: others may use it."""
        if self._owns_service:
            await self._service.close()


async def _process(
    application: "Application", account_id: str, platform: str, data: Mapping[str, Any]
) -> dict[str, Any]:
    message = data.get("message")
    text = message.get("text", "") if isinstance(message, Mapping) else str(message or data.get("text") or "")
    event = {
        "platform": platform,
        "sender": str(data.get("sender") or data.get("from") or LOCAL_SENDER),
        "text": text,
        **{name: data[name] for name in ("name", "email", "phone", "company") if data.get(name)},
    }
    result = await application.http_runs.run(account_id, {"event": event})
    if result["intent"] != "meeting_request":
        return result
    scheduled = await application.schedule(account_id, ScheduleRequest(lead_id=result["lead_id"], preferences=text))
    return {**result, **{name: value for name, value in scheduled.items() if name != "lead_id"}}
