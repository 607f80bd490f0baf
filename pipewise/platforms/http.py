"""One vendor call: overall deadline, size cap, circuit, typed result; retries only where repeating is safe."""

import asyncio
import json
import random
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import httpx

from pipewise.circuit import Circuit
from pipewise.clock import Clock
from pipewise.errors import AuthFailed, Outcome, PlatformError, Rejected, Unavailable

MAX_ANSWER_BYTES = 2 * 1024 * 1024
READ_TRIES = 3
TITLES = {"whatsapp": "WhatsApp"}
BACKOFF_SECONDS = 0.25
LONGEST_WAIT_SECONDS = 2.0

ReadError = Callable[[int, Any, Mapping[str, str]], PlatformError]
Observe = Callable[[Mapping[str, str]], None]


class NoteOutcome(Protocol):
    """Is told how each attempt went. `safe`: it may be repeated. `ok`: the vendor did its part, be it a refusal."""

    def __call__(self, *, safe: bool, ok: bool) -> None: ...


class TokenSource(Protocol):
    """Tokens that run out and are renewed behind the client's back."""

    async def current(self, token: str) -> str:
        """The token to use in place of the one that the client was made with. Raises PlatformError."""
        ...

    async def renew(self, refused: str) -> str | None:
        """Another token after the vendor refused this one; None where there is none to be had."""
        ...


