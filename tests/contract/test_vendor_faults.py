"""Every client call against every way in which a vendor can break: a typed error in time, what is known of the effect, no secret."""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

import httpx
import pytest

from pipewise.clock import SystemClock
from pipewise.errors import Outcome, PlatformError, RateLimited
from pipewise.events import OutboundMessage
from pipewise.oauth.vendors import make_vendors
from pipewise.platforms.http import VendorHTTP
from pipewise.platforms.registry import PLATFORMS
from pipewise.platforms.whatsapp import client as whatsapp
from pipewise.resources import open_vendor_http
from pipewise.scheduling import BookingRequest, EventType, Slot
from pipewise.settings import load_settings
from tests.contract.broken_vendor import FAULTS, SECRET, Fault, broken
from tests.contract.signing import SIGNERS
from tests.fakes import NOON

DEADLINE = 1.0
ALLOWANCE = 1.5  # half a second where nothing else runs
TYPE = "https://api.calendly.com/event_types/AAAA"
EVENT = "https://api.calendly.com/scheduled_events/BBBB"
INVITEE = f"{EVENT}/invitees/CCCC"
CALL = EventType(TYPE, "Call", 30, active=True, bookable=True, scheduling_url="https://calendly.com/a/call")
START = NOON + timedelta(days=400 * 10)
REQUEST = BookingRequest(
    "key-1", CALL, Slot(START, START.isoformat(), TYPE), "Noor", "noor@example.com", "Europe/Lisbon"
)
HELLO = OutboundMessage("hello")
LEAD = "1000000000000001"

Call = Callable[[Any], Awaitable[Any]]
Result = tuple[Any, PlatformError | None, float]

SENDS: Mapping[str, Call] = {
    "whatsapp send": lambda client: client.send("447700900123", HELLO, callback="o"),
    "instagram send": lambda client: client.send(LEAD, HELLO, callback="o"),
    "instagram private reply": lambda client: client.send("comment:1", HELLO, callback="o"),
    "x direct message": lambda client: client.send(LEAD, HELLO, callback="o"),
    "x post": lambda client: client.send("post:1", HELLO, callback="o"),
    "calendly book": lambda client: client.book(REQUEST),
}
NO_SHOW = "https://api.calendly.com/invitee_no_shows/EEEE"
OTHERS: Mapping[str, Call] = {
    "whatsapp show_typing": lambda client: client.show_typing("wamid.1"),
    "instagram show_typing": lambda client: client.show_typing("mid.1"),
    "x show_typing": lambda client: client.show_typing("1"),
    "calendly clear_no_show": lambda client: client.clear_no_show(NO_SHOW),
    "whatsapp check": lambda client: client.check(),
    "instagram check": lambda client: client.check(),
    "x check": lambda client: client.check(),
    "calendly check": lambda client: client.check(),
    "calendly host": lambda client: client.host(),
    "calendly event_types": lambda client: client.event_types(),
    "calendly event_type": lambda client: client.event_type(TYPE),
    "calendly free_times": lambda client: client.free_times(TYPE, START, START + timedelta(days=1)),
    "calendly create_link": lambda client: client.create_link(TYPE),
    "calendly find_booking": lambda client: client.find_booking(REQUEST),
    "calendly booking": lambda client: client.booking(EVENT),
    "calendly upcoming": lambda client: client.upcoming(START, START + timedelta(days=1)),
    "calendly cancel": lambda client: client.cancel(EVENT, "moved"),
    "calendly mark_no_show": lambda client: client.mark_no_show(INVITEE),
    "calendly subscriptions": lambda client: client.subscriptions(),
    "calendly subscribe": lambda client: client.subscribe("https://us.example/webhooks/calendly/1", SECRET),
    "calendly unsubscribe": lambda client: client.unsubscribe("https://api.calendly.com/webhook_subscriptions/DDDD"),
}

each_fault = pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)


def credentials(platform: str) -> Any:
    given = SIGNERS[platform].credentials.items()
    secret = ("token", "secret", "key")
    planted = {name: SECRET if name.endswith(secret) else value for name, value in given}
    return PLATFORMS[platform].credentials.model_validate(planted)


