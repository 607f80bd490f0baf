"""The scheduling vendor's webhook subscription, where the owner made none: created with a key of our own, and taken away."""

import logging
import secrets
from typing import Any

from pydantic import SecretStr

from api.dependencies import Services
from api.views import webhook_url
from pipewise.connections import SchedulingConnection
from pipewise.errors import PlatformError
from pipewise.integrations import seal_credentials
from pipewise.storage import integrations as rows
from pipewise.storage.integrations import Integration

log = logging.getLogger(__name__)
KEY_FIELD = "webhook_signing_key"
OWN = "subscription"  # in `vendor_state`: the URI of the subscription that is ours to take away
OWN_KEY = "own_signing_key"


def wants_subscription(services: Services, integration: Integration) -> bool:
    """A scheduling platform without a key of the owner's, at an address that the vendor would deliver to."""
    connection = services.resources.connections
    if integration.vendor_state.get(OWN) or not services.resources.settings.public_url.startswith("https://"):
        return False
    if connection.build_scheduling(integration) is None:
        return False
    has_key = getattr(connection.credentials(integration), KEY_FIELD, None) is not None
    return not has_key or bool(integration.vendor_state.get(OWN_KEY))


async def create_subscription(services: Services, integration: Integration) -> None:
    """The key is stored before the vendor knows it, so that the first delivery can be verified."""
    key = secrets.token_urlsafe(32)
    await _keep_key(services, integration, key)
    services.directory.forget()
    scheduling = services.resources.connections.build_scheduling(integration)
    if scheduling is None:
        return
    url = webhook_url(services.resources.settings.public_url, integration)
    state: dict[str, Any] = {**integration.vendor_state, OWN_KEY: True}
    try:
        state[OWN] = (await scheduling.client.subscribe(url, key)).uri
        state.pop("subscription_error", None)
    except PlatformError as error:
        # A plan without webhooks is no failure of the connection; its bookings are found by asking.
        state["subscription_error"] = error.code
        log.info("no webhook subscription", extra={"integration_id": integration.id, "code": error.code})
    async with services.resources.database.write() as connection:
        await rows.update_integration(
            connection, integration.account_id, integration.id, {"vendor_state": state}, services.now()
        )


async def remove_subscription(scheduling: SchedulingConnection, uri: str) -> None:
    """Best effort: the URL answers 404 from now on, and the vendor gives up by itself."""
    try:
        await scheduling.client.unsubscribe(uri)
    except PlatformError as error:
        log.info("subscription not removed", extra={"code": error.code})


async def _keep_key(services: Services, integration: Integration, key: str) -> None:
    resources = services.resources
    credentials = resources.connections.credentials(integration).model_copy(update={KEY_FIELD: SecretStr(key)})
    sealed = seal_credentials(resources.vault, integration.id, integration.account_id, credentials)
    async with resources.database.write() as connection:
        values = {"credentials": sealed, "vendor_state": {**integration.vendor_state, OWN_KEY: True}}
        await rows.update_integration(connection, integration.account_id, integration.id, values, services.now())
