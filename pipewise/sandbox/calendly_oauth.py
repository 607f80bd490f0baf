"""Calendly's OAuth: authorization code with PKCE, rotating single-use refresh tokens, introspection, revocation."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, RedirectResponse

from pipewise.sandbox.answers import VendorRefusalError
from pipewise.sandbox.calendly_quota import TOKEN_CALLS
from pipewise.sandbox.calendly_state import DEFAULT_TOKEN, Account
from pipewise.sandbox.oauth_clients import read_client, verifier_fits
from pipewise.sandbox.state import SandboxState, StateDep

Json = dict[str, Any]

router = APIRouter(prefix="/oauth", tags=["calendly"])
ACCESS_LIFETIME = 7200
CODE_LIFETIME = timedelta(minutes=10)
FULL_SCOPE = (
    "users:read event_types:read availability:read scheduled_events:write scheduling_links:write webhooks:write"
)
INVALID_GRANT = "The provided authorization grant is invalid, expired, revoked, or was issued to another client."


def oauth_error(error: str, description: str, status: int = 400) -> VendorRefusalError:
    """OAuth answers have fields of their own, not the API's `title` and `message`."""
    return VendorRefusalError(status, {"error": error, "error_description": description})


@router.get("/authorize")
async def authorize(request: Request, state: StateDep) -> RedirectResponse:
    """The first account agrees at once and the browser goes back with a code."""
    query = request.query_params
    if query.get("response_type") != "code" or not query.get("client_id") or not query.get("redirect_uri"):
        raise oauth_error("invalid_request", "The request is missing a required parameter.")
    code = state.calendly.new_token("code")
    state.calendly.authorizations[code] = {
        "client_id": query["client_id"],
        "redirect_uri": query["redirect_uri"],
        "challenge": query.get("code_challenge"),
        "scope": query.get("scope", FULL_SCOPE),
        "expires": state.clock.now() + CODE_LIFETIME,
    }
    joint = "&" if "?" in query["redirect_uri"] else "?"
    back = {"code": code, **({"state": query["state"]} if "state" in query else {})}
    return RedirectResponse(f"{query['redirect_uri']}{joint}{urlencode(back)}", 302)


@router.post("/token")
async def issue_token(request: Request, state: StateDep) -> Json:
    form = {key: str(value) for key, value in (await request.form()).items()}
    client_id = client_of(request, form)
    if form.get("grant_type") == "authorization_code":
        account, scope = redeem_code(state, form, client_id)
    elif form.get("grant_type") == "refresh_token":
        account, scope = redeem_refresh(state, form)
    else:
        raise oauth_error("unsupported_grant_type", "The grant type is not supported.")
    if not account.quota.spend("tokens", (TOKEN_CALLS,)).allowed:
        raise oauth_error("rate_limited", "Too many token requests.", 429)
    return new_tokens(state, account, scope)


def client_of(request: Request, form: dict[str, str]) -> str:
    client_id = read_client(request, form)
    if client_id is None:
        raise oauth_error("invalid_client", "Client authentication failed.", 401)
    return client_id


def redeem_code(state: SandboxState, form: dict[str, str], client_id: str) -> tuple[Account, str]:
    grant = state.calendly.authorizations.pop(form.get("code", ""), None)
    if (
        grant is None
        or state.clock.now() > grant["expires"]
        or (grant["client_id"], grant["redirect_uri"]) != (client_id, form.get("redirect_uri"))
        or not verifier_fits(grant["challenge"], form.get("code_verifier", ""))
    ):
        raise oauth_error("invalid_grant", INVALID_GRANT)
    return state.calendly.accounts[DEFAULT_TOKEN], str(grant["scope"])


def redeem_refresh(state: SandboxState, form: dict[str, str]) -> tuple[Account, str]:
    """Each refresh token works once."""
    grant = state.calendly.refresh_tokens.pop(form.get("refresh_token", ""), None)
    if grant is None:
        raise oauth_error("invalid_grant", INVALID_GRANT)
    return grant


def new_tokens(state: SandboxState, account: Account, scope: str) -> Json:
    """The OAuth account is a second door to the same calendar: the host's personal token keeps working."""
    world, now = state.calendly, state.clock.now()
    access, refresh = world.new_token("access"), world.new_token("refresh")
    world.oauth_grants[access] = (account, now + timedelta(seconds=ACCESS_LIFETIME), scope)
    world.refresh_tokens[refresh] = (account, scope)
    state.ledger.record("calendly", "token_issued", owner=account.uri)
    return {
        "token_type": "Bearer",
        "access_token": access,
        "refresh_token": refresh,
        "scope": scope,
        "created_at": int(now.timestamp()),
        "expires_in": ACCESS_LIFETIME,
        "owner": account.uri,
        "organization": account.organization,
    }


@router.post("/introspect")
async def introspect(request: Request, state: StateDep) -> Json:
    form = await request.form()
    need_client(form)
    grant = state.calendly.oauth_grants.get(str(form.get("token", "")))
    if grant is None or state.clock.now() >= grant[1]:
        return {"active": False}
    account, expires, scope = grant
    end = int(expires.timestamp())
    times = {"exp": end, "iat": end - ACCESS_LIFETIME}
    owner = {"owner": account.uri, "organization": account.organization}
    return {"active": True, "scope": scope, "client_id": form["client_id"], "token_type": "Bearer", **times, **owner}


@router.post("/revoke")
async def revoke(request: Request, state: StateDep) -> JSONResponse:
    form = await request.form()
    need_client(form)
    token = str(form.get("token", ""))
    if not token:
        raise oauth_error("invalid_request", "The request is missing a required parameter.")
    state.calendly.oauth_grants.pop(token, None)
    state.calendly.refresh_tokens.pop(token, None)
    return JSONResponse({})


def need_client(form: Any) -> None:
    if not form.get("client_id") or not form.get("client_secret"):
        raise oauth_error("invalid_client", "Client authentication failed.", 403)