class VendorHTTP:
    """Calls one vendor for one account. Knows transport, not meaning: `read_error` turns an answer into a typed error.

    `base_url` is scheme and host. `deadline` is seconds for a whole call, retries included. `observe` sees the headers of
    every answer.
    """

    def __init__(
        self,
        client: httpx.AsyncClient,
        *,
        platform: str,
        base_url: str,
        clock: Clock,
        circuit: Circuit | None = None,
        deadline: float = 10.0,
        observe: Observe | None = None,
        tokens: TokenSource | None = None,
        note: NoteOutcome | None = None,
    ) -> None:
        self._client = client
        self.platform = platform
        self.clock = clock
        self.base_url = base_url.rstrip("/")
        self._circuit = circuit
        self._deadline = deadline
        self._observe = observe
        self._tokens = tokens
        self._note = note

    @property
    def title(self) -> str:
        return TITLES.get(self.platform, self.platform.capitalize())

    async def call(
        self,
        method: str,
        path: str,
        *,
        token: str,
        read_error: ReadError,
        safe: bool,
        body: Any = None,
        params: Mapping[str, str | int] | None = None,
        form: Mapping[str, str] | None = None,
        basic: tuple[str, str] | None = None,
        deadline: float | None = None,
    ) -> Any:
        """The decoded JSON of a 2xx answer ({} for an empty one).

        `safe` calls (reads, and writes that may be repeated) are retried on transient failure within the deadline; others
        are sent exactly once. Raises PlatformError; its outcome is UNKNOWN when an unsafe call may have taken effect.
        """
        request: dict[str, Any] = {"method": method, "url": self.base_url + path, "json": body, "params": params}
        if form is not None:
            request["data"] = form
        if basic is not None:
            request["auth"] = basic
        limit = deadline or self._deadline
        ends = self.clock.monotonic() + limit
        token = await self._fresh_token(token, limit)
        left = max(0.0, ends - self.clock.monotonic())
        try:
            async with asyncio.timeout(left):
                return await self._attempt_renewing(request, token, read_error, safe=safe)
        except TimeoutError as error:
            self._record(failed=True, safe=safe)
            raise self._unavailable(f"did not answer within {limit:g} s", safe=safe) from error

    async def _fresh_token(self, token: str, limit: float) -> str:
        """Nothing of the call itself has left as long as its token is being renewed."""
        if self._tokens is None:
            return token
        try:
            async with asyncio.timeout(limit):
                return await self._tokens.current(token)
        except TimeoutError as error:
            raise self._unavailable("gave no new access token in time", outcome=Outcome.NOT_SENT) from error

    async def _attempt_renewing(self, request: dict[str, Any], token: str, read_error: ReadError, *, safe: bool) -> Any:
        """A token that the vendor refuses is renewed once; the refused call did nothing, so that it may be made again."""
        try:
            return await self._attempt_all(request, token, read_error, safe=safe)
        except AuthFailed as error:
            newer = await self._tokens.renew(token) if self._tokens and error.http_status == 401 else None
            if newer is None:
                raise
        return await self._attempt_all(request, newer, read_error, safe=safe)

    async def _attempt_all(self, request: dict[str, Any], token: str, read_error: ReadError, *, safe: bool) -> Any:
        for tries_left in range(READ_TRIES if safe else 1, 0, -1):
            try:
                return await self._attempt(request, token, read_error, safe=safe)
            except PlatformError as error:
                wait = error.retry_after if error.retry_after is not None else _backoff(tries_left)
                if tries_left == 1 or not error.retryable or wait > LONGEST_WAIT_SECONDS:
                    raise
                await asyncio.sleep(wait)
        raise AssertionError("unreachable: the last try returns or raises")

    async def _attempt(self, request: dict[str, Any], token: str, read_error: ReadError, *, safe: bool) -> Any:
        if self._circuit and not self._circuit.admit():
            raise Unavailable(
                f"{self.title} has been failing and is not asked again yet.",
                platform=self.platform,
                outcome=Outcome.NOT_SENT,
                vendor_code="circuit_open",
                retry_after=round(self._circuit.retry_after(), 1),
                retryable=False,
            )
        try:
            result = await self._exchange(request, token, read_error, safe=safe)
        except PlatformError as error:
            self._record(failed=isinstance(error, Unavailable | AuthFailed), safe=safe)
            raise
        except asyncio.CancelledError:
            if self._circuit:
                self._circuit.abandon()
            raise
        self._record(failed=False, safe=safe)
        return result

    async def _exchange(self, request: dict[str, Any], token: str, read_error: ReadError, *, safe: bool) -> Any:
        headers = {"Accept": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        try:
            async with self._client.stream(headers=headers, follow_redirects=False, **request) as response:
                content = await self._read_capped(response, safe=safe)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol) as error:
            raise self._unavailable("could not be reached", outcome=Outcome.NOT_SENT) from error
        except UnicodeError as error:
            raise Rejected(
                f"The request to {self.title} holds characters that cannot be sent; check the token.",
                platform=self.platform,
                outcome=Outcome.NOT_SENT,
                manual_action_required=True,
            ) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise self._unavailable("broke the connection", safe=safe) from error
        if self._observe:
            self._observe(response.headers)
        document = _decode(content)
        if response.is_success:
            if document is None:
                raise self._unavailable("answered with something that is not JSON", safe=safe)
            return document
        raise read_error(response.status_code, document, response.headers)

    async def _read_capped(self, response: httpx.Response, *, safe: bool) -> bytes:
        content = bytearray()
        async for chunk in response.aiter_bytes():
            content += chunk
            if len(content) > MAX_ANSWER_BYTES:
                raise self._unavailable("answered with too much data", safe=safe)
        return bytes(content)

    def _unavailable(self, what: str, *, safe: bool = True, outcome: Outcome | None = None) -> Unavailable:
        return Unavailable(
            f"{self.title} {what}.",
            platform=self.platform,
            outcome=outcome or (Outcome.NOT_SENT if safe else Outcome.UNKNOWN),
        )

    def _record(self, *, failed: bool, safe: bool) -> None:
        if self._note:
            self._note(safe=safe, ok=not failed)
        if self._circuit is None:
            return
        if failed:
            self._circuit.record_failure()
        else:
            self._circuit.record_success()


def _decode(content: bytes) -> Any:
    if not content.strip():
        return {}
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def _backoff(tries_left: int) -> float:
    ceiling = BACKOFF_SECONDS * 2.0 ** (READ_TRIES - tries_left)
    return random.uniform(ceiling / 2, ceiling)  # noqa: S311  jitter, not a secret
