"""Named conversations with a vendor, recorded once and replayed without a network.

A cassette says where it was recorded and at which time the clock stood; a replay stops the clock there again, so that every
request is the same byte for byte. Requests are matched by method, path, query and body.
"""

import copy
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import vcr
from vcr.cassette import Cassette
from vcr.request import Request

from pipewise.clock import Clock
from tests.fakes import FixedClock

CASSETTES = Path(__file__).parents[1] / "cassettes"
KEPT_REQUEST_HEADERS = frozenset({"accept", "content-type"})
KEPT_ANSWER_HEADERS = frozenset(
    {
        "content-type",
        "retry-after",
        "x-ratelimit-limit",
        "x-ratelimit-remaining",
        "x-ratelimit-reset",
        "x-rate-limit-limit",
        "x-rate-limit-remaining",
        "x-rate-limit-reset",
    }
)


@dataclass(frozen=True)
class Stage:
    """What a scenario acts on: a transport, the vendor's address, a clock that stands, and the account's values."""

    http: httpx.AsyncClient
    base_url: str
    clock: Clock
    given: Mapping[str, str]


@dataclass(frozen=True)
class Scenario:
    """One conversation. `faults` are switched on in the sandbox beforehand; a real vendor has no such switches."""

    name: str
    act: Callable[[Stage], Awaitable[Any]]
    faults: tuple[Mapping[str, Any], ...] = ()
    needs_sandbox: bool = False  # it relies on what the sandbox's account holds

    @property
    def sandbox_only(self) -> bool:
        return self.needs_sandbox or bool(self.faults)


@dataclass(frozen=True)
class Recordings:
    """A platform's scenarios, and what they need of an account: name → (environment variable, the sandbox's sample)."""

    platform: str
    vendor_url: str
    url_setting: str
    given: Mapping[str, tuple[str, str]]
    scenarios: tuple[Scenario, ...]
    personal: tuple[tuple[str, tuple[str, ...]], ...] = ()  # path → fields of its answer that name the account's owner

    def scenario(self, name: str) -> Scenario:
        return next(scenario for scenario in self.scenarios if scenario.name == name)

    def path(self, name: str) -> Path:
        return CASSETTES / self.platform / f"{name}.yaml"


def open_cassette(recordings: Recordings, name: str, *, record: bool) -> Any:
    """The context of one cassette. When recording, what stood before is replaced."""
    path = recordings.path(name)
    if record:
        path.unlink(missing_ok=True)
    recorder = vcr.VCR(
        record_mode=vcr.mode.ALL if record else vcr.mode.NONE,
        match_on=("method", "path", "query", "body"),
        before_record_request=_request_filter(recordings.vendor_url),
        before_record_response=_filter_answer,
        decode_compressed_response=True,
    )
    return recorder.use_cassette(str(path))


@asynccontextmanager
async def replayed(recordings: Recordings, name: str) -> AsyncIterator[tuple[Any, Stage]]:
    """The result of a scenario played from its cassette, and its stage; every recorded request must have been made."""
    cassette: Cassette
    with open_cassette(recordings, name, record=False) as cassette:
        frozen_at = datetime.fromisoformat(cassette.get_metadata("frozen_at", ""))
        async with httpx.AsyncClient(trust_env=False) as http:
            given = {key: sample for key, (_, sample) in recordings.given.items()}
            stage = Stage(http, recordings.vendor_url, FixedClock(frozen_at), given)
            yield await recordings.scenario(name).act(stage), stage
        assert cassette.all_played, f"{name} no longer makes every request that was recorded"


def _request_filter(vendor_url: str) -> Callable[[Request], Request]:
    host = urlsplit(vendor_url)

    def keep(request: Request) -> Request:
        kept = copy.copy(request)
        kept.headers = {name: value for name, value in request.headers.items() if name.lower() in KEPT_REQUEST_HEADERS}
        kept.uri = urlsplit(request.uri)._replace(scheme=host.scheme, netloc=host.netloc).geturl()
        return kept

    return keep


def _filter_answer(answer: dict[str, Any]) -> dict[str, Any]:
    headers = answer["headers"]
    return {
        **answer,
        "headers": {name: headers[name] for name in sorted(headers) if name.lower() in KEPT_ANSWER_HEADERS},
    }
