"""Who wrote: phone number, business-scoped user id, or both (Cloud API docs, "Business-scoped user IDs")."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pipewise.events import Identity, Sender
from pipewise.platforms.fields import id_at, line_at

_DIGITS = re.compile(r"[0-9]{5,20}\Z")
_USER_ID = re.compile(r"[!-~]{1,200}\Z")


def read_sender(item: Any, contacts: list[Any], *, phone: str, user: str, parent: str) -> Sender | None:
    """The person named under these three keys of `item`, completed from the matching contact; None if nobody is named."""
    digits, user_id = digits_at(item, phone), user_id_at(item, user)
    contact = _find_contact(contacts, digits, user_id)
    digits = digits or digits_at(contact, "wa_id")
    user_id = user_id or user_id_at(contact, "user_id")
    parent_id = user_id_at(item, parent) or user_id_at(contact, "parent_user_id")
    name = line_at(contact, "profile", "name") or None
    return make_sender((digits,), (user_id, parent_id), name)


def make_sender(phones: Iterable[str], user_ids: Iterable[str], name: str | None = None) -> Sender | None:
    """A person with these keys, "" meaning none. The newest number comes first: it is the address for a reply."""
    digits, ids = tuple(filter(None, phones)), tuple(filter(None, user_ids))
    keys = [*(("whatsapp", key) for key in (*digits, *ids)), *(("phone", f"+{key}") for key in digits)]
    identities = tuple(Identity(platform, key) for platform, key in dict.fromkeys(keys))
    if not identities:
        return None
    return Sender(identities, name=name, phone=f"+{digits[0]}" if digits else None)


def digits_at(source: Any, key: str) -> str:
    """A phone number's digits under `key`, "" if there are none."""
    digits = id_at(source, key).removeprefix("+")
    return digits if _DIGITS.match(digits) else ""


def user_id_at(source: Any, key: str) -> str:
    """A business-scoped user id under `key`, "" if there is none. Digits alone would be taken for a phone number."""
    user_id = id_at(source, key)
    return user_id if _USER_ID.match(user_id) and not user_id.isdigit() else ""


def _find_contact(contacts: list[Any], digits: str, user_id: str) -> Mapping[str, Any]:
    """The list of contacts need not run parallel to the messages, so only a key can match."""
    for key, wanted in (("user_id", user_id), ("wa_id", digits)):
        for contact in contacts:
            if wanted and id_at(contact, key) == wanted:
                return contact  # type: ignore[no-any-return]
    return {}
