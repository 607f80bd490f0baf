"""Calendly's and X's way: authorization code with PKCE, tokens of two hours, refresh tokens that work once (RFC 6749, 7636)."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from pydantic import SecretStr

from pipewise.oauth.grants import Grant, error_reader, read_grant
from pipewise.platforms.http import VendorHTTP

EARLY_SECONDS = 600.0  # before its end, so that hardly any call waits for a new token


@dataclass(frozen=True)
class App:
    """The installation's app at the vendor. A public one has no secret."""

    client_id: str | None
    client_secret: SecretStr | None
    missing: tuple[str, ...]


Describe = Callable[[Grant, Mapping[str, Any]], Awaitable[dict[str, Any]]]


class CodeGrant:
    """`http` speaks with the token endpoint's host; `describe` completes the credentials."""

    def __init__(
        self, http: VendorHTTP, app: App, *, consent: str, token_path: str, scopes: tuple[str, ...], describe: Describe
    ) -> None:
        self.platform = http.platform
        self._http = http
        self._app = app
        self._consent = consent
        self._token_path = token_path
        self._scopes = scopes
        self._describe = describe

    def missing(self) -> tuple[str, ...]:
        return self._app.missing

    def consent_url(self, redirect_uri: str, state: str, challenge: str) -> str:
        query = {
            "response_type": "code",
            "client_id": self._app.client_id or "",
            "redirect_uri": redirect_uri,
            "scope": " ".join(self._scopes),
            "state": state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return f"{self._consent}?{urlencode(query)}"

    async def redeem(self, code: str, verifier: str, redirect_uri: str) -> Grant:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
        return await self._ask(form | {"code_verifier": verifier})

    async def describe(self, grant: Grant, known: Mapping[str, Any]) -> dict[str, Any]:
        tokens: dict[str, Any] = {"access_token": grant.access_token}
        if grant.refresh_token:
            tokens["refresh_token"] = grant.refresh_token
        return await self._describe(grant, known) | tokens

    def renewable(self, credentials: Any) -> bool:
        return credentials.refresh_token is not None and self._app.client_id is not None

    async def renew(self, credentials: Any) -> Grant:
        token = credentials.refresh_token.get_secret_value()
        return await self._ask({"grant_type": "refresh_token", "refresh_token": token})

    def renew_after(self, lifetime: float | None) -> float | None:
        return max(lifetime - EARLY_SECONDS, lifetime / 2) if lifetime else None

    async def _ask(self, form: dict[str, str]) -> Grant:
        """Once: what was consumed without an answer would not work a second time."""
        secret = self._app.client_secret
        client_id = self._app.client_id or ""
        answer = await self._http.call(
            "POST",
            self._token_path,
            token="",
            read_error=error_reader(self.platform, self._http.title),
            safe=False,
            form=form if secret else form | {"client_id": client_id},
            basic=(client_id, secret.get_secret_value()) if secret else None,
        )
        return read_grant(self._http, answer)
