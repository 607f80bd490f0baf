"""Media: upload, the short-lived address, and the download behind it."""

import base64
import hashlib
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Request, Response, UploadFile

from pipewise.sandbox.state import SandboxState, StateDep
from pipewise.sandbox.whatsapp_auth import NumberDep, token_of
from pipewise.sandbox.whatsapp_errors import bad_token, refusal, unknown_object
from pipewise.sandbox.whatsapp_state import MEDIA_LIFETIME, MEDIA_URL_LIFETIME, Media

Json = dict[str, Any]

downloads = APIRouter(tags=["whatsapp"])
router = APIRouter(prefix="/v{major:int}.0/{object_id}", tags=["whatsapp"])
MEGABYTE = 1_048_576
# "Media": images 5 MB, audio and video 16 MB, documents 100 MB.
SIZE_LIMITS = {"image": 5 * MEGABYTE, "audio": 16 * MEGABYTE, "video": 16 * MEGABYTE}
DOCUMENT_LIMIT = 100 * MEGABYTE


@router.post("/media")
async def upload_media(
    number: NumberDep,
    state: StateDep,
    messaging_product: Annotated[str, Form()] = "",
    file: Annotated[UploadFile | None, File()] = None,
) -> Json:
    if messaging_product != "whatsapp":
        raise refusal(100, "Param messaging_product must be 'whatsapp'.")
    if file is None:
        raise refusal(100, "Param file is required.")
    content, mime_type = await file.read(), file.content_type or "application/octet-stream"
    if len(content) > SIZE_LIMITS.get(mime_type.partition("/")[0], DOCUMENT_LIMIT):
        raise refusal(131053, "The file is larger than this media type allows.")
    media = Media(state.whatsapp.new_id(), number, content, mime_type, state.clock.now())
    state.whatsapp.media[media.id] = media
    state.ledger.record("whatsapp", "media_upload", id=media.id, mime_type=mime_type, file_size=len(content))
    return {"id": media.id}


def media_json(state: SandboxState, media: Media) -> Json:
    """A fresh address, good for five minutes and only together with the token."""
    now = state.clock.now()
    if now > media.created_at + MEDIA_LIFETIME:
        raise unknown_object(media.id, "get")
    media.url_made_at = now
    expires = int((now + MEDIA_URL_LIFETIME).timestamp())
    address = f"{state.whatsapp.switches.media_host}/whatsapp_business/attachments/?mid={media.id}&ext={expires}"
    return {
        "messaging_product": "whatsapp",
        "url": address,
        "mime_type": media.mime_type,
        "sha256": base64.b64encode(hashlib.sha256(media.content).digest()).decode(),
        "file_size": len(media.content),
        "id": media.id,
    }


@downloads.get("/whatsapp_business/attachments/")
async def download_media(request: Request, state: StateDep) -> Response:
    media = state.whatsapp.media.get(request.query_params.get("mid", ""))
    if media is None or media.url_made_at is None:
        raise unknown_object(request.query_params.get("mid", ""), "get")
    if token_of(request) != media.number.token:
        raise bad_token()
    if state.clock.now() > media.url_made_at + MEDIA_URL_LIFETIME:
        raise unknown_object(media.id, "get")
    return Response(media.content, media_type=media.mime_type)


@router.delete("")
async def delete_media(object_id: str, request: Request, state: StateDep) -> Json:
    media = state.whatsapp.media.get(object_id)
    if media is None or media.number.token != token_of(request):
        raise unknown_object(object_id, "delete")
    del state.whatsapp.media[object_id]
    return {"success": True}
