"""Sample deliveries parsed, and deliveries made up on the spot."""

from typing import Any

from pipewise.events import InboundEvent, ParsedDelivery
from pipewise.platforms.whatsapp.webhook import WhatsAppWebhook
from tests.contract.payloads import read_sample
from tests.fakes import NOON
from tests.unit.pipewise.platforms.whatsapp.graph_api import NUMBER_ID

WEBHOOK = WhatsAppWebhook()
PHONE, USER = "447700900123", "GB.70110000000000000123"


def parse(name: str) -> ParsedDelivery:
    return WEBHOOK.parse(read_sample("whatsapp", name).document, NOON, {})


def only(name: str) -> InboundEvent:
    (event,) = parse(name).events
    return event


def delivery(value: dict[str, Any], field: str = "messages") -> ParsedDelivery:
    value = {"metadata": {"phone_number_id": NUMBER_ID}} | value
    entry = {"id": "322000000000077", "changes": [{"field": field, "value": value}]}
    return WEBHOOK.parse({"object": "whatsapp_business_account", "entry": [entry]}, NOON, {})


def text(**more: Any) -> dict[str, Any]:
    message = {"id": "wamid.A", "from": PHONE, "timestamp": "1772438400", "type": "text", "text": {"body": "hello"}}
    return {key: value for key, value in (message | more).items() if value is not None}
