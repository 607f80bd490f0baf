"""X's OAuth 2.0: authorization code with PKCE, access tokens of two hours, refresh tokens that work once."""

from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse

from pipewise.sandbox.oauth_clients import read_client, verifier_fits
from pipewise.sandbox.state import SandboxState, StateDep
from pipewise.sandbox.x_errors import oauth_error
from pipewise.sandbox.x_state import ACCESS_LIFE, CODE_LIFE, DEFAULT_ACCOUNT_ID, Account

Json = dict[str, Any]

router = APIRouter(tags=["x"])


@router.get("/i/oauth2/authorize")
async def authorize(request: Request, state: StateDep) -> RedirectResponse:
    """The first account agrees at once, or declines if the switch says so, and the browser goes back."""
    query = request.query_params
    needed = ("client_id", "redirect_uri", "state", "code_challenge", "scope")
    fits = query.get("response_type") == "code" and query.get("code_challenge_method") == "S256"
    if not fits or not all(query.get(name) for name in needed):
        raise oauth_error("invalid_request", "The request is missing a required parameter.")
    if state.x.switches.consent == "deny":
        back = {"error": "access_denied", "state": query["state"]}
        return RedirectResponse(f"{query['redirect_uri']}?{urlencode(back)}", 302)
    code = state.x.new_token("code")
    state.x.codes[code] = {
        "client_id": query["client_id"],
        "redirect_uri": query["redirect_uri"],
        "challenge": query["code_challenge"],
        "scope": query["scope"],
        "expires": state.clock.now() + CODE_LIFE,
    }
    return RedirectResponse(f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}", 302)


@router.post("/2/oauth2/token")
async def issue_token(request: Request, state: StateDep) -> Json:
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        raise oauth_error("invalid_request", "The body must be form-encoded.")
    form = {key: str(value) for key, value in (await request.form()).items()}
    client_id = client_of(request, form)
    if form.get("grant_type") == "authorization_code":
        account, scope = redeem_code(state, form, client_id)
    elif form.get("grant_type") == "refresh_token":
        known = state.x.refresh_tokens.pop(form.get("refresh_token", ""), None)
        if known is None:
            raise oauth_error("invalid_request", "Value passed for the token was invalid.")
        account, scope = known, "offline.access"
    else:
        raise oauth_error("unsupported_grant_type", "The grant type is not supported.")
    return new_tokens(state, account, scope)


def client_of(request: Request, form: dict[str, str]) -> str:
    client_id = read_client(request, form)
    if client_id is None:
        raise oauth_error("unauthorized_client", "Missing valid authorization header", 401)
    return client_id


def redeem_code(state: SandboxState, form: dict[str, str], client_id: str) -> tuple[Account, str]:
    grant = state.x.codes.pop(form.get("code", ""), None)
    if (
        grant is None
        or state.clock.now() > grant["expires"]
        or (grant["client_id"], grant["redirect_uri"]) != (client_id, form.get("redirect_uri"))
        or not verifier_fits(grant["challenge"], form.get("code_verifier", ""))
    ):
        raise oauth_error("invalid_request", "Value passed for the authorization code was invalid.")
    return state.x.accounts[DEFAULT_ACCOUNT_ID], str(grant["scope"])


def new_tokens(state: SandboxState, account: Account, scope: str) -> Json:
    access, refresh = state.x.new_token("access"), state.x.new_token("refresh")
    state.x.tokens[access] = (account, state.clock.now() + ACCESS_LIFE)
    state.x.refresh_tokens[refresh] = account
    state.ledger.record("x", "token_issued", account_id=account.id)
    seconds = int(ACCESS_LIFE.total_seconds())
    return {
        "token_type": "bearer",
        "expires_in": seconds,
        "access_token": access,
        "scope": scope,
        "refresh_token": refresh,
    }
