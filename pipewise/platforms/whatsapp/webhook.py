"""WhatsApp's webhook: handshake, signature, and every message and status of a delivery (Cloud API docs, "Webhooks")."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from pipewise.events import InboundEvent, ParsedDelivery
from pipewise.platforms import meta
from pipewise.platforms.delivery import Delivery
from pipewise.platforms.fields import id_at, list_at, text_at, value_at
from pipewise.platforms.whatsapp.messages import read_echo, read_message
from pipewise.platforms.whatsapp.notices import (
    ACCOUNT_FIELDS,
    read_account_error,
    read_account_notice,
    read_preference,
    read_status,
)

OBJECT = "whatsapp_business_account"

sign = meta.sign


class WhatsAppWebhook(meta.MetaWebhook):
    """One delivery may hold several entries, changes, messages and statuses; each is read for itself."""

    def account_refs(self, document: Any) -> tuple[str, ...]:
        numbers = (
            id_at(change, "value", "metadata", "phone_number_id")
            for entry in list_at(document, "entry")
            for change in list_at(entry, "changes")
        )
        return tuple(dict.fromkeys(filter(None, numbers)))

    def parse(self, document: Any, received_at: datetime, headers: Mapping[str, str]) -> ParsedDelivery:
        del received_at, headers
        delivery = Delivery()
        if isinstance(value_at(document, "entry"), list):
            for entry in list_at(document, "entry"):
                _read_entry(entry, text_at(document, "object"), delivery)
        else:
            delivery.reject(document, "The body has no list of entries.")
        return delivery.result()


def _read_entry(entry: Any, subject: str, delivery: Delivery) -> None:
    if subject != OBJECT:
        delivery.ignore()
    elif not isinstance(value_at(entry, "changes"), list):
        delivery.reject(entry, "The entry has no list of changes.")
    else:
        for change in list_at(entry, "changes"):
            _read_change(change, entry, delivery)


def _read_change(change: Any, entry: Any, delivery: Delivery) -> None:
    field, value = text_at(change, "field"), value_at(change, "value")
    if not field or not isinstance(value, dict):
        delivery.reject(change, "The change has no field or no value.")
    elif field in ACCOUNT_FIELDS:
        delivery.read(value, lambda value: read_account_notice(field, value, entry))
    elif field in _LISTS:
        _read_lists(change, field, value, entry, delivery)
    else:
        delivery.ignore()  # fields that PipeWise does not need: history, flows, standby, …


def _read_lists(change: Any, field: str, value: dict[str, Any], entry: Any, delivery: Delivery) -> None:
    present = [name for name in _LISTS[field] if name in value]
    account_ref = id_at(value, "metadata", "phone_number_id")
    if not present or not account_ref:
        delivery.reject(change, "The change names no phone number ID or holds no list of items.", account_ref or None)
        return
    contacts = list_at(value, "contacts")
    for name in present:
        if not isinstance(value[name], list):
            delivery.reject(change, f"{name} is not a list.", account_ref)
        for item in list_at(value, name):
            delivery.read(item, partial(_read_item, name, contacts, entry, account_ref), account_ref)


def _read_item(name: str, contacts: list[Any], entry: Any, account_ref: str, item: Any) -> InboundEvent | None:
    match name:
        case "messages":
            return read_message(item, contacts, account_ref)
        case "statuses":
            return read_status(item, account_ref)
        case "errors":
            return read_account_error(item, entry, account_ref)
        case "message_echoes":
            return read_echo(item, account_ref)
        case _:
            return read_preference(item, contacts, account_ref)


# Which lists of items a field's value may hold.
_LISTS = {
    "messages": ("messages", "statuses", "errors"),
    "smb_message_echoes": ("message_echoes",),
    "user_preferences": ("user_preferences",),
}
