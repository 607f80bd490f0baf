"""Instagram's errors, in the Graph API's shape. Clients decide on code and subcode alone."""

from typing import Any

from pipewise.sandbox.answers import VendorRefusalError

Json = dict[str, Any]

TRACE_ID = "ASandboxTrace00000000"


def refusal(code: int, message: str, *, subcode: int | None = None, status: int = 400) -> VendorRefusalError:
    error: Json = {"message": f"(#{code}) {message}", "type": "OAuthException", "code": code}
    if subcode is not None:
        error["error_subcode"] = subcode
    return VendorRefusalError(status, {"error": {**error, "fbtrace_id": TRACE_ID}})


def bad_token(*, expired: bool = False) -> VendorRefusalError:
    if expired:
        return refusal(190, "Error validating access token: Session has expired.", subcode=463, status=401)
    return refusal(190, "Invalid OAuth access token - Cannot parse access token", status=401)


def unknown_object(object_id: str) -> VendorRefusalError:
    return refusal(100, f"Object with ID '{object_id}' does not exist or cannot be loaded.", subcode=33)


def invalid(message: str) -> VendorRefusalError:
    return refusal(100, message)


def outside_window() -> VendorRefusalError:
    return refusal(10, "This message is sent outside of allowed window.", subcode=2018278)


def unknown_person() -> VendorRefusalError:
    return refusal(100, "No matching user found", subcode=2018001)


def no_access() -> VendorRefusalError:
    return refusal(200, "The account owner has disabled access to instagram direct messages.", status=403)


def unavailable() -> VendorRefusalError:
    return refusal(551, "This person isn't available right now.", subcode=1545041)


def oauth_error(message: str, code: int = 400) -> VendorRefusalError:
    return VendorRefusalError(code, {"error_type": "OAuthException", "code": code, "error_message": message})
