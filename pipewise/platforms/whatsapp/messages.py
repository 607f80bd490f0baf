"""Messages, identity changes and the company's own words from its phone, as events."""

from datetime import datetime
from typing import Any

from pipewise.errors import MalformedPayload
from pipewise.events import EventKind, InboundEvent, Sender
from pipewise.platforms.fields import (
    dedupe_key,
    list_at,
    read_moment,
    require_id,
    require_object,
    text_at,
    value_at,
)
from pipewise.platforms.whatsapp.contents import SILENT_TYPES, Content, read_content
from pipewise.platforms.whatsapp.senders import digits_at, make_sender, read_sender, user_id_at

NUMBER_CHANGES = frozenset({"user_changed_number", "customer_changed_number"})
USER_ID_CHANGES = frozenset({"user_changed_user_id"})


def read_message(item: Any, contacts: list[Any], account_ref: str) -> InboundEvent | None:
    """A message of a lead; None for a notice of the system that concerns nobody's identity."""
    message = require_object(item)
    if text_at(message, "type") == "system":
        return _read_identity_change(message, account_ref)
    message_id, moment = require_id(message, "id"), read_moment(value_at(message, "timestamp"))
    sender = read_sender(message, contacts, phone="from", user="from_user_id", parent="from_parent_user_id")
    if sender is None:
        raise MalformedPayload("The message names no sender.")
    content = {**read_content(message), "vendor_id": message_id}
    silent = content["type"] in SILENT_TYPES or "group_id" in content
    return InboundEvent(
        EventKind.MESSAGE,
        _message_key(message_id, moment, content),
        moment,
        _with_shared_number(sender, message),
        content,
        account_ref,
        needs_turn=not silent,
    )


def read_echo(item: Any, account_ref: str) -> InboundEvent:
    """What a person of the company wrote in the WhatsApp Business app on the same number."""
    echo = require_object(item)
    lead = make_sender((digits_at(echo, "to"),), (user_id_at(echo, "to_user_id"), user_id_at(echo, "to")))
    if lead is None:
        raise MalformedPayload("The echo names no recipient.")
    vendor_id = require_id(echo, "id")
    return InboundEvent(
        EventKind.ECHO,
        dedupe_key("echo", vendor_id),
        read_moment(value_at(echo, "timestamp")),
        lead,
        {"text": read_content(echo)["text"], "to": lead.identities[0].external_id, "vendor_id": vendor_id},
        account_ref,
        needs_turn=False,
    )


def _message_key(message_id: str, moment: datetime, content: Content) -> str:
    # Taking a reaction back may reuse the id under which it was given.
    if content["type"] == "reaction":
        stamp, emoji = str(int(moment.timestamp())), content["text"] or "removed"
        return dedupe_key("reaction", message_id, stamp, content["reply_to"], emoji)
    return dedupe_key("message", message_id)


def _with_shared_number(sender: Sender, message: Any) -> Sender:
    """A lead known only by user id, with the number that WhatsApp says the lead shared as an answer to our request."""
    if sender.phone:
        return sender
    for card in list_at(message, "contacts"):
        phones = list_at(card, "phones")
        digits = digits_at(phones[0], "wa_id") if phones and text_at(card, "origin") == "contact_request" else ""
        if digits:
            user_ids = [identity.external_id for identity in sender.identities]
            return make_sender((digits,), user_ids, sender.name) or sender
    return sender


def _read_identity_change(message: Any, account_ref: str) -> InboundEvent | None:
    """A lead's number or user id changed. The sender carries the new keys first, then the old ones by which we know the lead."""
    system = require_object(message, "system")
    kind = text_at(system, "type")
    if kind not in NUMBER_CHANGES | USER_ID_CHANGES:
        return None
    numbers = digits_at(message, "from"), digits_at(system, "wa_id") or digits_at(system, "new_wa_id")
    user_ids = (
        user_id_at(system, "previous_user_id") or user_id_at(message, "from_user_id"),
        user_id_at(system, "user_id"),
    )
    previous, current = numbers if kind in NUMBER_CHANGES else user_ids
    sender = make_sender((numbers[1], numbers[0]), (user_ids[1], user_ids[0]))
    if not previous or not current or sender is None:
        raise MalformedPayload("The identity change does not name both the previous and the current key.")
    content = {"previous": previous, "current": current}
    if kind in NUMBER_CHANGES and all(user_ids):
        content |= {"previous_user_id": user_ids[0], "current_user_id": user_ids[1]}
    return InboundEvent(
        EventKind.IDENTITY,
        dedupe_key("identity", require_id(message, "id")),
        read_moment(value_at(message, "timestamp")),
        sender,
        content,
        account_ref,
        needs_turn=False,
    )
