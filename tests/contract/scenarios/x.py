"""Conversations with X's API v2. The sandbox lets the lead write or post first."""

from typing import Any

from pipewise.events import Link, OutboundMessage
from pipewise.platforms.http import VendorHTTP
from pipewise.platforms.x.client import XMessenger
from pipewise.platforms.x.models import XCredentials
from tests.contract.cassettes import Recordings, Scenario, Stage
from tests.contract.scenarios.whatsapp import failure

LEAD = "1800000000000000002"
TEXT = OutboundMessage("Good morning, Noor ☕ – shall we talk on Thursday?")


def messenger(stage: Stage, **changed: str) -> XMessenger:
    given = {name: stage.given[name] for name in ("access_token", "account_id")} | changed
    credentials = XCredentials.model_validate({**given, "consumer_secret": "unused"})
    return XMessenger(credentials, VendorHTTP(stage.http, platform="x", base_url=stage.base_url, clock=stage.clock))


async def lead_does(stage: Stage, act: str, **more: Any) -> dict[str, Any]:
    done = await stage.http.post(f"{stage.base_url}/_sandbox/x/{act}", json={"from": LEAD, "text": "Hello?", **more})
    found: dict[str, Any] = done.json()
    return found


async def send(x: XMessenger, message: OutboundMessage = TEXT, to: str = LEAD) -> Any:
    return await x.send(to, message, callback="outbox-4b1d9e0a")


async def answer_a_lead(stage: Stage) -> Any:
    await lead_does(stage, "inbound")
    x = messenger(stage)
    link = Link("Open the calendar", "https://book.example/noor")
    return [await send(x), await send(x, OutboundMessage("Or choose for yourself.", link=link))]


async def answer_posts(stage: Stage) -> Any:
    x = messenger(stage)
    summoned = (await lead_does(stage, "post"))["post_id"]
    replied = (await lead_does(stage, "post", how="reply"))["post_id"]
    first = await send(x, OutboundMessage("日本語 #yes @nobody " * 60), f"post:{summoned}")
    refused = [await failure(send(x, TEXT, f"post:{post}")) for post in (replied, "2050000000000000999")]
    await send(x, TEXT, f"post:{summoned}")
    return first, [*refused, await failure(send(x, TEXT, f"post:{summoned}"))]


async def write_to_closed_messages_and_to_nobody(stage: Stage) -> Any:
    await lead_does(stage, "post")
    x = messenger(stage)
    return [await failure(send(x, to=to)) for to in (LEAD, "1800000000000000999")]


async def write_too_much(stage: Stage) -> Any:
    await lead_does(stage, "inbound")
    x = messenger(stage)
    for _ in range(15):
        await send(x)
    return await failure(send(x))


async def check_the_account(stage: Stage) -> Any:
    return await messenger(stage).check(), await messenger(stage, account_id="1800000000000000999").check()


async def use_a_dead_token(stage: Stage) -> Any:
    x = messenger(stage, access_token="a-token-that-nobody-has")
    return await failure(send(x)), await x.check()


async def send_into_a_fault(stage: Stage) -> Any:
    await lead_does(stage, "inbound")
    return await failure(send(messenger(stage)))


def fault(kind: str, **more: Any) -> tuple[dict[str, Any], ...]:
    return ({"kind": kind, "route": "/messages", "times": 1, **more},)


RECORDINGS = Recordings(
    platform="x",
    vendor_url="https://api.x.com",
    url_setting="PIPEWISE_X_API_URL",
    given={
        "access_token": ("X_ACCESS_TOKEN", "sandbox-x-token"),
        "account_id": ("X_ACCOUNT_ID", "1800000000000000001"),
    },
    scenarios=(
        Scenario("answer_a_lead", answer_a_lead, needs_sandbox=True),
        Scenario("answer_posts", answer_posts, needs_sandbox=True),
        Scenario("write_to_closed_messages_and_to_nobody", write_to_closed_messages_and_to_nobody, needs_sandbox=True),
        Scenario("write_too_much", write_too_much, needs_sandbox=True),
        Scenario("check_the_account", check_the_account, needs_sandbox=True),
        Scenario("use_a_dead_token", use_a_dead_token, needs_sandbox=True),
        Scenario("asked_to_slow_down", send_into_a_fault, fault("http_429", retry_after=20)),
        Scenario("fails_at_the_vendor", send_into_a_fault, fault("http_500")),
        Scenario("answered_with_garbage", send_into_a_fault, fault("garbage")),
        Scenario("answered_with_nothing", send_into_a_fault, fault("empty")),
        Scenario("not_enrolled", send_into_a_fault, fault("insufficient_scope")),
        Scenario("credits_used_up", send_into_a_fault, fault("plan_required")),
    ),
)
