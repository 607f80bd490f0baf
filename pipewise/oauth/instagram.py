"""Instagram Login: code, short token, long token of 60 days; renewed after a day and before its end (Instagram Platform docs,
"Business login")."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from pydantic import SecretStr

from pipewise.errors import Outcome, Rejected, Unavailable
from pipewise.oauth.grants import Grant, error_reader, read_grant
from pipewise.platforms.fields import id_at, list_at
from pipewise.platforms.http import VendorHTTP
from pipewise.platforms.instagram.client import GRAPH_VERSION
from pipewise.platforms.instagram.errors import read_error
from pipewise.settings import Settings

SCOPES = ("instagram_business_basic", "instagram_business_manage_messages", "instagram_business_manage_comments")
FIRST_RENEWAL_SECONDS = 25 * 3600.0  # the vendor renews no token that is younger than 24 hours


class InstagramOAuth:
    """Three hosts: consent, codes, and the API itself, where tokens are made long and renewed."""

    platform = "instagram"

    def __init__(self, graph: VendorHTTP, codes: VendorHTTP, settings: Settings) -> None:
        self._graph = graph
        self._codes = codes
        self._settings = settings

    def missing(self) -> tuple[str, ...]:
        needed = {
            "PIPEWISE_INSTAGRAM_CLIENT_ID": self._settings.instagram_client_id,
            "PIPEWISE_INSTAGRAM_CLIENT_SECRET": self._settings.instagram_client_secret,
            "PIPEWISE_INSTAGRAM_VERIFY_TOKEN": self._settings.instagram_verify_token,
        }
        return tuple(name for name, value in needed.items() if not value)

    def consent_url(self, redirect_uri: str, state: str, challenge: str) -> str:
        del challenge  # this vendor has no PKCE
        query = {
            "client_id": self._settings.instagram_client_id or "",
            "redirect_uri": redirect_uri,
            "response_type": "code",
            "scope": ",".join(SCOPES),
            "state": state,
        }
        return f"{self._settings.instagram_auth_url}/oauth/authorize?{urlencode(query)}"

    async def redeem(self, code: str, verifier: str, redirect_uri: str) -> Grant:
        del verifier
        form = {
            "client_id": self._settings.instagram_client_id or "",
            "client_secret": _plain(self._settings.instagram_client_secret),
            "grant_type": "authorization_code",
            "redirect_uri": redirect_uri,
            "code": code.removesuffix("#_"),
        }
        answer = await self._codes.call(
            "POST",
            "/oauth/access_token",
            token="",
            read_error=error_reader(self.platform, self._codes.title),
            safe=False,
            form=form,
        )
        wrapped = list_at(answer, "data")
        short = read_grant(self._codes, wrapped[0] if wrapped else answer)
        return await self._ask(
            "/access_token",
            grant_type="ig_exchange_token",
            client_secret=_plain(self._settings.instagram_client_secret),
            access_token=short.access_token.get_secret_value(),
        )

    async def describe(self, grant: Grant, known: Mapping[str, Any]) -> dict[str, Any]:
        me = await self._graph.call(
            "GET",
            f"/{GRAPH_VERSION}/me",
            token=grant.access_token.get_secret_value(),
            read_error=read_error,
            safe=True,
            params={"fields": "user_id,username"},
        )
        account_id = id_at(me, "user_id")
        if not account_id:
            raise Unavailable("Instagram did not tell which account this is.", platform=self.platform)
        return {
            "app_secret": known.get("app_secret") or self._settings.instagram_client_secret,
            "verify_token": known.get("verify_token") or self._settings.instagram_verify_token,
            "account_id": account_id,
            "access_token": grant.access_token,
        }

    def renewable(self, credentials: Any) -> bool:
        del credentials  # the token itself is what is renewed
        return True

    async def renew(self, credentials: Any) -> Grant:
        """A token that ran out cannot be renewed; one that is too young will be, later."""
        token = credentials.access_token.get_secret_value()
        return await self._ask("/refresh_access_token", grant_type="ig_refresh_token", access_token=token)

    def renew_after(self, lifetime: float | None) -> float | None:
        return lifetime / 2 if lifetime else FIRST_RENEWAL_SECONDS

    async def _ask(self, path: str, **query: str) -> Grant:
        try:
            answer = await self._graph.call("GET", path, token="", read_error=read_error, safe=True, params=query)
        except Rejected as error:
            # Only a dead token ends the connection: this one may be too young, or the vendor confused.
            raise Unavailable(
                "Instagram did not renew the token.", platform=self.platform, outcome=Outcome.NOT_SENT
            ) from error
        return read_grant(self._graph, answer)


def _plain(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""
