"""X's errors: problem documents, told apart by the tail of their type."""

from typing import Any

from pipewise.sandbox.answers import VendorRefusalError

Json = dict[str, Any]


def problem(status: int, title: str, detail: str, kind: str | None = None) -> VendorRefusalError:
    type_uri = f"https://api.twitter.com/2/problems/{kind}" if kind else "about:blank"
    body = {"title": title, "detail": detail, "type": type_uri, "status": status}
    return VendorRefusalError(status, body, {"Content-Type": "application/problem+json"})


def unauthorized() -> VendorRefusalError:
    return problem(401, "Unauthorized", "Unauthorized")


def forbidden(detail: str) -> VendorRefusalError:
    return problem(403, "Forbidden", detail)


def wrong_kind_of_token() -> VendorRefusalError:
    return problem(403, "Unsupported Authentication", "This token is not accepted here.", "unsupported-authentication")


def invalid(detail: str) -> VendorRefusalError:
    return problem(400, "Invalid Request", detail, "invalid-request")


def missing() -> VendorRefusalError:
    return problem(404, "Not Found Error", "Could not find the requested resource.", "resource-not-found")


def no_credits() -> VendorRefusalError:
    return problem(402, "CreditsDepleted", "No credits left on the account.", "credits")


def too_many() -> VendorRefusalError:
    return problem(429, "Too Many Requests", "Too Many Requests")


def oauth_error(error: str, description: str, status: int = 400) -> VendorRefusalError:
    return VendorRefusalError(status, {"error": error, "error_description": description})
