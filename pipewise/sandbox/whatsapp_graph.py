"""The Graph API around the messages: number fields, health, token debugging, app subscriptions, templates."""

import base64
from typing import Any

from fastapi import APIRouter, Request

from pipewise.sandbox.answers import read_object
from pipewise.sandbox.state import SandboxState, StateDep
from pipewise.sandbox.whatsapp_auth import WabaDep, known_token, token_of
from pipewise.sandbox.whatsapp_errors import absent, bad_token, not_valid, refusal, unknown_object
from pipewise.sandbox.whatsapp_handshake import shake_hands
from pipewise.sandbox.whatsapp_media import media_json
from pipewise.sandbox.whatsapp_state import APP_ID, BUSINESS_ID, Number
from pipewise.sandbox.whatsapp_templates import CATEGORIES, NAME, Template

Json = dict[str, Any]

token_router = APIRouter(tags=["whatsapp"])
versioned_token_router = APIRouter(prefix="/v{major:int}.0", tags=["whatsapp"])
router = APIRouter(prefix="/v{major:int}.0/{object_id}", tags=["whatsapp"])
APP_NAME = "PipeWise sandbox"
SCOPES = ["whatsapp_business_management", "whatsapp_business_messaging"]
DEFAULT_FIELDS = "verified_name,display_phone_number,quality_rating,code_verification_status"
MAX_TEMPLATES_PAGE = 100
DEFAULT_TEMPLATES_PAGE = 25


@token_router.get("/debug_token")
@versioned_token_router.get("/debug_token")
async def debug_token(request: Request, state: StateDep) -> Json:
    """Asked with an app token (`app id|app secret`) or with the token itself."""
    asked = request.query_params.get("input_token", "")
    asker = token_of(request)
    apps = {f"{APP_ID}|{number.app_secret}" for number in state.whatsapp.numbers.values()}
    if asker not in apps and not known_token(state, asker):
        raise bad_token()
    data: Json = {"app_id": APP_ID, "type": "SYSTEM_USER", "application": APP_NAME}
    if not known_token(state, asked):
        error = {"code": 190, "message": "The session has been invalidated.", "subcode": 460}
        return {"data": {**data, "error": error, "expires_at": 0, "is_valid": False, "scopes": [], "user_id": APP_ID}}
    wabas = sorted({n.waba_id for n in state.whatsapp.numbers.values() if n.token == asked})
    granular = [{"scope": scope, "target_ids": wabas} for scope in SCOPES]
    issued = int(state.clock.now().timestamp()) - 86_400
    times = {"data_access_expires_at": 0, "expires_at": 0, "issued_at": issued}
    return {
        "data": {**data, **times, "is_valid": True, "scopes": SCOPES, "granular_scopes": granular, "user_id": APP_ID}
    }


@router.get("")
async def read_object_fields(object_id: str, request: Request, state: StateDep) -> Json:
    """A number, a business account or a media, by its id."""
    token = token_of(request)
    if not known_token(state, token):
        raise bad_token()
    fields = request.query_params.get("fields", DEFAULT_FIELDS).split(",")
    number = state.whatsapp.numbers.get(object_id)
    if number and number.token == token:
        known = number_fields(number)
        return {**{name: known[name] for name in fields if name in known}, "id": number.id}
    media = state.whatsapp.media.get(object_id)
    if media and media.number.token == token:
        return media_json(state, media)
    owned = next((n for n in state.whatsapp.numbers.values() if n.waba_id == object_id and n.token == token), None)
    if owned:
        known = {"name": owned.name, "health_status": health(owned)}
        return {**{name: known[name] for name in fields if name in known}, "id": object_id}
    raise unknown_object(object_id, "get")


def number_fields(number: Number) -> Json:
    return {
        "verified_name": number.name,
        "display_phone_number": number.display,
        "quality_rating": "GREEN",
        "code_verification_status": "VERIFIED",
        "name_status": "APPROVED",
        "status": "CONNECTED",
        "platform_type": "CLOUD_API",
        "throughput": {"level": "STANDARD"},
        "whatsapp_business_manager_messaging_limit": "TIER_2K",
        "webhook_configuration": {"application": number.callback_url} if number.callback_url else {},
        "health_status": health(number),
    }


def health(number: Number) -> Json:
    ids = {"PHONE_NUMBER": number.id, "WABA": number.waba_id, "BUSINESS": BUSINESS_ID, "APP": APP_ID}
    entities = [{"entity_type": kind, "id": key, "can_send_message": "AVAILABLE"} for kind, key in ids.items()]
    return {"can_send_message": "AVAILABLE", "entities": entities}


