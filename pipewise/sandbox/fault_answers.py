"""What a broken vendor answers: the documented error bodies, rate-limit headers, and bytes that are no JSON at all."""

from typing import Any

from starlette.responses import JSONResponse, Response

Json = dict[str, Any]

CALENDLY_BODIES: dict[str, Json] = {
    "http_400": {"title": "Invalid Argument", "message": "The supplied parameters are invalid."},
    "http_401": {"title": "Unauthenticated", "message": "The access token is invalid"},
    "http_403": {"title": "Permission Denied", "message": "You do not have permission to access this resource."},
    "http_404": {"title": "Resource Not Found", "message": "The server could not find the requested resource."},
    "http_429": {"title": "Too Many Requests", "message": "Rate limit exceeded"},
    "http_500": {
        "title": "Internal Server Error",
        "message": "The server encountered an unexpected condition that prevented it from fulfilling the request.",
    },
    "http_503": {"title": "Service Unavailable", "message": "The service is temporarily unavailable."},
    "insufficient_scope": {
        "title": "Insufficient scope",
        "message": "This operation requires the scopes listed in the 'required_scopes' array.",
        "required_scopes": ["scheduled_events:write"],
    },
    "plan_required": {"title": "Permission Denied", "message": "Please upgrade to a paid Calendly account."},
}

# Graph throttles come as HTTP 400 with a code of their own; only the code says what happened.
GRAPH_ERRORS: dict[str, tuple[int, int, str, Json]] = {
    "http_400": (400, 100, "(#100) Invalid parameter", {}),
    "http_401": (
        401,
        190,
        "Error validating access token: The session has expired.",
        {"error_subcode": 463},
    ),
    "http_403": (403, 10, "(#10) Application does not have permission for this action", {}),
    "http_404": (404, 100, "Unsupported post request.", {"error_subcode": 33}),
    "http_429": (400, 130429, "(#130429) Rate limit hit", {"error_subcode": 2494055}),
    "http_500": (500, 131000, "(#131000) Something went wrong", {}),
    "http_503": (503, 2, "Temporary failure, try later.", {"is_transient": True}),
    "insufficient_scope": (403, 131005, "(#131005) Access denied", {}),
    "plan_required": (400, 131042, "(#131042) Business eligibility payment issue", {}),
}

# Where Instagram's list of codes differs from WhatsApp's.
INSTAGRAM_ERRORS: dict[str, tuple[int, int, str, Json]] = {
    "http_429": (400, 613, "(#613) Calls to this api have exceeded the rate limit.", {}),
    "http_500": (500, 1, "(#1) An unknown error occurred", {}),
    "insufficient_scope": (403, 200, "(#200) Permissions error", {}),
    "plan_required": (400, 36103, "(#36103) Messaging is not available for this account", {}),
}

PROBLEMS: dict[str, tuple[int, str, str | None]] = {
    "http_400": (400, "Invalid Request", "invalid-request"),
    "http_401": (401, "Unauthorized", None),
    "http_403": (403, "Forbidden", None),
    "http_404": (404, "Not Found Error", "resource-not-found"),
    "http_429": (429, "Too Many Requests", None),
    "http_500": (500, "Internal Server Error", None),
    "http_503": (503, "Service Unavailable", None),
    "insufficient_scope": (403, "Client Forbidden", "client-forbidden"),
    "plan_required": (402, "CreditsDepleted", "credits"),
}

MODEL_ERRORS: dict[str, tuple[int, str, str | None]] = {
    "http_400": (400, "invalid_request_error", None),
    "http_401": (401, "invalid_request_error", "invalid_api_key"),
    "http_403": (403, "invalid_request_error", "permission_denied"),
    "http_404": (404, "invalid_request_error", "model_not_found"),
    "http_429": (429, "requests", "rate_limit_exceeded"),
    "http_500": (500, "server_error", None),
    "http_503": (503, "server_error", "overloaded"),
    "insufficient_scope": (403, "invalid_request_error", "insufficient_permissions"),
    "plan_required": (429, "insufficient_quota", "insufficient_quota"),
}


def status_answer(vendor: str, kind: str, retry_after: int | None) -> JSONResponse:
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    if vendor == "calendly":
        return _calendly(kind, retry_after, headers)
    if vendor == "x":
        return _problem(kind, headers)
    if vendor == "model":
        return _model(kind, headers)
    return _graph(GRAPH_ERRORS if vendor == "whatsapp" else GRAPH_ERRORS | INSTAGRAM_ERRORS, kind, headers)


def _calendly(kind: str, retry_after: int | None, headers: dict[str, str]) -> JSONResponse:
    status = 403 if kind not in CALENDLY_BODIES or not kind.startswith("http_") else int(kind[5:])
    if kind == "http_429":
        # Calendly tells the pause in seconds through X-RateLimit-Reset; it documents no Retry-After.
        reset = str(60 if retry_after is None else retry_after)
        headers = {"X-RateLimit-Limit": "500", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset}
    return JSONResponse(CALENDLY_BODIES[kind], status, headers)


def _graph(errors: dict[str, tuple[int, int, str, Json]], kind: str, headers: dict[str, str]) -> JSONResponse:
    status, code, message, extra = errors[kind]
    error = {"message": message, "type": "OAuthException", "code": code, **extra, "fbtrace_id": "ASandboxTrace00000000"}
    return JSONResponse({"error": error}, status, headers)


def _problem(kind: str, headers: dict[str, str]) -> JSONResponse:
    status, title, tail = PROBLEMS[kind]
    type_uri = f"https://api.twitter.com/2/problems/{tail}" if tail else "about:blank"
    body = {"title": title, "detail": "The sandbox was told to answer this.", "type": type_uri, "status": status}
    return JSONResponse(body, status, headers, media_type="application/problem+json")


def _model(kind: str, headers: dict[str, str]) -> JSONResponse:
    status, error_type, code = MODEL_ERRORS[kind]
    error = {"message": f"The sandbox was told to answer {status}.", "type": error_type, "param": None, "code": code}
    return JSONResponse({"error": error}, status, headers)


def broken_answer(kind: str) -> Response:
    """`garbage`: a proxy's page cut short, announced as JSON. `empty`: 200 with no body."""
    if kind == "empty":
        return Response(b"", 200, media_type="application/json")
    return Response(
        b'<!doctype html><title>502</title>{"resource": {"uri": "https:', 200, media_type="application/json"
    )
