"""Connecting a platform by its owner's consent: the way to the vendor's page, and back from it."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Cookie, Depends, Path, Query, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from api.dependencies import Admin, Services, ServicesDep, identify, require_right
from api.rights import Action
from api.routes.integrations import attend_in_background
from api.views import integration_view
from pipewise.errors import Conflict, NotFound
from pipewise.integration_checks import CONNECT_SECONDS, check_integration
from pipewise.oauth.consent import STATE_LIFE, Consents
from pipewise.oauth.grants import OAuthVendor
from pipewise.storage import integrations as rows
from pipewise.storage.accounts import User
from pipewise.storage.integrations import Integration
from pipewise.storage.tenancy import act_for

COOKIE = "pipewise_oauth"
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>PipeWise</title>
<p>The account is connected. You can close this page.</p></html>"""
PAGE_HEADERS = {"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'", "Cache-Control": "no-store"}

router = APIRouter(prefix="/api/integrations/{platform}/oauth", tags=["integrations"])
Name = Annotated[str, Path(max_length=100)]
Short = Annotated[str | None, Query(max_length=4096)]
Browser = Annotated[str | None, Cookie(alias=COOKIE)]


@dataclass(frozen=True)
class Finisher:
    """Who comes back from the vendor: a user with a token, or the browser that began."""

    user: User | None
    browser: str | None


async def _read_finisher(services: ServicesDep, request: Request, browser: Browser = None) -> Finisher:
    if request.headers.get("authorization") is None and browser:
        return Finisher(None, browser)
    user = await identify(services, request)
    require_right(user, Action.MANAGE)
    return Finisher(user, browser)


@router.get("/start", response_class=JSONResponse, responses={302: {"description": "To the vendor's consent page."}})
async def start(
    user: Admin,
    services: ServicesDep,
    request: Request,
    platform: Name,
    integration_id: Annotated[str | None, Query(max_length=36)] = None,
) -> Response:
    """To the vendor's consent page. With `Accept: application/json` its address comes as `url` instead of a redirect.
    `integration_id`: connect this one anew."""
    vendor = _vendor(services, platform)
    begun = await _consents(services).begin(vendor, user.account_id, user.id, integration_id, services.now())
    body = {"url": begun.url, "expires_at": begun.expires_at.isoformat()}
    wants_json = "application/json" in request.headers.get("accept", "")
    answer = JSONResponse(body, 200 if wants_json else 302, {"Cache-Control": "no-store"})
    if not wants_json:
        answer.headers["Location"] = begun.url
    answer.set_cookie(
        COOKIE,
        begun.browser,
        max_age=int(STATE_LIFE.total_seconds()),
        path=f"/api/integrations/{platform}/oauth",
        secure=services.resources.settings.public_url.startswith("https://"),
        httponly=True,
        samesite="lax",
    )
    return answer


@router.get("/callback", response_class=JSONResponse)
async def callback(
    finisher: Annotated[Finisher, Depends(_read_finisher)],
    services: ServicesDep,
    request: Request,
    platform: Name,
    state: Short = None,
    code: Short = None,
    error: Short = None,
) -> Response:
    """Back from the vendor: for the browser that began, or for the user's own token. Makes the integration, or renews its
    tokens."""
    vendor, consents, now = _vendor(services, platform), _consents(services), services.now()
    user_id = finisher.user.id if finisher.user else None
    pending = await consents.take(platform, state or "", user_id=user_id, browser=finisher.browser, now=now)
    act_for(pending.account_id)
    if error or not code:
        raise Conflict("The vendor says that access was not given; start again and agree.", code="oauth_denied")
    made = await consents.finish(vendor, pending, state or "", code, now)
    await _announce(services, made)
    shown = await _shown(services, made)
    if "text/html" in request.headers.get("accept", ""):
        page: Response = HTMLResponse(PAGE, headers=PAGE_HEADERS)
    else:
        page = JSONResponse(shown, headers={"Cache-Control": "no-store"})
    page.delete_cookie(COOKIE, path=f"/api/integrations/{platform}/oauth")
    return page


def _vendor(services: Services, platform: str) -> OAuthVendor:
    vendor = services.resources.connections.tokens.vendors.get(platform)
    if vendor is None:
        raise NotFound("There is no platform of this name that is connected by consent.")
    return vendor


def _consents(services: Services) -> Consents:
    resources = services.resources
    return Consents(
        resources.database,
        resources.vault,
        resources.settings.public_url,
        reads=resources.reads,
        audit=resources.audit,
    )


async def _announce(services: Services, made: Integration) -> None:
    services.directory.forget()
    services.resources.connections.drop(made.id)
    await check_integration(services.resources, made, longest=CONNECT_SECONDS)
    await attend_in_background(services, made)


async def _shown(services: Services, made: Integration) -> dict[str, Any]:
    async with services.resources.database.read() as connection:
        integration = await rows.get_integration(connection, made.account_id, made.id)
        stats = await rows.read_stats(connection, made.account_id)
    return integration_view(integration, stats.get(made.id, {}), services.resources.settings.public_url)
