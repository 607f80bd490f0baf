"""Who is asking: bearer token, per-user call limit, and scopes where an account was set up with some."""

from typing import Annotated

from fastapi import Depends, Request

from pipewise.sandbox.answers import VendorRefusalError
from pipewise.sandbox.bearer import bearer
from pipewise.sandbox.calendly_answers import denied, detail, invalid, missing, unauthenticated
from pipewise.sandbox.calendly_event_types import EventType
from pipewise.sandbox.calendly_quota import ANY_CALL, Verdict, Window
from pipewise.sandbox.calendly_state import API, Account, CalendlyWorld
from pipewise.sandbox.gate import ANSWER_HEADERS
from pipewise.sandbox.state import StateDep

SCOPE_MESSAGE = "This operation requires the scopes listed in the 'required_scopes' array."


async def calling_account(request: Request, state: StateDep) -> Account:
    account = state.calendly.account_of(bearer(request) or "")
    if account is None:
        raise unauthenticated()
    spend(request, account, "calls", (ANY_CALL[account.plan],))
    return account


AccountDep = Annotated[Account, Depends(calling_account)]


def spend(request: Request, account: Account, budget: str, windows: tuple[Window, ...]) -> None:
    """Count the call, show the window on whatever answer follows, refuse with 429 when it is full."""
    verdict: Verdict = account.quota.spend(budget, windows)
    request.scope[ANSWER_HEADERS].update(verdict.headers())
    if not verdict.allowed:
        raise VendorRefusalError(429, {"title": "Too Many Requests", "message": "Rate limit exceeded"})


def need_scope(account: Account, scope: str) -> None:
    """`x:write` includes `x:read`. An account without a scope list has a token from before scopes: full access."""
    if account.scopes is None or scope in account.scopes:
        return
    if scope.endswith(":read") and f"{scope.removesuffix(':read')}:write" in account.scopes:
        return
    body = {"title": "Insufficient scope", "message": SCOPE_MESSAGE, "required_scopes": [scope]}
    raise VendorRefusalError(403, body)


def need_own(account: Account, parameter: str, uri: str | None) -> None:
    """Users and organizations are named by their URI; another account's is a 403, a malformed one a 400."""
    if not uri or not uri.startswith(f"{API}/"):
        raise invalid(detail(parameter, "is not a valid URI"))
    if uri not in (account.uri, account.organization):
        raise denied()


def uuid_of(uri: object, collection: str, parameter: str) -> str:
    prefix = f"{API}/{collection}/"
    if not isinstance(uri, str) or not uri.startswith(prefix) or not uri.removeprefix(prefix):
        raise invalid(detail(parameter, "is not a valid URI"))
    return uri.removeprefix(prefix)


def own_event_type(world: CalendlyWorld, account: Account, event_type_uuid: str) -> EventType:
    found = world.event_type(event_type_uuid)
    if found is None:
        raise missing()
    owner, event_type = found
    if owner is not account:
        raise denied()
    return event_type


def malformed_body() -> VendorRefusalError:
    return invalid(message="The request body is not a JSON object.")
