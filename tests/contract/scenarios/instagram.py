"""Conversations with Instagram's messaging API. The sandbox lets the lead write or comment first."""

from typing import Any

from pipewise.events import Choice, Link, OutboundMessage
from pipewise.platforms.http import VendorHTTP
from pipewise.platforms.instagram.client import InstagramMessenger
from pipewise.platforms.instagram.models import InstagramCredentials
from tests.contract.cassettes import Recordings, Scenario, Stage
from tests.contract.scenarios.whatsapp import failure

LEAD = "1000000000000001"
TIMES = tuple(Choice(f"slot_{hour}", f"Thu {hour}:00") for hour in range(9, 12))
TEXT = OutboundMessage("Good morning, Noor ☕ – shall we talk on Thursday?")


def messenger(stage: Stage, **changed: str) -> InstagramMessenger:
    given = {name: stage.given[name] for name in ("access_token", "account_id")} | changed
    credentials = InstagramCredentials.model_validate({**given, "app_secret": "unused", "verify_token": "unused"})
    http = VendorHTTP(stage.http, platform="instagram", base_url=stage.base_url, clock=stage.clock)
    return InstagramMessenger(credentials, http)


async def lead_does(stage: Stage, act: str, **more: Any) -> dict[str, Any]:
    done = await stage.http.post(
        f"{stage.base_url}/_sandbox/instagram/{act}", json={"from": LEAD, "text": "Hello?", **more}
    )
    found: dict[str, Any] = done.json()
    return found


async def send(instagram: InstagramMessenger, message: OutboundMessage = TEXT, to: str = LEAD) -> Any:
    return await instagram.send(to, message, callback="outbox-4b1d9e0a")


async def answer_a_lead(stage: Stage) -> Any:
    await lead_does(stage, "inbound")
    instagram = messenger(stage)
    messages = (
        TEXT,
        OutboundMessage("When? Thu 9:00, 10:00 or 11:00", choices=TIMES),
        OutboundMessage("Or choose for yourself.", link=Link("Open the calendar", "https://book.example/noor")),
        OutboundMessage("Olá, até já! " * 200),
        OutboundMessage("Ana here.", human_agent=True),
    )
    return [await send(instagram, message) for message in messages]


async def answer_a_comment(stage: Stage) -> Any:
    comment = (await lead_does(stage, "comment"))["comment_id"]
    instagram = messenger(stage)
    first = await send(instagram, to=f"comment:{comment}")
    return first, await failure(send(instagram, to=f"comment:{comment}")), await failure(send(instagram))


async def write_to_nobody(stage: Stage) -> Any:
    return await failure(send(messenger(stage), to="1000000000000999"))


async def check_the_account(stage: Stage) -> Any:
    return await messenger(stage).check(), await messenger(stage, account_id="17841400000000999").check()


async def use_a_dead_token(stage: Stage) -> Any:
    instagram = messenger(stage, access_token="a-token-that-nobody-has")
    return await failure(send(instagram)), await instagram.check()


async def send_into_a_fault(stage: Stage) -> Any:
    await lead_does(stage, "inbound")
    return await failure(send(messenger(stage)))


def fault(kind: str, **more: Any) -> tuple[dict[str, Any], ...]:
    return ({"kind": kind, "route": "/messages", "times": 1, **more},)


RECORDINGS = Recordings(
    platform="instagram",
    vendor_url="https://graph.instagram.com",
    url_setting="PIPEWISE_INSTAGRAM_API_URL",
    given={
        "access_token": ("INSTAGRAM_ACCESS_TOKEN", "sandbox-instagram-token"),
        "account_id": ("INSTAGRAM_ACCOUNT_ID", "17841400000000001"),
    },
    scenarios=(
        Scenario("answer_a_lead", answer_a_lead, needs_sandbox=True),
        Scenario("answer_a_comment", answer_a_comment, needs_sandbox=True),
        Scenario("write_to_nobody", write_to_nobody, needs_sandbox=True),
        Scenario("check_the_account", check_the_account, needs_sandbox=True),
        Scenario("use_a_dead_token", use_a_dead_token, needs_sandbox=True),
        Scenario("calls_used_up", send_into_a_fault, fault("http_429", retry_after=20)),
        Scenario("fails_at_the_vendor", send_into_a_fault, fault("http_500")),
        Scenario("fails_for_a_moment", send_into_a_fault, fault("http_503")),
        Scenario("answered_with_garbage", send_into_a_fault, fault("garbage")),
        Scenario("answered_with_nothing", send_into_a_fault, fault("empty")),
        Scenario("lacks_a_permission", send_into_a_fault, fault("insufficient_scope")),
        Scenario("messaging_not_available", send_into_a_fault, fault("plan_required")),
    ),
)
