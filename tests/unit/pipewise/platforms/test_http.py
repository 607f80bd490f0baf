"""One vendor call under every fault a network can produce."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

import httpx
import pytest

from pipewise.circuit import FAILURES_TO_OPEN, OPEN_SECONDS, Circuit
from pipewise.errors import AuthFailed, Outcome, PlatformError, RateLimited, Rejected, Unavailable
from pipewise.platforms.http import MAX_ANSWER_BYTES, READ_TRIES, VendorHTTP
from tests.fakes import FixedClock

Answer = httpx.Response | Exception
REQUEST = httpx.Request("GET", "https://vendor.example")


def read_error(status: int, document: Any, headers: Mapping[str, str]) -> PlatformError:
    kinds: dict[int, type[PlatformError]] = {401: AuthFailed, 429: RateLimited}
    kind = kinds.get(status, Unavailable if status >= 500 else Rejected)
    outcome = Outcome.UNKNOWN if status >= 500 else Outcome.REFUSED
    wait = headers.get("retry-after")
    code = document.get("code") if isinstance(document, dict) else None
    return kind("no", platform="vendor", outcome=outcome, vendor_code=code, retry_after=float(wait) if wait else None)


class Vendor:
    """Answers in turn, the last answer for ever, and remembers what it was asked."""

    def __init__(self, *answers: Answer | Callable[[], Any]) -> None:
        self._answers = list(answers)
        self.requests: list[httpx.Request] = []

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if callable(answer):
            answer = await answer()
        if isinstance(answer, Exception):
            raise answer
        assert isinstance(answer, httpx.Response)
        return answer


class Harness:
    def __init__(self, vendor: Vendor, *, circuit: Circuit | None = None, deadline: float = 5.0) -> None:
        client = httpx.AsyncClient(transport=httpx.MockTransport(vendor))
        self.http = VendorHTTP(
            client,
            platform="vendor",
            base_url="https://vendor.example/",
            clock=FixedClock(),
            circuit=circuit,
            deadline=deadline,
        )

    async def call(self, *, safe: bool, **more: Any) -> Any:
        return await self.http.call("POST", "/v1/things", token="planted", read_error=read_error, safe=safe, **more)

    async def fail(self, *, safe: bool) -> PlatformError:
        with pytest.raises(PlatformError) as failure:
            await self.call(safe=safe)
        return failure.value


async def hang() -> Answer:
    await asyncio.sleep(60)
    return httpx.Response(200)


def json_answer(status: int, document: Any, **headers: str) -> httpx.Response:
    return httpx.Response(status, content=json.dumps(document).encode(), headers=headers)


async def test_a_good_answer_is_decoded_and_the_request_is_as_asked() -> None:
    vendor = Vendor(json_answer(200, {"a": 1}))
    assert await Harness(vendor).call(safe=False, body={"b": "é"}, params={"page": 2}) == {"a": 1}
    request = vendor.requests[0]
    assert str(request.url) == "https://vendor.example/v1/things?page=2"
    assert request.headers["authorization"] == "Bearer planted"
    assert json.loads(request.content) == {"b": "é"}


@pytest.mark.parametrize("status", [200, 201, 204])
async def test_an_empty_answer_is_an_empty_object(status: int) -> None:
    assert await Harness(Vendor(httpx.Response(status))).call(safe=False) == {}


UNREACHED = [
    httpx.ConnectError("refused", request=REQUEST),
    httpx.ConnectTimeout("slow", request=REQUEST),
    httpx.PoolTimeout("busy", request=REQUEST),
]
BROKEN = [
    httpx.ReadTimeout("slow", request=REQUEST),
    httpx.WriteTimeout("slow", request=REQUEST),
    httpx.ReadError("reset", request=REQUEST),
    httpx.WriteError("reset", request=REQUEST),
    httpx.RemoteProtocolError("closed without answer", request=REQUEST),
    httpx.DecodingError("bad gzip", request=REQUEST),
]


@pytest.mark.parametrize("fault", UNREACHED, ids=lambda fault: type(fault).__name__)
async def test_what_never_left_is_known_not_to_be_sent(fault: Exception) -> None:
    vendor = Vendor(fault)
    error = await Harness(vendor).fail(safe=False)
    assert isinstance(error, Unavailable)
    assert error.outcome is Outcome.NOT_SENT
    assert len(vendor.requests) == 1


@pytest.mark.parametrize("fault", BROKEN, ids=lambda fault: type(fault).__name__)
async def test_a_write_whose_answer_is_lost_is_unknown_and_sent_once(fault: Exception) -> None:
    vendor = Vendor(fault)
    error = await Harness(vendor).fail(safe=False)
    assert isinstance(error, Unavailable)
    assert error.outcome is Outcome.UNKNOWN
    assert len(vendor.requests) == 1


@pytest.mark.parametrize(
    "content",
    [b"<html>Welcome to the hotel's wifi</html>", b'{"a": ', b"\xff\xfe", b"[" * 100_000, b"null"],
    ids=["html", "truncated", "bytes", "deep", "null"],
)
async def test_a_success_that_is_no_json_tells_nothing(content: bytes) -> None:
    vendor = Vendor(httpx.Response(200, content=content))
    error = await Harness(vendor).fail(safe=False)
    assert isinstance(error, Unavailable)
    assert error.outcome is Outcome.UNKNOWN
    assert len(vendor.requests) == 1


class Endless(httpx.AsyncByteStream):
    """A body that would not end by itself; it counts how much was taken from it."""

    def __init__(self) -> None:
        self.taken = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while self.taken < 64 * MAX_ANSWER_BYTES:
            self.taken += 65536
            yield b" " * 65536


async def test_a_flood_is_cut_off() -> None:
    flood = Endless()
    error = await Harness(Vendor(httpx.Response(200, stream=flood))).fail(safe=False)
    assert error.outcome is Outcome.UNKNOWN
    assert "too much data" in error.message
    assert flood.taken <= MAX_ANSWER_BYTES + 2 * 65536


async def test_a_compressed_flood_is_cut_off_too() -> None:
    packed = gzip.compress(b" " * (10 * 1024 * 1024))
    error = await Harness(Vendor(httpx.Response(200, content=packed, headers={"content-encoding": "gzip"}))).fail(
        safe=False
    )
    assert "too much data" in error.message


async def test_a_redirect_is_not_followed_and_carries_the_token_nowhere() -> None:
    vendor = Vendor(httpx.Response(302, headers={"location": "https://thief.example"}))
    await Harness(vendor).fail(safe=False)
    assert [request.url.host for request in vendor.requests] == ["vendor.example"]


@pytest.mark.parametrize("status", [400, 401, 404, 409, 429, 500, 502, 503])
async def test_error_answers_are_read_by_the_vendor_and_writes_never_repeated(status: int) -> None:
    vendor = Vendor(json_answer(status, {"code": "c1"}))
    error = await Harness(vendor).fail(safe=False)
    assert error.vendor_code == "c1"
    assert len(vendor.requests) == 1


async def test_an_error_answer_without_json_reaches_the_reader_as_none() -> None:
    error = await Harness(Vendor(httpx.Response(502, content=b"<h1>Bad gateway</h1>"))).fail(safe=False)
    assert isinstance(error, Unavailable)
    assert error.vendor_code is None


@pytest.mark.parametrize("fault", [*UNREACHED, *BROKEN, json_answer(503, {})], ids=lambda fault: type(fault).__name__)
async def test_a_read_is_tried_again_after_a_transient_fault(fault: Answer) -> None:
    vendor = Vendor(fault, json_answer(200, {"a": 1}))
    assert await Harness(vendor).call(safe=True) == {"a": 1}
    assert len(vendor.requests) == 2


async def test_a_read_is_given_up_after_a_few_tries() -> None:
    vendor = Vendor(json_answer(503, {}))
    await Harness(vendor).fail(safe=True)
    assert len(vendor.requests) == READ_TRIES


@pytest.mark.parametrize("status", [400, 401, 404])
async def test_a_refused_read_is_not_repeated(status: int) -> None:
    vendor = Vendor(json_answer(status, {}))
    await Harness(vendor).fail(safe=True)
    assert len(vendor.requests) == 1


async def test_a_read_waits_as_long_as_the_vendor_asks_if_that_is_short() -> None:
    vendor = Vendor(json_answer(429, {}, **{"retry-after": "0"}), json_answer(200, {"a": 1}))
    assert await Harness(vendor).call(safe=True) == {"a": 1}


async def test_a_long_wait_is_left_to_the_caller() -> None:
    vendor = Vendor(json_answer(429, {}, **{"retry-after": "60"}))
    error = await Harness(vendor).fail(safe=True)
    assert isinstance(error, RateLimited)
    assert error.retry_after == 60.0
    assert len(vendor.requests) == 1


@pytest.mark.parametrize(("safe", "outcome"), [(True, Outcome.NOT_SENT), (False, Outcome.UNKNOWN)])
async def test_the_deadline_covers_the_whole_call(safe: bool, outcome: Outcome) -> None:
    started = asyncio.get_running_loop().time()
    error = await Harness(Vendor(hang), deadline=0.05).fail(safe=safe)
    assert isinstance(error, Unavailable)
    assert error.outcome is outcome
    assert asyncio.get_running_loop().time() - started < 2.0


async def test_the_deadline_covers_retries_and_waits_too() -> None:
    vendor = Vendor(json_answer(503, {}, **{"retry-after": "1.5"}))
    started = asyncio.get_running_loop().time()
    error = await Harness(vendor, deadline=0.1).fail(safe=True)
    assert "did not answer within 0.1 s" in error.message
    assert asyncio.get_running_loop().time() - started < 1.0


async def test_a_dripping_answer_does_not_outlive_the_deadline() -> None:
    class Drip(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            while True:
                yield b" "
                await asyncio.sleep(0.01)

    error = await Harness(Vendor(httpx.Response(200, stream=Drip())), deadline=0.1).fail(safe=False)
    assert error.outcome is Outcome.UNKNOWN


async def test_a_failing_vendor_is_not_asked_until_its_circuit_lets_a_probe_through() -> None:
    clock = FixedClock()
    vendor = Vendor(*[json_answer(500, {})] * FAILURES_TO_OPEN, json_answer(200, {"a": 1}))
    harness = Harness(vendor, circuit=Circuit(clock))
    for _ in range(FAILURES_TO_OPEN):
        await harness.fail(safe=False)
    error = await harness.fail(safe=True)
    assert (error.vendor_code, error.outcome, error.retryable) == ("circuit_open", Outcome.NOT_SENT, False)
    assert error.retry_after
    assert error.retry_after >= OPEN_SECONDS
    assert len(vendor.requests) == FAILURES_TO_OPEN
    clock.advance(OPEN_SECONDS * 1.2)
    assert await harness.call(safe=False) == {"a": 1}


async def test_refusals_and_rate_limits_leave_the_circuit_closed() -> None:
    circuit = Circuit(FixedClock())
    for status in [400, 429] * FAILURES_TO_OPEN:
        await Harness(Vendor(json_answer(status, {})), circuit=circuit).fail(safe=False)
    assert circuit.state == "closed"


async def test_a_cancelled_probe_does_not_block_the_circuit() -> None:
    clock = FixedClock()
    circuit = Circuit(clock)
    for _ in range(FAILURES_TO_OPEN):
        circuit.record_failure()
    clock.advance(OPEN_SECONDS * 1.2)
    task = asyncio.create_task(Harness(Vendor(hang), circuit=circuit).call(safe=False))
    await asyncio.sleep(0.02)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert circuit.state == "half_open"
    assert circuit.admit()


async def test_messages_name_the_vendor_and_never_the_token() -> None:
    for answer in (httpx.ConnectError("planted", request=REQUEST), httpx.Response(200, content=b"planted")):
        error = await Harness(Vendor(answer)).fail(safe=False)
        assert "Vendor" in error.message
        assert "planted" not in f"{error} {error!r} {error.message}"
