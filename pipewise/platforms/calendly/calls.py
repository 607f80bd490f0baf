"""Calls to one Calendly account: the token, paging, and which error table reads an answer."""

from collections.abc import Mapping
from typing import Any

from pydantic import SecretStr

from pipewise.errors import Outcome, Rejected, Unavailable
from pipewise.platforms.calendly.errors import NAME, read_error, refused_here, write_error
from pipewise.platforms.calendly.models import read_page
from pipewise.platforms.calendly.uris import Resource, path_of
from pipewise.platforms.http import ReadError, VendorHTTP

PAGE_SIZE = 100
MAX_PAGES = 20


class CalendlyCalls:
    """Reads are repeated on transient failure; a write is sent once unless it is said to be safe."""

    def __init__(self, token: SecretStr, http: VendorHTTP) -> None:
        self._token = token
        self._http = http

    async def read(self, path: str, params: Mapping[str, str | int] | None = None) -> Any:
        return await self._call("GET", path, params=params, safe=True, read_error=read_error)

    async def read_all(self, path: str, params: Mapping[str, str]) -> list[Any]:
        """Every object of a list, by `next_page_token`; `next_page` is a URL, and URLs in answers are not followed."""
        found: list[Any] = []
        page: dict[str, str | int] = {**params, "count": PAGE_SIZE}
        for _ in range(MAX_PAGES):
            items, token = read_page(await self.read(path, page))
            found += items
            if token is None:
                return found
            page["page_token"] = token
        raise Unavailable(
            f"Calendly lists more than {MAX_PAGES} pages here; ask for a shorter range.",
            platform=NAME,
            outcome=Outcome.NOT_SENT,
            vendor_code="too_many_pages",
            retryable=False,
        )

    async def send(
        self, method: str, path: str, *, body: Mapping[str, Any], safe: bool, read_error: ReadError = write_error
    ) -> Any:
        return await self._call(method, path, body=body, safe=safe, read_error=read_error)

    async def delete(self, path: str) -> None:
        """What is gone already counts as deleted."""
        try:
            await self._call("DELETE", path, safe=False, read_error=write_error)
        except Rejected as refusal:
            if refusal.http_status != 404:
                raise

    async def _call(
        self,
        method: str,
        path: str,
        *,
        safe: bool,
        read_error: ReadError,
        body: Mapping[str, Any] | None = None,
        params: Mapping[str, str | int] | None = None,
    ) -> Any:
        return await self._http.call(
            method,
            path,
            token=self._token.get_secret_value(),
            read_error=read_error,
            safe=safe,
            body=body,
            params=params,
        )


def path_to(uri: str, kind: Resource) -> str:
    """The path to call for this URI. Raises Rejected, not sent, when it is not one of this kind of resource."""
    path = path_of(uri, kind)
    if path is None:
        raise refused_here(f"This is not the address of a Calendly {kind}.", "foreign_uri")
    return path
