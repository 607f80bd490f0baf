"""Instagram Login: consent, code, short token, long token, and its refreshing after a day and before its end."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse

from pipewise.sandbox.instagram_errors import bad_token, invalid, oauth_error
from pipewise.sandbox.instagram_state import DEFAULT_ACCOUNT_ID, YOUNGEST_REFRESH, Token
from pipewise.sandbox.state import SandboxState, StateDep

Json = dict[str, Any]

router = APIRouter(prefix="/_instagram", tags=["instagram"])
CODE_LIFETIME = timedelta(hours=1)


@router.get("/oauth/authorize")
async def authorize(request: Request, state: StateDep) -> RedirectResponse:
    """The first account agrees at once, or declines if the switch says so, and the browser goes back."""
    query = request.query_params
    if query.get("response_type") != "code" or not query.get("client_id") or not query.get("redirect_uri"):
        raise oauth_error("Invalid platform app")
    given = {"state": query["state"]} if "state" in query else {}
    if state.instagram.switches.consent == "deny":
        back = {"error": "access_denied", "error_reason": "user_denied", **given}
        return RedirectResponse(f"{query['redirect_uri']}?{urlencode(back)}", 302)
    code = state.instagram.new_token("code")
    state.instagram.codes[code] = {
        "client_id": query["client_id"],
        "redirect_uri": query["redirect_uri"],
        "expires": state.clock.now() + CODE_LIFETIME,
        "scope": query.get("scope", ""),
    }
    # Instagram adds these two characters to every code's redirect.
    return RedirectResponse(f"{query['redirect_uri']}?{urlencode({'code': code, **given})}#_", 302)


@router.post("/oauth/access_token")
async def exchange_code(request: Request, state: StateDep) -> Json:
    form = {key: str(value) for key, value in (await request.form()).items()}
    if form.get("grant_type") != "authorization_code" or not form.get("client_secret"):
        raise oauth_error("Invalid request")
    grant = state.instagram.codes.pop(form.get("code", ""), None)
    if (
        grant is None
        or state.clock.now() > grant["expires"]
        or (grant["client_id"], grant["redirect_uri"]) != (form.get("client_id"), form.get("redirect_uri"))
    ):
        raise oauth_error("This authorization code has been used or is not valid.")
    token, account = state.instagram.new_token("short"), state.instagram.accounts[DEFAULT_ACCOUNT_ID]
    state.instagram.issue(account, token, short=True)
    return {"access_token": token, "user_id": int(f"25{account.id[2:]}"), "permissions": grant["scope"].split(",")}


@router.get("/access_token")
async def lengthen(request: Request, state: StateDep) -> Json:
    query = request.query_params
    token = usable(state, query.get("access_token", ""))
    if query.get("grant_type") != "ig_exchange_token" or not query.get("client_secret") or not token.short:
        raise invalid("Unsupported request - method type: get")
    return long_token(state, token)


@router.get("/refresh_access_token")
async def refresh(request: Request, state: StateDep) -> Json:
    """A token of at least 24 hours that has not run out; the new one lives 60 days again."""
    query = request.query_params
    token = usable(state, query.get("access_token", ""))
    if query.get("grant_type") != "ig_refresh_token" or token.short:
        raise invalid("Unsupported request - method type: get")
    if state.clock.now() < token.issued_at + YOUNGEST_REFRESH:
        raise invalid("The access token is not yet 24 hours old.")
    state.ledger.record("instagram", "token_refreshed", account_id=token.account.id)
    return long_token(state, token)


def usable(state: SandboxState, given: str) -> Token:
    token = state.instagram.tokens.get(given)
    if token is None:
        raise bad_token()
    if state.clock.now() >= token.expires_at:
        raise bad_token(expired=True)
    return token


def long_token(state: SandboxState, token: Token) -> Json:
    name = state.instagram.new_token("long")
    made = state.instagram.issue(token.account, name)
    seconds = int((made.expires_at - made.issued_at).total_seconds())
    return {"access_token": name, "token_type": "bearer", "expires_in": seconds}
