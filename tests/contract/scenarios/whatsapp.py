"""Conversations with WhatsApp's Cloud API. The lead's number is invented; the sandbox lets the lead write first."""

from collections.abc import Awaitable
from typing import Any

from pipewise.errors import PlatformError
from pipewise.events import Choice, Link, OutboundMessage, Template
from pipewise.platforms.http import VendorHTTP
from pipewise.platforms.whatsapp.client import WhatsAppMessenger
from pipewise.platforms.whatsapp.models import WhatsAppCredentials
from tests.contract.cassettes import Recordings, Scenario, Stage

LEAD, LEAD_BY_ID = "447700900123", "GB.70110000000000000123"
OWN_NUMBER = "351210001000"  # of the sandbox's first number
TIMES = tuple(Choice(f"slot_{hour}", f"Thu {hour}:00") for hour in range(9, 21))
TEXT = OutboundMessage("Good morning, *Noor* ☕ – shall we talk on Thursday?")


def messenger(stage: Stage, **changed: str) -> WhatsAppMessenger:
    given = {name: stage.given[name] for name in ("access_token", "phone_number_id")} | changed
    credentials = WhatsAppCredentials.model_validate({**given, "app_secret": "unused", "verify_token": "unused"})
    http = VendorHTTP(stage.http, platform="whatsapp", base_url=stage.base_url, clock=stage.clock)
    return WhatsAppMessenger(credentials, http)


async def lead_writes(stage: Stage, **who: str) -> str:
    """Opens the reply window, as only a lead can. Returns the id of the lead's message."""
    written = await stage.http.post(f"{stage.base_url}/_sandbox/whatsapp/inbound", json={**who, "text": "Hello?"})
    return str(written.json()["message_id"])


async def send(whatsapp: WhatsAppMessenger, message: OutboundMessage, to: str = LEAD) -> Any:
    return await whatsapp.send(to, message, callback="outbox-4b1d9e0a")


async def failure(call: Awaitable[Any]) -> PlatformError:
    try:
        answer = await call
    except PlatformError as error:
        return error
    raise AssertionError(f"this should have failed and gave {answer!r}")


async def answer_a_lead(stage: Stage) -> Any:
    message_id = await lead_writes(stage, **{"from": f"+{LEAD}"})
    whatsapp = messenger(stage)
    await whatsapp.show_typing(message_id)
    messages = (
        TEXT,
        OutboundMessage("About this one: yes.", reply_to=message_id),
        OutboundMessage("When? Thu 9:00, 10:00 or 11:00", choices=TIMES[:3]),
        OutboundMessage("Any of these hours on Thursday.", choices=TIMES, choices_label="Times"),
        OutboundMessage("Or choose for yourself.", link=Link("Open the calendar", "https://book.example/noor")),
        OutboundMessage("word " * 2000),
    )
    return [await send(whatsapp, message) for message in messages]


async def answer_by_user_id(stage: Stage) -> Any:
    await lead_writes(stage, bsuid=LEAD_BY_ID, username="@noor.imaginary")
    return await send(messenger(stage), TEXT, LEAD_BY_ID)


async def open_by_template(stage: Stage) -> Any:
    return await send(messenger(stage), OutboundMessage("", template=Template("first_contact", "en_US", ("Noor",))))


async def template_troubles(stage: Stage) -> Any:
    whatsapp = messenger(stage)
    templates = (
        Template("paused_offer", "en_US", ("Noor",)),
        Template("nobody_made_this", "en_US"),
        Template("first_contact", "en_US", ("a", "b", "c")),
    )
    return [await failure(send(whatsapp, OutboundMessage("", template=template))) for template in templates]


async def write_outside_the_window(stage: Stage) -> Any:
    return await failure(send(messenger(stage), TEXT))


async def write_to_oneself_and_to_nobody(stage: Stage) -> Any:
    whatsapp = messenger(stage)
    return [await failure(send(whatsapp, TEXT, to)) for to in (OWN_NUMBER, "GB.99999999999999999999")]


async def write_too_fast(stage: Stage) -> Any:
    await lead_writes(stage, **{"from": f"+{LEAD}"})
    whatsapp = messenger(stage)
    for _ in range(46):
        try:
            await send(whatsapp, TEXT)
        except PlatformError as error:
            return error
    raise AssertionError("the pair limit was never reached")


async def check_the_number(stage: Stage) -> Any:
    return await messenger(stage).check()


async def use_a_dead_token(stage: Stage) -> Any:
    whatsapp = messenger(stage, access_token="a-token-that-nobody-has")
    return await failure(send(whatsapp, TEXT)), await whatsapp.check()


async def use_a_wrong_number_id(stage: Stage) -> Any:
    whatsapp = messenger(stage, phone_number_id="100000000000999")
    return await failure(send(whatsapp, TEXT)), await whatsapp.check()


async def send_into_a_fault(stage: Stage) -> Any:
    await lead_writes(stage, **{"from": f"+{LEAD}"})
    return await failure(send(messenger(stage), TEXT))


def fault(kind: str, **more: Any) -> tuple[dict[str, Any], ...]:
    return ({"kind": kind, "route": "/messages", "times": 1, **more},)


RECORDINGS = Recordings(
    platform="whatsapp",
    vendor_url="https://graph.facebook.com",
    url_setting="PIPEWISE_WHATSAPP_API_URL",
    given={
        "access_token": ("WHATSAPP_API_KEY", "sandbox-whatsapp-token"),
        "phone_number_id": ("WHATSAPP_PHONE_NUMBER_ID", "100000000000001"),
    },
    scenarios=(
        Scenario("answer_a_lead", answer_a_lead, needs_sandbox=True),
        Scenario("answer_by_user_id", answer_by_user_id, needs_sandbox=True),
        Scenario("open_by_template", open_by_template, needs_sandbox=True),
        Scenario("template_troubles", template_troubles, needs_sandbox=True),
        Scenario("write_outside_the_window", write_outside_the_window, needs_sandbox=True),
        Scenario("write_to_oneself_and_to_nobody", write_to_oneself_and_to_nobody, needs_sandbox=True),
        Scenario("write_too_fast", write_too_fast, needs_sandbox=True),
        Scenario("check_the_number", check_the_number, needs_sandbox=True),
        Scenario("use_a_dead_token", use_a_dead_token),
        Scenario("use_a_wrong_number_id", use_a_wrong_number_id, needs_sandbox=True),
        Scenario("throughput_spent", send_into_a_fault, fault("http_429", retry_after=20)),
        Scenario("fails_at_the_vendor", send_into_a_fault, fault("http_500")),
        Scenario("answered_with_garbage", send_into_a_fault, fault("garbage")),
        Scenario("answered_with_nothing", send_into_a_fault, fault("empty")),
        Scenario("refused_for_payment", send_into_a_fault, fault("plan_required")),
    ),
)
