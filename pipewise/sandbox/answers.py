"""Refusals in each vendor's own shape, and the reading of a request body into a JSON object."""

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

Json = dict[str, Any]


class VendorRefusalError(Exception):
    """An answer other than success, ready to be sent as it is."""

    def __init__(self, status: int, body: Json, headers: dict[str, str] | None = None) -> None:
        super().__init__(f"{status}: {body}")
        self.status = status
        self.body = body
        self.headers = headers or {}


class AsciiJSONResponse(JSONResponse):
    r"""JSON with \uXXXX escapes, so that half an emoji that a lead sent can still be shown."""

    def render(self, content: Any) -> bytes:
        return json.dumps(content, ensure_ascii=True, separators=(",", ":")).encode()


async def render_refusal(_request: Request, error: Exception) -> Response:
    if not isinstance(error, VendorRefusalError):
        raise error
    return AsciiJSONResponse(error.body, error.status, error.headers)


async def read_object(request: Request, refusal: VendorRefusalError) -> Json:
    """The body as a JSON object; an empty body reads as an empty one, anything else raises `refusal`."""
    raw = await request.body()
    if not raw.strip():
        return {}
    try:
        value = json.loads(raw)
        # Half a surrogate pair is legal JSON but no text: the vendors refuse it like any malformed body.
        json.dumps(value, ensure_ascii=False).encode()
    except ValueError:
        raise refusal from None
    if not isinstance(value, dict):
        raise refusal
    return value