def client_of(platform: str, http: httpx.AsyncClient, url: str) -> Any:
    made = PLATFORMS[platform].messenger or PLATFORMS[platform].scheduler
    assert made is not None
    vendor = VendorHTTP(http, platform=platform, base_url=url, clock=SystemClock(), deadline=DEADLINE)
    return made(credentials(platform), vendor)


async def outcome_of(call: Awaitable[Any]) -> Result:
    """What came back, or the typed error; anything else that is raised fails the test."""
    started = time.monotonic()
    try:
        return await call, None, time.monotonic() - started
    except PlatformError as error:
        return None, error, time.monotonic() - started


async def made(calls: Mapping[str, Call], http: httpx.AsyncClient, url: str) -> dict[str, Result]:
    """All of them at once: most faults are a matter of waiting."""
    results = [outcome_of(call(client_of(name.split()[0], http, url))) for name, call in calls.items()]
    return dict(zip(calls, await asyncio.gather(*results), strict=True))


def test_every_call_of_every_client_is_tried() -> None:
    tried = {tuple(name.split()[:2]) for name in (*SENDS, *OTHERS)}
    for name, platform in PLATFORMS.items():
        made = platform.messenger or platform.scheduler
        calls = inspect.getmembers(made, inspect.iscoroutinefunction) if made else []
        for call in (call for call, _ in calls if not call.startswith("_")):
            # A send has several forms, told by what they are.
            assert (name, call) in tried or (call == "send" and any(one[0] == name for one in tried)), (name, call)


def test_there_are_forty_faults() -> None:
    assert len(FAULTS) >= 40
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)


@each_fault
async def test_a_send_tells_what_is_known(fault: Fault) -> None:
    async with broken(fault) as url, open_vendor_http() as http:
        for name, (_, error, elapsed) in (await made(SENDS, http, url)).items():
            assert error is not None, f"{name}: a success that names no message was believed"
            assert elapsed <= DEADLINE + ALLOWANCE, name
            assert SECRET not in str(error) + repr(error) + str(error.body().as_dict()), name
            assert error.code.startswith(f"{name.split()[0]}_"), name
            if fault.certain:
                assert error.outcome in {Outcome.NOT_SENT, Outcome.REFUSED}, name
            else:
                assert error.outcome is Outcome.UNKNOWN, name
            assert error.retryable or fault.certain or error.outcome is Outcome.UNKNOWN, name
            if isinstance(error, RateLimited) and "with a pause" in fault.name:
                assert error.retry_after == 77.0, name


@each_fault
async def test_every_other_call_ends_in_time_with_an_answer_or_a_typed_error(
    fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whatsapp, "TYPING_DEADLINE_SECONDS", DEADLINE)
    async with broken(fault) as url, open_vendor_http() as http:
        for name, (found, error, elapsed) in (await made(OTHERS, http, url)).items():
            # A check asks several things, one after the other.
            assert elapsed <= (DEADLINE + ALLOWANCE) * (4 if name.endswith("check") else 1), name
            shown = str(error) + str(error.body().as_dict()) if error else str(found)
            assert SECRET not in shown, name
            if name.endswith("check"):
                assert error is None, name
                assert found, name


@each_fault
async def test_a_renewed_or_redeemed_token_is_a_typed_error(fault: Fault) -> None:
    async with broken(fault) as url, open_vendor_http() as http:
        settings = load_settings(
            calendly_auth_url=url,
            calendly_client_id="app",
            calendly_client_secret=SECRET,
            instagram_api_url=url,
            instagram_token_url=url,
            instagram_client_id="app",
            instagram_client_secret=SECRET,
            x_api_url=url,
            x_client_id="app",
        )
        vendors = make_vendors(http, SystemClock(), settings, deadline=DEADLINE)
        calls = [
            *((name, one.renew(credentials(name))) for name, one in vendors.items()),
            *((name, one.redeem("a-code", SECRET, "https://us.example/back")) for name, one in vendors.items()),
        ]
        results = await asyncio.gather(*(outcome_of(call) for _, call in calls))
        for (platform, _), (found, error, elapsed) in zip(calls, results, strict=True):
            assert found is None, platform
            assert error is not None, platform
            assert SECRET not in str(error) + str(error.body().as_dict()), platform
            assert elapsed <= DEADLINE + ALLOWANCE, platform
