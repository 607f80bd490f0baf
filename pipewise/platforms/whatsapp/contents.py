"""What a WhatsApp message says, by type (Cloud API docs, "Webhooks: messages" and its page per type)."""

from collections.abc import Callable, Mapping
from typing import Any

from pipewise.errors import MalformedPayload
from pipewise.platforms.body import read_json
from pipewise.platforms.fields import (
    id_at,
    line_at,
    list_at,
    object_at,
    require_id,
    require_object,
    require_text,
    text_at,
    value_at,
)

Content = dict[str, Any]
MEDIA_TYPES = frozenset({"image", "audio", "video", "document", "sticker"})
SILENT_TYPES = frozenset({"reaction", "revoke"})
REFERRAL_FIELDS = ("source_type", "source_id", "source_url", "headline", "body", "ctwa_clid")
MAX_FORM_ANSWERS = 50


def read_content(message: Mapping[str, Any]) -> Content:
    """The content of a message or echo. A type that is not known yields "unknown"; a known one without its body is malformed."""
    kind = require_id(message, "type")
    reader = _READERS.get(kind)
    if kind in MEDIA_TYPES:
        content = _media(message, kind)
    else:
        content = reader(message) if reader else {"type": kind if kind == "unsupported" else "unknown", "text": ""}
    return content | _surroundings(message)


def _text(message: Mapping[str, Any]) -> Content:
    return {"type": "text", "text": require_text(message, "text", "body")}


def _button(message: Mapping[str, Any]) -> Content:
    """A quick reply under a template of ours."""
    text = require_text(message, "button", "text")
    return {"type": "choice", "text": text, "choice_id": id_at(message, "button", "payload") or text[:256]}


def _interactive(message: Mapping[str, Any]) -> Content:
    """An answer to our buttons, list or form. The body has been seen to be missing: then nobody knows what was tapped."""
    interactive = object_at(message, "interactive")
    kind = text_at(interactive, "type")
    if kind in {"button_reply", "list_reply"}:
        choice_id = require_id(interactive, kind, "id")
        return {"type": "choice", "text": text_at(interactive, kind, "title"), "choice_id": choice_id}
    if kind == "nfm_reply":
        return {"type": "text", "text": _form_answers(interactive)}
    return {"type": "unknown", "text": ""}


def _form_answers(interactive: Mapping[str, Any]) -> str:
    fallback = text_at(interactive, "nfm_reply", "body")
    try:
        answers = read_json(text_at(interactive, "nfm_reply", "response_json").encode("utf-8", "replace"))
    except MalformedPayload:
        return fallback
    lines = [
        f"{line_at(key)}: {line_at(str(value), limit=1000)}"
        for key, value in (answers.items() if isinstance(answers, dict) else ())
        if key != "flow_token" and isinstance(value, str | int | float)
    ]
    return "\n".join(lines[:MAX_FORM_ANSWERS]) or fallback


def _media(message: Mapping[str, Any], kind: str) -> Content:
    media = require_object(message, kind)
    content = {"type": kind, "text": text_at(media, "caption")}
    media_id = id_at(media, "id")
    return content | {"media_id": media_id} if media_id else content


def _location(message: Mapping[str, Any]) -> Content:
    place = require_object(message, "location")
    named = [part for part in (line_at(place, "name"), line_at(place, "address")) if part]
    latitude, longitude = value_at(place, "latitude"), value_at(place, "longitude")
    return {"type": "location", "text": ", ".join(named) or f"{_coordinate(latitude)}, {_coordinate(longitude)}"}


def _coordinate(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) or (isinstance(value, int) and abs(value) <= 180) else "?"


def _contacts(message: Mapping[str, Any]) -> Content:
    cards = []
    for card in list_at(message, "contacts"):
        phones = [line_at(phone, "phone") for phone in list_at(card, "phones")]
        emails = [line_at(email, "email") for email in list_at(card, "emails")]
        cards.append(", ".join(filter(None, [line_at(card, "name", "formatted_name"), *phones, *emails])))
    return {"type": "contacts", "text": "\n".join(filter(None, cards))}


def _order(message: Mapping[str, Any]) -> Content:
    order = require_object(message, "order")
    lines = [text_at(order, "text")]
    lines += [
        f"{id_at(item, 'quantity') or '?'} x {line_at(item, 'product_retailer_id')}"
        for item in list_at(order, "product_items")
    ]
    return {"type": "order", "text": "\n".join(filter(None, lines))}


def _reaction(message: Mapping[str, Any]) -> Content:
    """A reaction without an emoji takes an earlier one back."""
    target = require_id(message, "reaction", "message_id")
    return {"type": "reaction", "text": line_at(message, "reaction", "emoji", limit=64), "reply_to": target}


def _edit(message: Mapping[str, Any]) -> Content:
    """New words for an earlier message, sent from a number that is also in use on a phone."""
    original = require_id(message, "edit", "original_message_id")
    return read_content(_plain(require_object(message, "edit", "message"))) | {"edits": original}


def _plain(edited: Mapping[str, Any]) -> Mapping[str, Any]:
    if text_at(edited, "type") in {"edit", "revoke", "reaction", "system"}:
        raise MalformedPayload("edit.message is not a message that can be edited.")
    return {key: value for key, value in edited.items() if key not in {"context", "referral"}}


def _revoke(message: Mapping[str, Any]) -> Content:
    return {"type": "revoke", "text": "", "revokes": require_id(message, "revoke", "original_message_id")}


def _surroundings(message: Mapping[str, Any]) -> Content:
    """What the message answers, which ad or product it comes from, and the group it was written in."""
    content: Content = {}
    if replied_to := id_at(message, "context", "id"):
        content["reply_to"] = replied_to
    referral = {key: line_at(message, "referral", key, limit=1000) for key in REFERRAL_FIELDS}
    if product := id_at(message, "context", "referred_product", "product_retailer_id"):
        referral |= {"source_type": "product", "source_id": product}
    if referral := {key: value for key, value in referral.items() if value}:
        content["referral"] = referral
    if group := id_at(message, "group_id"):
        content["group_id"] = group
    return content


_READERS: Mapping[str, Callable[[Mapping[str, Any]], Content]] = {
    "text": _text,
    "button": _button,
    "interactive": _interactive,
    "location": _location,
    "contacts": _contacts,
    "order": _order,
    "reaction": _reaction,
    "edit": _edit,
    "revoke": _revoke,
}
