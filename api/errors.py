"""Everything that goes wrong in a request, as the one structured body; nothing internal, no value that was sent."""

import logging
import uuid
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exception_handlers import http_exception_handler
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipewise.errors import CredentialUnreadable, ErrorBody, NotAuthenticated, PipewiseError
from pipewise.storage.trouble import is_storage_trouble

log = logging.getLogger(__name__)
STORAGE_RETRY_SECONDS = 5
LONGEST_FIELD = 100
_WHERE = {"body", "query", "path", "header", "cookie"}
_HTTP_CODES = {404: "not_found", 405: "method_not_allowed", 413: "too_large", 415: "unsupported_media_type"}


def error_response(status: int, body: ErrorBody, headers: Mapping[str, str] | None = None) -> JSONResponse:
    more = dict(headers or {})
    if body.retry_after is not None:
        more.setdefault("Retry-After", str(max(1, round(body.retry_after))))
    return JSONResponse(body.as_dict(), status, more)


def storage_unavailable() -> JSONResponse:
    body = ErrorBody(
        "It cannot be stored just now; send it again.", "storage_unavailable", retry_after=STORAGE_RETRY_SECONDS
    )
    return error_response(503, body)


def install_error_handlers(app: FastAPI, prefixes: tuple[str, ...]) -> None:
    """Under other paths than `prefixes`, which another server may share with us, FastAPI's own answers stand."""

    async def answer_http(request: Request, error: Exception) -> Response:
        if not isinstance(error, HTTPException):
            raise error
        if not request.url.path.startswith(prefixes):
            return await http_exception_handler(request, error)
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            error.headers = {**(error.headers or {}), "Allow": ", ".join(_methods_of(app, request.scope))}
        return _answer_http(error)

    app.add_exception_handler(PipewiseError, _answer_pipewise)
    app.add_exception_handler(RequestValidationError, _answer_invalid)
    app.add_exception_handler(HTTPException, answer_http)


def _methods_of(app: FastAPI, scope: Scope) -> list[str]:
    """What the path takes. Each route knows its own method alone."""
    fitting = (route for route in app.routes if route.matches(scope)[0] is not Match.NONE)
    return sorted({method for route in fitting for method in getattr(route, "methods", None) or ()})


class ErrorBoundary:
    """The outermost place where a request's exception is caught: logged with a number that the answer names."""

    def __init__(self, app: ASGIApp, *, prefixes: tuple[str, ...] = ("/",)) -> None:
        self._app = app
        self._prefixes = prefixes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(self._prefixes):
            await self._app(scope, receive, send)
            return
        started = False

        async def note_start(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, note_start)
        except Exception as error:
            if started:
                # Half an answer is out: the server closes the connection, which the caller can see.
                raise
            await _answer_unexpected(scope, error)(scope, receive, send)


def _answer_unexpected(scope: Scope, error: Exception) -> Response:
    if is_storage_trouble(error):
        log.error("the database does not answer", extra={"path": scope["path"], "problem": type(error).__name__})
        return storage_unavailable()
    if isinstance(error, DataError):
        # A text or number that the database has no place for, whatever checks it passed.
        return error_response(422, ErrorBody("The request holds a value that cannot be stored.", "invalid_input"))
    number = uuid.uuid4().hex[:12]
    log.error("request failed", exc_info=error, extra={"path": scope["path"], "error_number": number})
    return error_response(
        500, ErrorBody(f"Something unexpected went wrong; the log has it as {number}.", "internal_error")
    )


async def _answer_pipewise(request: Request, error: Exception) -> Response:
    if not isinstance(error, PipewiseError):
        raise error
    headers = {"WWW-Authenticate": "Bearer"} if isinstance(error, NotAuthenticated) else None
    if error.status >= 500:
        log.warning("request could not be answered", extra={"path": request.url.path, "code": error.code})
    if type(error).status == PipewiseError.status and not isinstance(error, CredentialUnreadable):
        # Of these the sentence may speak of the installation's inside; it is in the log.
        log.error("request failed", exc_info=error, extra={"path": request.url.path})
        return error_response(500, ErrorBody("Something unexpected went wrong; the log has the details.", error.code))
    return error_response(error.status, error.body(), headers)


async def _answer_invalid(request: Request, error: Exception) -> Response:
    del request
    if not isinstance(error, RequestValidationError):
        raise error
    body = ErrorBody("The request is not complete or not valid.", "invalid_input", details=describe(error.errors()))
    return error_response(422, body)


def _answer_http(error: HTTPException) -> Response:
    if error.status_code < 400:
        return Response(status_code=error.status_code, headers=error.headers)
    code = _HTTP_CODES.get(error.status_code, "http_error")
    sentence = "There is nothing here." if error.status_code == 404 else f"{error.detail}."
    return error_response(error.status_code, ErrorBody(sentence, code), error.headers)


def describe(problems: Iterable[Mapping[str, Any]]) -> tuple[dict[str, str], ...]:
    """One entry per problem: where, and what; never the value."""
    return tuple(
        {"field": "body" if problem["type"] == "json_invalid" else _field(problem["loc"]), "problem": _problem(problem)}
        for problem in problems
    )


def _field(place: Iterable[Any]) -> str:
    parts = [str(part)[:LONGEST_FIELD] for part in place]
    return ".".join(parts[1:] if len(parts) > 1 and parts[0] in _WHERE else parts)


def _problem(problem: Mapping[str, Any]) -> str:
    if problem["type"] == "json_invalid":
        return "the body is not valid JSON"
    if problem["type"] == "extra_forbidden":
        return "unknown field"
    return str(problem["msg"]).removeprefix("Value error, ")
