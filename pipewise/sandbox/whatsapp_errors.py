"""Graph API errors: "Error codes" of the Cloud API. Clients decide on `code` alone."""

from typing import Any

from pipewise.sandbox.answers import VendorRefusalError

Json = dict[str, Any]

TRACE_ID = "ASandboxTrace00000000"
TITLES = {
    100: "Invalid parameter",
    131000: "Something went wrong",
    131008: "Required parameter is missing",
    131009: "Parameter value is not valid",
    131021: "Recipient cannot be sender",
    131026: "Message undeliverable",
    131047: "Re-engagement message",
    131048: "Spam rate limit hit",
    131049: "This message was not delivered to maintain healthy ecosystem engagement.",
    131050: "User stopped marketing messages",
    131051: "Unsupported message type",
    131053: "Media upload error",
    131056: "(Business Account, Consumer Account) pair rate limit hit",
    131062: "This message kind cannot go to a BSUID recipient.",
    132000: "Number of parameters does not match the expected number of params",
    132001: "Template name does not exist in the translation",
    132012: "Parameter format does not match format in the created template",
    132015: "Template is paused",
    132016: "Template is disabled",
}
HTTP_STATUS = {131000: 500, 132001: 404}


def refusal(code: int, details: str, *, status: int | None = None) -> VendorRefusalError:
    title = TITLES[code]
    # The pair limit is the one message without its number in front.
    message = title if code == 131056 else f"(#{code}) {title}"
    error = {
        "message": message,
        "type": "OAuthException",
        "code": code,
        "error_data": {"messaging_product": "whatsapp", "details": details},
        "fbtrace_id": TRACE_ID,
    }
    return VendorRefusalError(status or HTTP_STATUS.get(code, 400), {"error": error})


def bad_token() -> VendorRefusalError:
    error = {
        "message": "Invalid OAuth access token - Cannot parse access token",
        "type": "OAuthException",
        "code": 190,
        "fbtrace_id": TRACE_ID,
    }
    return VendorRefusalError(401, {"error": error})


def unknown_object(object_id: str, verb: str = "post") -> VendorRefusalError:
    message = (
        f"Unsupported {verb} request. Object with ID '{object_id}' does not exist, cannot be loaded due to missing "
        "permissions, or does not support this operation"
    )
    error = {
        "message": message,
        "type": "GraphMethodException",
        "code": 100,
        "error_subcode": 33,
        "fbtrace_id": TRACE_ID,
    }
    return VendorRefusalError(400, {"error": error})


def status_error(code: int, details: str) -> Json:
    """The same error as it rides on a failed status."""
    title = TITLES.get(code, "Something went wrong")
    return {
        "code": code,
        "title": title,
        "message": title,
        "error_data": {"details": details},
        "href": "https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes",
    }


def too_long(path: str, limit: int) -> VendorRefusalError:
    return refusal(100, f"Param {path} must be at most {limit} characters long.")


def not_valid(details: str) -> VendorRefusalError:
    return refusal(131009, details)


def absent(path: str) -> VendorRefusalError:
    return refusal(131008, f"Param {path} is required.")
