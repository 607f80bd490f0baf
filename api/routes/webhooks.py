"""Vendors' deliveries and challenges: verified on the raw bytes, stored, acknowledged; nothing here waits for a vendor."""

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError

from api.dependencies import Services, ServicesDep
from api.errors import error_response, storage_unavailable
from api.webhook_delivery import accept_for_many, accept_for_one
from pipewise.accepted import Accepted
from pipewise.errors import ErrorBody, NotFound
from pipewise.platforms.base import Platform
from pipewise.platforms.registry import get_platform

STORE_SECONDS = 5.0
NAME = Annotated[str, Path(max_length=32)]
INTEGRATION = Annotated[str, Path(max_length=64)]
ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"description": "Every item is on disk: `accepted`, `duplicates`, `ignored`, `rejected`."},
    401: {"description": "The signature is missing, wrong or stale, or no secret is configured."},
    404: {"description": "No such platform, integration or account."},
    413: {"description": "The body is over 1 MiB."},
    415: {"description": "Compressed, or of another type than the platform sends."},
    503: {"description": "It cannot be stored now; send it again."},
}

BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": {}},
            "application/x-www-form-urlencoded": {"schema": {"type": "object"}},
        },
    }
}
HANDSHAKE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "What proves that the secret is known.",
        "content": {"application/json": {}, "text/plain": {}},
    },
    400: {"description": "This is no challenge.", "content": {"application/json": {}, "text/plain": {}}},
    403: {"description": "The verify token is another one.", "content": {"application/json": {}, "text/plain": {}}},
    404: {"description": "No such platform, integration or account."},
}


def _queries(*names: str) -> dict[str, Any]:
    return {"parameters": [{"name": name, "in": "query", "schema": {"type": "string"}} for name in names]}


QUERY = _queries("hub.mode", "hub.verify_token", "hub.challenge", "crc_token")

router = APIRouter(prefix="/webhooks", tags=["webhooks"])


@router.post("/{platform}/{integration_id}", responses=ANSWERS, openapi_extra=BODY)
async def deliver(platform: NAME, integration_id: INTEGRATION, request: Request, services: ServicesDep) -> Response:
    """A delivery to one integration."""
    return await _deliver(services, request, platform, integration_id)


@router.post("/{platform}", responses=ANSWERS, openapi_extra=BODY)
async def deliver_shared(platform: NAME, request: Request, services: ServicesDep) -> Response:
    """A delivery to a callback that many accounts share; whose it is stands in the payload."""
    return await _deliver(services, request, platform, None)


@router.get("/{platform}/{integration_id}", responses=HANDSHAKE, openapi_extra=QUERY)
async def challenge(platform: NAME, integration_id: INTEGRATION, request: Request, services: ServicesDep) -> Response:
    """The vendor's handshake with one integration."""
    return await _challenge(services, request, platform, integration_id)


@router.get("/{platform}", responses=HANDSHAKE, openapi_extra=QUERY)
async def challenge_shared(platform: NAME, request: Request, services: ServicesDep) -> Response:
    """The vendor's handshake with a callback that many accounts share."""
    return await _challenge(services, request, platform, None)


async def _deliver(services: Services, request: Request, name: str, integration_id: str | None) -> Response:
    platform = get_platform(name)
    refusal = _refuse_type(platform, request)
    if refusal:
        return refusal
    body = await request.body()
    headers = _read_headers(request)
    try:
        # A commit that takes longer may still succeed: the vendor's repetition is then a duplicate.
        with services.application.resources.priority.acknowledging():
            async with asyncio.timeout(STORE_SECONDS):
                result = await _accept(services, platform, integration_id, body, headers)
    except (SQLAlchemyError, OSError, TimeoutError):
        return storage_unavailable()
    counts = result.counts()
    services.metrics.count_items(platform.name, counts)
    return JSONResponse(counts)


async def _accept(
    services: Services, platform: Platform, integration_id: str | None, body: bytes, headers: Mapping[str, str]
) -> Accepted:
    inbox, now = services.application.inbox, services.now()
    if integration_id is None:
        return await accept_for_many(services.directory, inbox, platform, body, headers, now)
    recipient = await services.directory.by_id(platform, integration_id)
    if recipient is None:
        raise NotFound("There is no such integration.")
    return await accept_for_one(inbox, platform, recipient, body, headers, now)


def _refuse_type(platform: Platform, request: Request) -> Response | None:
    encodings = {part.strip().lower() for part in request.headers.get("content-encoding", "").split(",")}
    if encodings - {"", "identity"}:
        return error_response(415, ErrorBody("Send the body uncompressed.", "unsupported_media_type"))
    given = request.headers.getlist("content-type")
    media_type = given[0].partition(";")[0].strip().lower() if len(given) == 1 else ""
    if media_type not in platform.webhook.content_types:
        expected = " or ".join(sorted(platform.webhook.content_types))
        return error_response(415, ErrorBody(f"Send the body as {expected}.", "unsupported_media_type"))
    return None


async def _challenge(services: Services, request: Request, name: str, integration_id: str | None) -> Response:
    platform = get_platform(name)
    try:
        credentials = await services.directory.credentials(platform, integration_id)
    except (SQLAlchemyError, OSError):
        return storage_unavailable()
    if credentials is None:
        raise NotFound("There is no such integration.")
    answer = platform.webhook.handshake(dict(request.query_params), credentials)
    return Response(answer.body, answer.status, {"X-Content-Type-Options": "nosniff"}, answer.media_type)


def _read_headers(request: Request) -> dict[str, str]:
    """Lower-case names. Of a header that came twice the first counts, as it does for whoever signed."""
    headers: dict[str, str] = {}
    for name, value in request.headers.items():
        headers.setdefault(name, value)
    return headers
