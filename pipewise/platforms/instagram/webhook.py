"""Instagram's webhook: handshake, signature, and the envelope shapes that its documentation and its servers use."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from pipewise.errors import MalformedPayload
from pipewise.events import InboundEvent, ParsedDelivery
from pipewise.platforms import meta
from pipewise.platforms.delivery import Delivery
from pipewise.platforms.fields import id_at, list_at, read_moment, text_at, value_at
from pipewise.platforms.instagram.comments import read_comment, read_mention
from pipewise.platforms.instagram.messages import read_direct_event

LATEST_IN_SECONDS = 10**11  # entry.time is documented in seconds and has been seen in milliseconds

sign = meta.sign


class InstagramWebhook(meta.MetaWebhook):
    """Direct messages come as `messaging`, the rest as `changes` or, flat, as one `field` and `value` per entry."""

    def account_refs(self, document: Any) -> tuple[str, ...]:
        accounts = (id_at(entry, "id") for envelope in _envelopes(document) for entry in list_at(envelope, "entry"))
        return tuple(dict.fromkeys(filter(None, accounts)))

    def parse(self, document: Any, received_at: datetime, headers: Mapping[str, str]) -> ParsedDelivery:
        del received_at, headers
        delivery = Delivery()
        for envelope in _envelopes(document):
            if not isinstance(value_at(envelope, "entry"), list):
                delivery.reject(envelope, "The body has no list of entries.")
                continue
            for entry in list_at(envelope, "entry"):
                if text_at(envelope, "object") == "instagram":
                    _read_entry(entry, delivery)
                else:
                    delivery.ignore()
        return delivery.result()


def _envelopes(document: Any) -> list[Any]:
    """Some samples show the envelope in an array."""
    return document if isinstance(document, list) else [document]


def _read_entry(entry: Any, delivery: Delivery) -> None:
    account = id_at(entry, "id")
    shapes = [name for name in ("messaging", "standby", "changes") if isinstance(value_at(entry, name), list)]
    if not account or not (shapes or text_at(entry, "field")):
        delivery.reject(entry, "The entry names no account or holds no events.", account or None)
        return
    for name in ("messaging", "standby"):
        for item in list_at(entry, name):
            delivery.read(item, partial(read_direct_event, account=account, observing=name == "standby"), account)
    for change in _changes(entry):
        delivery.read(change, partial(_read_change, entry=entry, account=account), account)


def _changes(entry: Any) -> Iterator[Any]:
    yield from list_at(entry, "changes")
    if text_at(entry, "field"):
        yield {"field": entry["field"], "value": entry.get("value")}


def _read_change(change: Any, entry: Any, account: str) -> InboundEvent | None:
    field, value = text_at(change, "field"), value_at(change, "value")
    match field:
        case "messages":
            return read_direct_event(value, account)
        case "comments" | "live_comments":
            return read_comment(value, field, account, _entry_time(entry))
        case "mentions":
            return read_mention(value, account, _entry_time(entry))
        case "":
            raise MalformedPayload("The change names no field.")
        case _:
            return None  # story insights and whatever comes later


def _entry_time(entry: Any) -> datetime | None:
    stamp = value_at(entry, "time")
    if not isinstance(stamp, int) or isinstance(stamp, bool):
        return None
    return read_moment(stamp, per_second=1 if stamp < LATEST_IN_SECONDS else 1000)
