"""The scheduling vendor's webhook subscription, where the owner made none: created with a key of our own, looked at, made anew
when the vendor has given it up, and taken away."""

import logging
import secrets
from enum import StrEnum

from pydantic import SecretStr

from pipewise.connections import SchedulingConnection
from pipewise.errors import NotFound, PlatformError, Rejected
from pipewise.integrations import seal_credentials, webhook_url
from pipewise.resources import Resources
from pipewise.scheduling import Subscription
from pipewise.storage import integrations as rows
from pipewise.storage.integrations import Integration

log = logging.getLogger(__name__)
KEY_FIELD = "webhook_signing_key"
OWN = "subscription"  # in `vendor_state`: the URI of the subscription that is ours to take away
OWN_KEY = "own_signing_key"  # in `vendor_state`: the key is of our making


class Delivers(StrEnum):
    """Whether the vendor delivers bookings here by itself."""

    YES = "yes"
    FAILING = "failing"  # there is a subscription, and the last deliveries failed, or it was made just now
    NO = "no"  # not at an address that the vendor could reach
    REFUSED = "refused"  # plan or token allow none


def is_owners(resources: Resources, integration: Integration) -> bool:
    """The owner made the subscription and gave its key."""
    key = getattr(resources.connections.credentials(integration), KEY_FIELD, None)
    return key is not None and not integration.vendor_state.get(OWN_KEY)


async def keep_subscription(resources: Resources, integration: Integration, *, may_create: bool = True) -> Delivers:
    """Looks at ours, and makes it if it is not there or was switched off: the vendor has no way to switch one on again.

    Raises PlatformError when the vendor cannot tell."""
    scheduling = resources.connections.build_scheduling(integration)
    if scheduling is None:
        return Delivers.NO
    if is_owners(resources, integration):
        return Delivers.YES
    if not resources.settings.public_url.startswith("https://"):
        return Delivers.NO
    url = webhook_url(resources.settings.public_url, integration)
    try:
        standing = await scheduling.client.subscriptions()
        mine = [one for one in standing if one.callback_url == url or one.uri == integration.vendor_state.get(OWN)]
        good = next((one for one in mine if one.active and one.callback_url == url), None)
        if good and integration.vendor_state.get(OWN_KEY):
            await _note_own(resources, integration, good.uri)
            return Delivers.FAILING if good.retrying_since else Delivers.YES
        if not may_create:
            return Delivers.REFUSED
        await _make_anew(resources, integration, scheduling, url, mine)
    except Rejected as error:
        # A plan without webhooks is no failure of the connection; its bookings are found by asking.
        log.info("no webhook subscription", extra={"integration_id": integration.id, "code": error.vendor_code})
        return Delivers.REFUSED
    return Delivers.FAILING


async def remove_subscription(scheduling: SchedulingConnection, uri: str) -> None:
    """Best effort: the URL answers 404 from now on, and the vendor gives up by itself."""
    try:
        await scheduling.client.unsubscribe(uri)
    except PlatformError as error:
        log.info("subscription not removed", extra={"code": error.code})


async def _make_anew(
    resources: Resources,
    integration: Integration,
    scheduling: SchedulingConnection,
    url: str,
    former: list[Subscription],
) -> None:
    """The key is stored before the vendor knows it, so that the first delivery can be verified. It stays the same when a
    subscription is made anew: what is still on its way was signed with it."""
    key = await _ensure_key(resources, integration)
    if key is None:
        return
    for one in former:
        await scheduling.client.unsubscribe(one.uri)
    made = await scheduling.client.subscribe(url, key)
    if not await _note_own(resources, integration, made.uri):
        await remove_subscription(scheduling, made.uri)


async def _ensure_key(resources: Resources, integration: Integration) -> str | None:
    """None if the integration is gone, or has a key of the owner's since."""
    async with resources.database.write() as connection:
        try:
            latest = await rows.get_integration(connection, integration.account_id, integration.id, to_change=True)
        except NotFound:
            return None
        credentials = resources.connections.credentials(latest)
        known = getattr(credentials, KEY_FIELD, None)
        if known is not None:
            return str(known.get_secret_value()) if latest.vendor_state.get(OWN_KEY) else None
        key = secrets.token_urlsafe(32)
        changed = credentials.model_copy(update={KEY_FIELD: SecretStr(key)})
        values = {
            "credentials": seal_credentials(resources.vault, latest.id, latest.account_id, changed),
            "vendor_state": {**latest.vendor_state, OWN_KEY: True},
        }
        await rows.update_integration(connection, latest.account_id, latest.id, values, resources.clock.now())
    resources.caches.forget_all()
    return key


async def _note_own(resources: Resources, integration: Integration, uri: str) -> bool:
    """False if the integration is gone."""
    if integration.vendor_state.get(OWN) == uri:
        return True
    async with resources.database.write() as connection:
        try:
            latest = await rows.get_integration(connection, integration.account_id, integration.id, to_change=True)
        except NotFound:
            return False
        values = {"vendor_state": {**latest.vendor_state, OWN: uri}}
        await rows.update_integration(connection, latest.account_id, latest.id, values, resources.clock.now())
    return True
