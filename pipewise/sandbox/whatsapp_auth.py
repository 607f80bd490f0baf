"""Who is asking the Graph API, and for which object."""

import hmac
from typing import Annotated

from fastapi import Depends, Path, Request

from pipewise.sandbox.bearer import bearer
from pipewise.sandbox.state import SandboxState, StateDep
from pipewise.sandbox.whatsapp_errors import bad_token, unknown_object
from pipewise.sandbox.whatsapp_state import Number


def token_of(request: Request) -> str:
    """Header or `access_token` in the query, as everywhere in the Graph API."""
    return bearer(request) or request.query_params.get("access_token", "")


def known_token(state: SandboxState, token: str) -> bool:
    return any(hmac.compare_digest(number.token, token) for number in state.whatsapp.numbers.values())


async def calling_number(request: Request, state: StateDep, object_id: Annotated[str, Path()]) -> Number:
    """The business number in the path. A foreign token sees it as little as a missing one."""
    token = token_of(request)
    if not known_token(state, token):
        raise bad_token()
    number = state.whatsapp.numbers.get(object_id)
    if number is None or number.token != token:
        raise unknown_object(object_id, request.method.lower())
    return number


async def calling_waba(request: Request, state: StateDep, object_id: Annotated[str, Path()]) -> list[Number]:
    """The numbers of the business account in the path that this token may see."""
    token = token_of(request)
    if not known_token(state, token):
        raise bad_token()
    numbers = [n for n in state.whatsapp.numbers.values() if n.waba_id == object_id and n.token == token]
    if not numbers:
        raise unknown_object(object_id, request.method.lower())
    return numbers


NumberDep = Annotated[Number, Depends(calling_number)]
WabaDep = Annotated[list[Number], Depends(calling_waba)]
