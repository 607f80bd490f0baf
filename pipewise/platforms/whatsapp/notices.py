"""What WhatsApp reports: fates of our messages, marketing preferences, and news of the account."""

from collections.abc import Mapping
from typing import Any

from pipewise.errors import MalformedPayload
from pipewise.events import EventKind, InboundEvent
from pipewise.platforms.fields import (
    dedupe_key,
    digest,
    line_at,
    list_at,
    read_moment,
    require_id,
    require_object,
    text_at,
    value_at,
)
from pipewise.platforms.whatsapp.codes import opts_out, stops_account, wants_template
from pipewise.platforms.whatsapp.errors import explain_code
from pipewise.platforms.whatsapp.senders import read_sender

STATUSES = {"sent": "sent", "delivered": "delivered", "read": "read", "played": "read", "failed": "failed"}
PREFERENCES = frozenset({"stop", "resume"})
ACCOUNT_FIELDS = frozenset(
    {
        "account_alerts",
        "account_review_update",
        "account_update",
        "business_capability_update",
        "message_template_quality_update",
        "message_template_status_update",
        "messaging_handovers",
        "phone_number_name_update",
        "phone_number_quality_update",
        "security",
        "template_category_update",
    }
)
# Meta's word that the account is or will be barred from sending.
BARRING_EVENTS = frozenset({"ACCOUNT_RESTRICTION", "ACCOUNT_VIOLATION", "ACCOUNT_DELETED", "DISABLED_UPDATE"})
DETAIL_LIMIT = 500


def read_status(item: Any, account_ref: str) -> InboundEvent | None:
    """What became of a message of ours; None for a status that says nothing about delivery."""
    status = require_object(item)
    vendor_id, word = require_id(status, "id"), require_id(status, "status")
    if word not in STATUSES:
        return None
    content: dict[str, Any] = {
        "vendor_id": vendor_id,
        "callback": text_at(status, "biz_opaque_callback_data") or None,
        "status": STATUSES[word],
    }
    if word == "failed":
        content["error"] = _read_error(list_at(status, "errors"))
    billable = value_at(status, "pricing", "billable")
    if isinstance(billable, bool):
        content["billable"] = billable
    return InboundEvent(
        EventKind.STATUS,
        dedupe_key("status", vendor_id, word),
        read_moment(value_at(status, "timestamp")),
        None,
        content,
        account_ref,
        needs_turn=False,
    )


def read_preference(item: Any, contacts: list[Any], account_ref: str) -> InboundEvent | None:
    """A lead stopped or resumed this business's marketing messages in WhatsApp itself."""
    preference = require_object(item)
    category, choice = require_id(preference, "category"), require_id(preference, "value")
    if category != "marketing_messages" or choice not in PREFERENCES:
        return None
    sender = read_sender(preference, contacts, phone="wa_id", user="user_id", parent="parent_user_id")
    if sender is None:
        raise MalformedPayload("The preference names nobody.")
    moment = read_moment(value_at(preference, "timestamp"))
    person = sender.identities[0].external_id
    return InboundEvent(
        EventKind.NOTICE,
        dedupe_key("preference", person, category, choice, str(int(moment.timestamp()))),
        moment,
        sender,
        {"topic": "marketing_preference", "detail": choice},
        account_ref,
        needs_turn=False,
    )


def read_account_error(item: Any, entry: Any, account_ref: str) -> InboundEvent:
    """An error about the account rather than about one message."""
    error = _read_error([require_object(item)])
    detail = f"{error['message']} (WhatsApp error {error['code']})"
    return _notice("account_error", detail, item, entry, account_ref=account_ref, stops_account=error["stops_account"])


def read_account_notice(field: str, value: Any, entry: Any) -> InboundEvent:
    """News of the account, a number or a template. It names the business account, not one of its numbers."""
    barred = field == "account_update" and text_at(value, "event") in BARRING_EVENTS
    return _notice(field, _summary(require_object(value)), value, entry, account_ref=None, stops_account=barred)


def _notice(
    topic: str, detail: str, item: Any, entry: Any, *, account_ref: str | None, stops_account: bool
) -> InboundEvent:
    stamp = value_at(entry, "time")
    return InboundEvent(
        EventKind.NOTICE,
        f"notice:{digest([value_at(entry, 'id'), topic, item, stamp])}",
        None if stamp is None else read_moment(stamp),
        None,
        {"topic": topic, "detail": detail, "stops_account": stops_account},
        account_ref,
        needs_turn=False,
    )


def _read_error(errors: list[Any]) -> dict[str, Any]:
    code = value_at(errors[0], "code") if errors else None
    number = code if isinstance(code, int) and not isinstance(code, bool) and 0 <= code < 10**9 else -1
    return {
        "code": str(number) if number >= 0 else "unknown",
        "message": explain_code(number),
        "stops_account": stops_account(number),
        "wants_template": wants_template(number),
        "opts_out": opts_out(number),
    }


def _summary(value: Mapping[str, Any]) -> str:
    """The plain values of a notice, one level deep, as one line."""
    pairs: list[tuple[Any, Any]] = []
    for key, inner in value.items():
        pairs += list(inner.items()) if isinstance(inner, dict) else [(key, inner)]
    parts = [f"{line_at(key)}: {line_at(str(plain))}" for key, plain in pairs if isinstance(plain, str | int | float)]
    return "; ".join(parts)[:DETAIL_LIMIT]