@router.post("/subscribed_apps")
async def subscribe_app(request: Request, numbers: WabaDep, state: StateDep) -> Json:
    """With `override_callback_uri` and `verify_token` this account's webhooks go there, once the handshake holds."""
    body = await read_object(request, refusal(100, "The request body is not a JSON object."))
    override, verify_token = body.get("override_callback_uri"), body.get("verify_token")
    if override:
        if not verify_token:
            raise absent("verify_token")
        outcome = await shake_hands(state, str(override), str(verify_token))
        if not outcome["ok"]:
            raise refusal(100, f"Callback verification failed: {outcome['problem']}")
    for number in numbers:
        number.subscribed = True
        number.callback_url = str(override) if override else number.callback_url
    return {"success": True}


@router.get("/subscribed_apps")
async def list_subscribed_apps(numbers: WabaDep) -> Json:
    link = f"https://www.facebook.com/games/?app_id={APP_ID}"
    app = {"whatsapp_business_api_data": {"id": APP_ID, "name": APP_NAME, "link": link}}
    return {"data": [app] if any(number.subscribed for number in numbers) else []}


@router.delete("/subscribed_apps")
async def unsubscribe_app(numbers: WabaDep) -> Json:
    for number in numbers:
        number.subscribed = False
    return {"success": True}


@router.get("/message_templates")
async def list_templates(object_id: str, request: Request, _numbers: WabaDep, state: StateDep) -> Json:
    query = request.query_params
    found = [t for t in state.whatsapp.templates[object_id] if query.get("name", t.name) == t.name]
    limit = query.get("limit", str(DEFAULT_TEMPLATES_PAGE))
    size = min(int(limit), MAX_TEMPLATES_PAGE) if limit.isdecimal() and int(limit) else DEFAULT_TEMPLATES_PAGE
    start = cursor_offset(query.get("after"))
    shown = found[start : start + size]
    paging: Json = {"cursors": {"before": cursor(start), "after": cursor(start + len(shown))}}
    if start + size < len(found):
        paging["next"] = f"https://graph.facebook.com{request.url.path}?limit={size}&after={cursor(start + size)}"
    wanted = {*query.get("fields", "").split(","), "id"} if "fields" in query else None
    data = [{k: v for k, v in t.as_json().items() if wanted is None or k in wanted} for t in shown]
    return {"data": data, "paging": paging}


def cursor(offset: int) -> str:
    return base64.b64encode(str(offset).encode()).decode().rstrip("=")


def cursor_offset(raw: str | None) -> int:
    try:
        return int(base64.b64decode((raw or "MA") + "==").decode())
    except ValueError:
        raise not_valid("Param after is not a valid cursor.") from None


@router.post("/message_templates")
async def create_template(object_id: str, request: Request, _numbers: WabaDep, state: StateDep) -> Json:
    """New templates wait for review: a person approves them on the switch board."""
    body = await read_object(request, refusal(100, "The request body is not a JSON object."))
    template = new_template(state, body)
    if any((t.name, t.language) == (template.name, template.language) for t in state.whatsapp.templates[object_id]):
        raise refusal(100, "Content in this language already exists for this template.")
    state.whatsapp.templates[object_id].append(template)
    state.ledger.record("whatsapp", "template", name=template.name, language=template.language, status=template.status)
    return {"id": template.id, "status": template.status, "category": template.category}


def new_template(state: SandboxState, body: Json) -> Template:
    for key in ("name", "language", "category", "components"):
        if not body.get(key):
            raise absent(key)
    if not NAME.match(str(body["name"])):
        raise not_valid("Param name may hold lower-case letters, digits and underscores.")
    if body["category"] not in CATEGORIES:
        raise not_valid("Param category is not one of the template categories.")
    if not isinstance(body["components"], list) or not any(c.get("type") == "BODY" for c in body["components"]):
        raise not_valid("Param components must hold a BODY.")
    parameter_format = str(body.get("parameter_format", "POSITIONAL")).upper()
    return Template(
        state.whatsapp.new_id(),
        body["name"],
        body["language"],
        body["category"],
        "PENDING",
        parameter_format,
        body["components"],
    )


@router.delete("/message_templates")
async def delete_template(object_id: str, request: Request, _numbers: WabaDep, state: StateDep) -> Json:
    name = request.query_params.get("name")
    if not name:
        raise absent("name")
    kept = [t for t in state.whatsapp.templates[object_id] if t.name != name]
    if len(kept) == len(state.whatsapp.templates[object_id]):
        raise refusal(132001, f"template name ({name}) does not exist", status=400)
    state.whatsapp.templates[object_id] = kept
    return {"success": True}
