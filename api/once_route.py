"""Routes whose POSTs may be repeated under an Idempotency-Key without a word of theirs about it.

A key is its user's, in their role: whoever may not do a thing does not get its answer either. Where the answer shows a token, it
is kept sealed. If the process ends between the act and the keeping of its answer, the act stands and is not done again.
"""

import json
import re
from collections.abc import Callable, Coroutine
from datetime import timedelta
from inspect import signature
from typing import Any

from fastapi import Depends, Request, Response
from fastapi.routing import APIRoute

from api import keyed
from api.dependencies import Services, get_services, identify
from api.idempotency import KEY_FORM, LONGEST_KEY, IdempotencyKey, digest_of, reserve
from pipewise.errors import Conflict, CredentialUnreadable, PipewiseError
from pipewise.storage import idempotency as rows
from pipewise.storage.accounts import User
from pipewise.storage.idempotency import Reserved
from pipewise.storage.types import new_id
from pipewise.vault import Place

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
HEADER = "idempotency-key"
ABANDONED_AFTER = timedelta(minutes=1)  # longer than any request takes
LONGEST_PATH = 180
REPLAYED = {"Idempotent-Replayed": "true"}


async def _document_key(idempotency_key: IdempotencyKey = None) -> None:
    """For the description, and for the check of the key's form."""


class OnceRoute(APIRoute):
    """For a router's `route_class`. Routes with a parameter `idempotency_key` see to it themselves."""

    shows_secrets = False

    def __init__(self, path: str, endpoint: Callable[..., Any], **more: Any) -> None:
        if _is_concerned(more.get("methods"), endpoint):
            more["dependencies"] = [*(more.get("dependencies") or ()), Depends(_document_key)]
        super().__init__(path, endpoint, **more)

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()
        if not _is_concerned(self.methods, self.endpoint):
            return handle

        async def answer(request: Request) -> Response:
            key = request.headers.get(HEADER)
            if key is None or len(key) > LONGEST_KEY or not re.match(KEY_FORM, key):
                return await handle(request)
            if len(request.url.path) > LONGEST_PATH:
                return await handle(request)  # no id is as long
            return await _answer_once(request, key, handle, shows_secrets=self.shows_secrets)

        return answer


class SecretOnceRoute(OnceRoute):
    """Answers are kept sealed."""

    shows_secrets = True


def _is_concerned(methods: Any, endpoint: Callable[..., Any]) -> bool:
    return set(methods or ()) == {"POST"} and "idempotency_key" not in signature(endpoint).parameters


async def _answer_once(request: Request, key: str, handle: Handler, *, shows_secrets: bool) -> Response:
    services = await get_services(request)
    user = await identify(services, request)
    name = f"POST {request.url.path} {digest_of([user.id, str(user.role), key])}"
    # The key is in it, and is stored nowhere itself: nobody tries out secrets against the digest of a body that holds some.
    digest = digest_of([key, request.url.query, _canonical(await request.body())])
    reserved = await reserve(services, user.account_id, name, digest, abandoned_after=ABANDONED_AFTER)
    if reserved.is_answered:
        return _repeat(services, user, reserved)
    if not reserved.is_mine:
        await _take_over(services, user, name, reserved)
    return await _act(services, keyed.Keyed(user.account_id, name), request, handle, shows_secrets=shows_secrets)


async def _take_over(services: Services, user: User, name: str, reserved: Reserved) -> None:
    """The first request's process is gone. What it did is not done again, and of those that repeat it one does the rest."""
    if reserved.has_acted:
        raise Conflict("This was done, but its answer is lost; look at what is there.", code="answer_lost")
    work = services.resources.database.transact(
        lambda c: rows.take_over(c, user.account_id, name, reserved, services.now())
    )
    if not await work:
        raise Conflict("The first request with this key is still under way.", code="under_way", retry_after=5)


async def _act(
    services: Services, mine: keyed.Keyed, request: Request, handle: Handler, *, shows_secrets: bool
) -> Response:
    database, is_kept = services.resources.database, False
    try:
        with keyed.under_way(mine):
            response = await handle(request)
        if response.status_code < 400:
            await _keep(services, mine, response.status_code, bytes(response.body), shows_secrets=shows_secrets)
            is_kept = True
    except PipewiseError as error:
        status, answer = error.status, {"body": json.dumps(error.body().as_dict())}
        await database.transact(lambda c: rows.keep_error(c, mine.account_id, mine.key, status, answer))
        raise
    finally:
        if not is_kept:
            await database.transact(lambda c: rows.forget(c, mine.account_id, mine.key))
    return response


async def _keep(services: Services, mine: keyed.Keyed, status: int, body: bytes, *, shows_secrets: bool) -> None:
    """As text: a database may put the fields of a document into another order."""
    database = services.resources.database
    if not shows_secrets:
        answer = {"body": body.decode()}
        await database.transact(lambda c: rows.keep_answer(c, mine.account_id, mine.key, status, answer))
        return
    row_id = new_id()
    sealed = services.resources.vault.seal(body, _place(mine.account_id, row_id))
    await database.transact(lambda c: rows.keep_sealed(c, mine.account_id, mine.key, status, row_id, sealed))


def _repeat(services: Services, user: User, reserved: Reserved) -> Response:
    body = str((reserved.answer or {}).get("body", "")).encode()
    if reserved.sealed is not None:
        try:
            body = services.resources.vault.open(reserved.sealed, _place(user.account_id, str(reserved.row_id)))
        except CredentialUnreadable:
            raise Conflict(
                "This was done, but its answer is lost; look at what is there.", code="answer_lost"
            ) from None
    kind = "application/json" if body else None
    return Response(body, reserved.status_code or 200, REPLAYED, media_type=kind)


def _canonical(body: bytes) -> Any:
    """The same JSON is the same request, however it is written."""
    try:
        return ["json", json.loads(body)]
    except ValueError:
        return ["bytes", body.hex()]


def _place(account_id: str, row_id: str) -> Place:
    return Place("idempotency_keys", "sealed", account_id, row_id)
