"""What a vendor's token endpoint gives, and how its refusals are read (RFC 6749, "Error response")."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from pydantic import SecretStr

from pipewise.errors import AuthFailed, Outcome, PlatformError, RateLimited, Rejected, Unavailable
from pipewise.platforms.fields import text_at, value_at
from pipewise.platforms.http import ReadError, VendorHTTP

LONGEST_LIFE = 366 * 86_400.0
CLIENT_ERRORS = frozenset({"invalid_client", "unauthorized_client"})


@dataclass(frozen=True)
class Grant:
    """Tokens. `lifetime` is seconds from now, None if the vendor did not tell."""

    access_token: SecretStr
    refresh_token: SecretStr | None
    lifetime: float | None


class OAuthVendor(Protocol):
    """One vendor's way to consent and to new tokens; hosts and client come from the settings alone."""

    platform: str

    def missing(self) -> tuple[str, ...]:
        """Settings that must be there before an account can be connected."""
        ...

    def consent_url(self, redirect_uri: str, state: str, challenge: str) -> str: ...

    async def redeem(self, code: str, verifier: str, redirect_uri: str) -> Grant:
        """Tokens for a code. Raises PlatformError."""
        ...

    async def describe(self, grant: Grant, known: Mapping[str, Any]) -> dict[str, Any]:
        """The platform's credentials; `known` are those of the integration that is connected anew. Raises PlatformError."""
        ...

    def renewable(self, credentials: Any) -> bool:
        """Whether a new token can be had for these credentials."""
        ...

    async def renew(self, credentials: Any) -> Grant:
        """New tokens. Raises AuthFailed where only the owner's consent helps, and other PlatformErrors."""
        ...

    def renew_after(self, lifetime: float | None) -> float | None:
        """In how many seconds a token of that life is to be renewed; None: when the vendor refuses it."""
        ...


def error_reader(platform: str, title: str) -> ReadError:
    """Reads refusals of a token endpoint. A grant that is refused once is refused for good."""

    def read(status: int, document: Any, headers: Mapping[str, str]) -> PlatformError:
        del headers
        told = text_at(document, "error") or str(value_at(document, "error", "code") or status)
        known: dict[str, Any] = {"platform": platform, "http_status": status, "vendor_code": told[:64]}
        if status == 429:
            return RateLimited(f"{title} asks to slow down with tokens.", retry_after=60.0, **known)
        if status >= 500 or status < 400 or status == 408:
            return Unavailable(f"{title} gave no usable answer about a token.", outcome=Outcome.UNKNOWN, **known)
        if told in CLIENT_ERRORS:
            sentence = f"{title} does not know this app; check its client ID and secret in the settings."
            return Rejected(sentence, manual_action_required=True, **known)
        sentence = f"{title} gives no access any more; connect {title} again."
        return AuthFailed(sentence, manual_action_required=True, **known)

    return read


def read_grant(http: VendorHTTP, document: Any) -> Grant:
    """Raises Unavailable for an answer without a token."""
    access = text_at(document, "access_token")
    if not access:
        raise Unavailable(f"{http.title} answered without a token.", platform=http.platform, outcome=Outcome.UNKNOWN)
    refresh, lifetime = text_at(document, "refresh_token"), value_at(document, "expires_in")
    usable = isinstance(lifetime, int | float) and not isinstance(lifetime, bool) and 0 < lifetime <= LONGEST_LIFE
    return Grant(SecretStr(access), SecretStr(refresh) if refresh else None, float(lifetime) if usable else None)
