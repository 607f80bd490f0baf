"""The vendors that connect by consent, made from the settings."""

from collections.abc import Mapping
from typing import Any

import httpx

from pipewise.clock import Clock
from pipewise.errors import Unavailable
from pipewise.oauth.code_grant import App, CodeGrant
from pipewise.oauth.grants import Grant, OAuthVendor
from pipewise.oauth.instagram import InstagramOAuth
from pipewise.platforms.fields import id_at
from pipewise.platforms.http import VendorHTTP
from pipewise.platforms.x.errors import read_error as read_x_error
from pipewise.settings import Settings

CALENDLY_SCOPES = (
    "users:read",
    "event_types:read",
    "availability:read",
    "scheduled_events:write",
    "scheduling_links:write",
    "webhooks:write",
)
DEADLINE_SECONDS = 10.0
X_SCOPES = ("tweet.read", "tweet.write", "users.read", "dm.read", "dm.write", "offline.access")


def make_vendors(
    http: httpx.AsyncClient, clock: Clock, settings: Settings, *, deadline: float = DEADLINE_SECONDS
) -> Mapping[str, OAuthVendor]:
    """By platform. Every host is the settings' own."""

    def at(platform: str, base_url: str) -> VendorHTTP:
        return VendorHTTP(http, platform=platform, base_url=base_url, clock=clock, deadline=deadline)

    graph, codes = at("instagram", settings.instagram_api_url), at("instagram", settings.instagram_token_url)
    return {
        "calendly": _calendly(at("calendly", settings.calendly_auth_url), settings),
        "instagram": InstagramOAuth(graph, codes, settings),
        "x": _x(at("x", settings.x_api_url), settings),
    }


def _calendly(http: VendorHTTP, settings: Settings) -> CodeGrant:
    async def describe(grant: Grant, known: Mapping[str, Any]) -> dict[str, Any]:
        del grant
        return {name: known[name] for name in ("webhook_signing_key",) if known.get(name)}

    needed = {
        "PIPEWISE_CALENDLY_CLIENT_ID": settings.calendly_client_id,
        "PIPEWISE_CALENDLY_CLIENT_SECRET": settings.calendly_client_secret,
    }
    return CodeGrant(
        http,
        App(settings.calendly_client_id, settings.calendly_client_secret, _absent(needed)),
        consent=f"{settings.calendly_auth_url}/oauth/authorize",
        token_path="/oauth/token",  # noqa: S106  a path
        scopes=CALENDLY_SCOPES,
        describe=describe,
    )


def _x(http: VendorHTTP, settings: Settings) -> CodeGrant:
    async def describe(grant: Grant, known: Mapping[str, Any]) -> dict[str, Any]:
        me = await http.call(
            "GET",
            "/2/users/me",
            token=grant.access_token.get_secret_value(),
            read_error=lambda status, document, headers: read_x_error(status, document, headers, http.clock.now()),
            safe=True,
        )
        account_id = id_at(me, "data", "id")
        if not account_id:
            raise Unavailable("X did not tell which account this is.", platform="x")
        secret = known.get("consumer_secret") or settings.x_consumer_secret
        return {"account_id": account_id, "consumer_secret": secret}

    needed = {"PIPEWISE_X_CLIENT_ID": settings.x_client_id, "PIPEWISE_X_CONSUMER_SECRET": settings.x_consumer_secret}
    return CodeGrant(
        http,
        App(settings.x_client_id, settings.x_client_secret, _absent(needed)),
        consent=f"{settings.x_auth_url}/i/oauth2/authorize",
        token_path="/2/oauth2/token",  # noqa: S106  a path
        scopes=X_SCOPES,
        describe=describe,
    )


def _absent(needed: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(name for name, value in needed.items() if not value)
