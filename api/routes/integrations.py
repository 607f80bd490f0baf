"""Integrations: connecting platforms, testing them, changing their secrets, and how they are."""

from collections.abc import Coroutine
from typing import Any

from fastapi import APIRouter, status
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncConnection

from api.cursors import page_of_short_list
from api.dependencies import Admin, Filter, Id, PageDep, Reader, Services, ServicesDep
from api.once_route import OnceRoute
from api.platform_health import describe_health
from api.schemas import IntegrationChange, NewCredentials, NewIntegration
from api.views import integration_view, platform_view
from pipewise import integrations
from pipewise.audit import Act
from pipewise.booking_subscriptions import KEY_FIELD, OWN, OWN_KEY, remove_subscription
from pipewise.errors import InvalidInput
from pipewise.integration_checks import CONNECT_SECONDS, TEST_SECONDS, check_integration
from pipewise.link_checks import check_links
from pipewise.platforms.registry import PLATFORMS, get_platform
from pipewise.polling import attend_now
from pipewise.resources import Resources
from pipewise.storage import integration_health as health_rows
from pipewise.storage import integrations as rows
from pipewise.storage import oauth, polls
from pipewise.storage.accounts import User
from pipewise.storage.integrations import Integration

router = APIRouter(prefix="/api/integrations", tags=["integrations"], route_class=OnceRoute)


@router.get("/platforms")
async def list_platforms(_user: Reader, page: PageDep) -> dict[str, Any]:
    """What can be connected, with JSON Schemas of the credentials and settings."""
    return page_of_short_list("platforms", page, list(PLATFORMS.values()), platform_view)


@router.get("/health")
async def health(user: Reader, services: ServicesDep) -> dict[str, Any]:
    async with services.resources.database.read() as connection:
        found = await rows.list_integrations(connection, user.account_id)
        tokens = await oauth.list_tokens(connection, user.account_id)
        looks = await health_rows.read_looks(connection, user.account_id)
        stats = await rows.read_stats(connection, user.account_id)
    connections = services.resources.connections
    return describe_health(connections, user.account_id, found, looks, stats, tokens, services.now())


@router.get("/capabilities")
async def capabilities(user: Reader, services: ServicesDep) -> dict[str, Any]:
    """What the agents can do for this account now."""
    return await services.application.capabilities(user.account_id)


@router.get("")
async def list_integrations(
    user: Reader, services: ServicesDep, page: PageDep, platform: Filter = None
) -> dict[str, Any]:
    """Oldest first."""
    async with services.resources.database.read() as connection:
        found = await rows.list_integrations(connection, user.account_id, platform)
        stats = await rows.read_stats(connection, user.account_id)
    public_url = services.resources.settings.public_url
    return page_of_short_list(
        "integrations", page, found, lambda one: integration_view(one, stats.get(one.id, {}), public_url)
    )


@router.post("", status_code=status.HTTP_201_CREATED)
async def connect(user: Admin, services: ServicesDep, body: NewIntegration) -> dict[str, Any]:
    """Stored first, then the vendor is asked: `status` says what it answered, and a vendor that is down is no obstacle."""
    if body.platform not in PLATFORMS:
        problem = {"field": "platform", "problem": f"must be one of {', '.join(PLATFORMS)}"}
        raise InvalidInput("There is no such platform.", details=(problem,))
    platform = get_platform(body.platform)
    credentials = integrations.parse_model(platform.credentials, body.credentials, "credentials")
    settings = integrations.parse_model(platform.settings, body.settings, "settings")
    async with services.resources.database.write() as connection:
        made = await integrations.connect(
            connection,
            services.resources.vault,
            user.account_id,
            platform,
            name=body.name,
            credentials=credentials,
            settings=settings,
            now=services.now(),
        )
        await _record(services, connection, user, Act.INTEGRATION_CREATED, made, fields=sorted(body.credentials))
    _changed(services, made.id)
    await check_integration(services.resources, made, longest=CONNECT_SECONDS)
    await attend_in_background(services, made)
    return await _shown(services, user, made.id)


@router.get("/{integration_id}")
async def get_integration(user: Reader, services: ServicesDep, integration_id: Id) -> dict[str, Any]:
    return await _shown(services, user, integration_id)


@router.patch("/{integration_id}")
async def change_integration(
    user: Admin, services: ServicesDep, integration_id: Id, body: IntegrationChange
) -> dict[str, Any]:
    """`settings` are merged key by key; null removes a key."""
    async with services.resources.database.write() as connection:
        integration = await rows.get_integration(connection, user.account_id, integration_id)
        merged = integrations.merge_settings(get_platform(integration.platform), integration.settings, body.settings)
        values: dict[str, Any] = {"settings": merged.model_dump(mode="json", exclude_none=True)}
        if "name" in body.model_fields_set:
            values["name"] = body.name
        await rows.update_integration(connection, user.account_id, integration_id, values, services.now())
        await polls.hasten(connection, integration, services.now())
        names = sorted([*body.settings, *(["name"] if "name" in values else [])])
        await _record(services, connection, user, Act.INTEGRATION_CHANGED, integration, names=names)
    _changed(services, integration_id)
    return await _shown(services, user, integration_id)


