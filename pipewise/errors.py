"""The exception tree, split by what the caller can do, and the one structured error body.

PipewiseError
├── InvalidInput              the request is wrong: change it
├── NotFound                  no such object in this account
├── Conflict                  the object's state forbids it
├── NotAllowed                the caller's role forbids it
├── NotAuthenticated          no valid token
├── SettingsError             a setting is missing or unusable: fix the environment
├── CredentialUnreadable      stored ciphertext does not open: wrong key or tampered row
├── InvalidSignature          a webhook is not authentic
├── MalformedPayload          an authentic webhook body, or one item of it, is unusable
└── PlatformError             a vendor call failed; carries what is known of its outcome
    ├── AuthFailed            token dead or lacking rights: a person reconnects
    ├── RateLimited           wait `retry_after` seconds
    ├── Rejected              the vendor understood and refused: do not repeat unchanged
    │   └── SlotTaken         the time was free when offered and is not now
    └── Unavailable           no usable answer; `outcome` tells whether it may have happened
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    """What is known of a failed vendor call's effect."""

    NOT_SENT = "not_sent"  # no byte reached the vendor, or it refused before acting: repeating is safe
    REFUSED = "refused"  # the vendor answered and did not act
    UNKNOWN = "unknown"  # it may have happened


@dataclass(frozen=True)
class ErrorBody:
    """The structured error of every non-2xx answer and every failed result of an agent or tool."""

    error: str
    code: str
    fallback_available: bool = False
    manual_action_required: bool = False
    retry_after: float | None = None
    details: tuple[dict[str, str], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        body: dict[str, Any] = {
            "success": False,
            "error": self.error,
            "code": self.code,
            "fallback_available": self.fallback_available,
            "manual_action_required": self.manual_action_required,
            "retry_after": self.retry_after,
        }
        if self.details:
            body["details"] = list(self.details)
        return body


class PipewiseError(Exception):
    """Base of everything PipeWise raises on purpose; `message` is one sentence a person can act on."""

    status = 500
    code = "internal_error"

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        fallback_available: bool = False,
        manual_action_required: bool = False,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.fallback_available = fallback_available
        self.manual_action_required = manual_action_required
        self.retry_after = retry_after

    def body(self) -> ErrorBody:
        return ErrorBody(
            self.message,
            self.code,
            fallback_available=self.fallback_available,
            manual_action_required=self.manual_action_required,
            retry_after=self.retry_after,
        )


class InvalidInput(PipewiseError):
    status = 422
    code = "invalid_input"

    def __init__(self, message: str, *, details: tuple[dict[str, str], ...] = (), code: str | None = None) -> None:
        super().__init__(message, code=code)
        self.details = details

    def body(self) -> ErrorBody:
        return ErrorBody(self.message, self.code, details=self.details)


class NotFound(PipewiseError):
    status = 404
    code = "not_found"


class Conflict(PipewiseError):
    status = 409
    code = "conflict"


class NotAllowed(PipewiseError):
    status = 403
    code = "forbidden"


class NotAuthenticated(PipewiseError):
    status = 401
    code = "unauthenticated"


class SettingsError(PipewiseError):
    code = "settings"


class CredentialUnreadable(PipewiseError):
    code = "credential_unreadable"


class InvalidSignature(PipewiseError):
    status = 401
    code = "invalid_signature"


class MalformedPayload(PipewiseError):
    status = 400
    code = "malformed_payload"


class PlatformError(PipewiseError):
    """A vendor call failed. `platform` names the vendor, `outcome` what is known of the effect."""

    status = 502
    retryable = False
    kind = "failed"

    def __init__(
        self,
        message: str,
        *,
        platform: str,
        outcome: Outcome = Outcome.REFUSED,
        http_status: int | None = None,
        vendor_code: str | None = None,
        retry_after: float | None = None,
        retryable: bool | None = None,
        manual_action_required: bool = False,
    ) -> None:
        super().__init__(
            message,
            code=f"{platform}_{type(self).kind}",
            retry_after=retry_after,
            manual_action_required=manual_action_required,
        )
        self.platform = platform
        self.outcome = outcome
        self.http_status = http_status
        self.vendor_code = vendor_code
        self.retryable = type(self).retryable if retryable is None else retryable


class AuthFailed(PlatformError):
    kind = "auth_failed"


class RateLimited(PlatformError):
    kind = "rate_limited"
    status = 429
    retryable = True


class Rejected(PlatformError):
    kind = "rejected"


class SlotTaken(Rejected):
    kind = "slot_taken"


class Unavailable(PlatformError):
    kind = "unavailable"
    status = 503
    retryable = True
