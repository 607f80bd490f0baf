"""The verification of a callback URL: a GET with a challenge that must come back alone."""

from typing import Any

import httpx

from pipewise.sandbox.state import SandboxState


async def shake_hands(
    state: SandboxState, callback_url: str, verify_token: str, *, vendor: str = "whatsapp"
) -> dict[str, Any]:
    """200 with exactly the challenge as the body is the only right answer."""
    challenge = state.whatsapp.new_id()[:10]
    query = {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": verify_token}
    try:
        response = await state.deliveries.http.get(callback_url, params=query)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        outcome: dict[str, Any] = {"ok": False, "status": None, "problem": f"no answer ({type(error).__name__})"}
    else:
        right = response.status_code == 200 and response.text == challenge
        problem = None if right else "the answer was not the challenge with status 200"
        outcome = {"ok": right, "status": response.status_code, "problem": problem}
    state.ledger.record(vendor, "handshake", url=callback_url, **outcome)
    return outcome