@router.delete("/{integration_id}", status_code=status.HTTP_204_NO_CONTENT)
async def disconnect(user: Admin, services: ServicesDep, integration_id: Id) -> None:
    """Its secrets are destroyed; a webhook subscription that PipeWise made is taken away at the vendor, if it answers."""
    async with services.resources.database.write() as connection:
        integration = await rows.get_integration(connection, user.account_id, integration_id)
        own = integration.vendor_state.get(OWN)
        scheduling = services.resources.connections.build_scheduling(integration) if own else None
        await integrations.disconnect(connection, integration, services.now())
        await _record(services, connection, user, Act.INTEGRATION_DELETED, integration)
    _changed(services, integration_id)
    if scheduling and own:
        services.background.start(remove_subscription(scheduling, own), "remove subscription")


@router.post("/{integration_id}/test")
async def test_integration(user: Admin, services: ServicesDep, integration_id: Id) -> dict[str, Any]:
    """Asks the vendor now, also while it is left alone after failures."""
    async with services.resources.database.write() as connection:
        integration = await rows.get_integration(connection, user.account_id, integration_id)
        await polls.hasten(connection, integration, services.now())
        await _record(services, connection, user, Act.INTEGRATION_TESTED, integration)
    found, checks = await check_integration(services.resources, integration, longest=TEST_SECONDS)
    checks += await check_links(services.resources, integration)
    told = [{"name": one.name, "ok": one.ok, "detail": one.detail, "fix": one.fix} for one in checks]
    return {"status": str(found), "checks": told}


@router.post("/{integration_id}/rotate")
async def rotate(user: Admin, services: ServicesDep, integration_id: Id, body: NewCredentials) -> dict[str, Any]:
    """New secrets at once; what the former webhook secret signed is accepted for another 24 hours. `status` says what the
    vendor made of them."""
    resources = services.resources
    async with resources.database.write() as connection:
        integration = await rows.get_integration(connection, user.account_id, integration_id)
        platform = get_platform(integration.platform)
        merged = {**_plain(resources.connections.credentials(integration)), **body.credentials}
        credentials = integrations.parse_model(platform.credentials, merged, "credentials")
        state, own = _given_away(resources, integration, body)
        await integrations.rotate(
            connection, resources.vault, integration, credentials, services.now(), vendor_state=state
        )
        await polls.hasten(connection, integration, services.now())
        await _record(services, connection, user, Act.INTEGRATION_ROTATED, integration, fields=sorted(body.credentials))
    _changed(services, integration_id)
    if own:
        services.background.start(own, "remove subscription")
    latest = await _read_in(services, user.account_id, integration_id)
    await check_integration(services.resources, latest, longest=CONNECT_SECONDS)
    return await _shown(services, user, integration_id)


def _given_away(
    resources: Resources, integration: Integration, body: NewCredentials
) -> tuple[dict[str, Any], Coroutine[Any, Any, None] | None]:
    """An owner who gives a key of a subscription of their own needs ours no more."""
    state = dict(integration.vendor_state)
    if KEY_FIELD not in body.credentials:
        return state, None
    uri, ours = state.pop(OWN, None), state.pop(OWN_KEY, None)
    scheduling = resources.connections.build_scheduling(integration) if uri and ours else None
    return state, remove_subscription(scheduling, str(uri)) if scheduling else None


async def _record(
    services: Services, connection: AsyncConnection, user: User, act: Act, integration: Integration, **detail: Any
) -> None:
    """Names of fields at most, never what is in them."""
    await services.record(
        connection, user, act, f"integration:{integration.id}", platform=integration.platform, **detail
    )


def _plain(credentials: Any) -> dict[str, Any]:
    """The opened fields, for the moment it takes to seal them again."""
    return {
        name: value.get_secret_value() if isinstance(value, SecretStr) else value
        for name, value in credentials
        if value is not None
    }


async def attend_in_background(services: Services, integration: Integration) -> None:
    """See to its webhook, or to its first look, without waiting for a turn of the loop."""
    if get_platform(integration.platform).feed is None:
        return
    now = services.now()
    await services.resources.database.transact(lambda connection: polls.hasten(connection, integration, now))
    latest = await _read_in(services, integration.account_id, integration.id)
    work = attend_now(services.resources, services.application.inbox, latest)
    services.background.start(work, "attend to a new connection")


def _changed(services: Services, integration_id: str) -> None:
    services.directory.forget()
    services.resources.connections.drop(integration_id)


async def _read_in(services: Services, account_id: str, integration_id: str) -> Integration:
    async with services.resources.database.read() as connection:
        return await rows.get_integration(connection, account_id, integration_id)


async def _shown(services: Services, user: User, integration_id: str) -> dict[str, Any]:
    integration = await _read_in(services, user.account_id, integration_id)
    async with services.resources.database.read() as connection:
        stats = await rows.read_stats(connection, user.account_id)
    return integration_view(integration, stats.get(integration_id, {}), services.resources.settings.public_url)
