"""A user's connection to a platform: credentials sealed, settings checked, status and statistics kept."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel, SecretStr, ValidationError
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.errors import InvalidInput
from pipewise.platforms.base import Credentials, Platform
from pipewise.platforms.registry import get_platform
from pipewise.storage import integrations as rows
from pipewise.storage import oauth
from pipewise.storage.integration_changes import note_change
from pipewise.storage.integrations import Integration, IntegrationStatus
from pipewise.storage.types import new_id
from pipewise.vault import Place, Vault

ROTATION_OVERLAP = timedelta(hours=24)
SHOWN_CHARACTERS = 4


def place_of(integration_id: str, account_id: str) -> Place:
    return Place("integrations", "credentials", account_id, integration_id)


def parse_model(model: type[BaseModel], data: Mapping[str, Any], where: str) -> Any:
    """Validate against a platform's form. Raises InvalidInput with one entry per wrong field, never the value."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        details = tuple(
            {"field": ".".join([where, *(str(part) for part in problem["loc"])]), "problem": problem["msg"]}
            for problem in error.errors(include_input=False, include_url=False, include_context=False)
        )
        raise InvalidInput(f"The {where} are not complete or not valid.", details=details) from None


def seal_credentials(vault: Vault, integration_id: str, account_id: str, credentials: Credentials) -> bytes:
    return vault.seal(json.dumps(plain_credentials(credentials)).encode(), place_of(integration_id, account_id))


def plain_credentials(credentials: Credentials) -> dict[str, Any]:
    """The fields in the open, for the moment it takes to seal or to merge them."""
    return {
        name: value.get_secret_value() if isinstance(value, SecretStr) else value
        for name, value in credentials
        if value is not None
    }


def secrets_of(credentials: Credentials) -> tuple[str, ...]:
    """What no log may show."""
    return tuple(value.get_secret_value() for _, value in credentials if isinstance(value, SecretStr))


def open_credentials(vault: Vault, integration: Integration, sealed: bytes) -> Credentials:
    plain = json.loads(vault.open(sealed, place_of(integration.id, integration.account_id)))
    return get_platform(integration.platform).credentials.model_validate(plain)


def hint_credentials(credentials: Credentials) -> dict[str, str]:
    """What may be shown of each field: secrets by their last four characters (fewer than twelve: nothing), ids in full."""
    return {name: _hint(value) for name, value in credentials if value is not None}


def _hint(value: Any) -> str:
    if not isinstance(value, SecretStr):
        return str(value)
    secret = value.get_secret_value()
    return "…" + (secret[-SHOWN_CHARACTERS:] if len(secret) >= 3 * SHOWN_CHARACTERS else "")


async def connect(
    connection: AsyncConnection,
    vault: Vault,
    account_id: str,
    platform: Platform,
    *,
    name: str | None,
    credentials: Credentials,
    settings: BaseModel,
    now: datetime,
) -> Integration:
    """Store a new integration. It counts as connected until the vendor says otherwise."""
    integration_id = new_id()
    await rows.insert_integration(
        connection,
        {
            "id": integration_id,
            "account_id": account_id,
            "platform": platform.name,
            "name": name or platform.title,
            "status": IntegrationStatus.CONNECTED,
            "settings": settings.model_dump(mode="json", exclude_none=True),
            "credentials": seal_credentials(vault, integration_id, account_id, credentials),
            "hints": hint_credentials(credentials),
            "account_ref": _account_ref(platform, credentials),
            "vendor_state": {},
            "created_at": now,
            "updated_at": now,
        },
    )
    await _expect_renewal(connection, platform, account_id, integration_id, now)
    return await rows.get_integration(connection, account_id, integration_id)


async def rotate(
    connection: AsyncConnection,
    vault: Vault,
    integration: Integration,
    credentials: Credentials,
    now: datetime,
    *,
    vendor_state: Mapping[str, Any] | None = None,
) -> Integration:
    """New credentials at once; signatures by the old secret stay valid for the overlap. `vendor_state`: where that changes
    with them."""
    await note_change(connection, integration.account_id, integration.id, IntegrationStatus.CONNECTED, None, now)
    await rows.update_integration(
        connection,
        integration.account_id,
        integration.id,
        {
            "credentials": seal_credentials(vault, integration.id, integration.account_id, credentials),
            # As the row holds them now: a rotation of master keys may have sealed them anew since it was read.
            "previous_credentials": rows.AS_IT_STANDS,
            "previous_until": now + ROTATION_OVERLAP,
            "hints": hint_credentials(credentials),
            "account_ref": _account_ref(get_platform(integration.platform), credentials),
            "status": IntegrationStatus.CONNECTED,
            "last_error": None,
            "vendor_state": integration.vendor_state if vendor_state is None else vendor_state,
        },
        now,
    )
    await _expect_renewal(connection, get_platform(integration.platform), integration.account_id, integration.id, now)
    return await rows.get_integration(connection, integration.account_id, integration.id)


async def _expect_renewal(
    connection: AsyncConnection, platform: Platform, account_id: str, integration_id: str, now: datetime
) -> None:
    """Of a token that was entered by hand nobody knows how old it is; where it can be renewed, that is tried in time."""
    if platform.first_renewal is None:
        await oauth.forget_token(connection, account_id, integration_id)
        return
    renew_at = now + platform.first_renewal
    await oauth.put_token(connection, account_id, integration_id, issued_at=now, expires_at=None, renew_at=renew_at)


async def disconnect(connection: AsyncConnection, integration: Integration, now: datetime) -> None:
    """Soft delete; the sealed secrets are destroyed."""
    await rows.update_integration(
        connection,
        integration.account_id,
        integration.id,
        {
            "status": IntegrationStatus.DISCONNECTED,
            "credentials": None,
            "previous_credentials": None,
            "previous_until": None,
            "deleted_at": now,
        },
        now,
    )
    await oauth.forget_token(connection, integration.account_id, integration.id)


def webhook_url(public_url: str, integration: Integration) -> str:
    return f"{public_url.rstrip('/')}/webhooks/{integration.platform}/{integration.id}"


def merge_settings(platform: Platform, current: Mapping[str, Any], change: Mapping[str, Any]) -> BaseModel:
    """PATCH semantics: key by key at the top level; null removes a key. Raises InvalidInput."""
    merged = {key: value for key, value in {**current, **change}.items() if value is not None}
    result: BaseModel = parse_model(platform.settings, merged, "settings")
    return result


def _account_ref(platform: Platform, credentials: Credentials) -> str | None:
    return str(getattr(credentials, platform.account_ref_field)) if platform.account_ref_field else None
