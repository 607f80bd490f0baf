"""Comments and posts as places of an answer. Each is addressed by the key of its event and may be answered once."""

import re

COMMENT, POST = "comment", "post"
_ADDRESS = re.compile(rf"(?:{COMMENT}|{POST}):(?P<id>[!-9;-~]{{1,300}})\Z")
# What does not belong where everybody reads: addresses of mail and web, and numbers long enough to be a phone's.
_PRIVATE = re.compile(r"[^\s@]+@[^\s@]+\.|https?://|www\.|\+?\d(?:[\s().-]{0,2}\d){7,}")


def item_address(event_key: str) -> str | None:
    """The address of the comment or post that an event with this key is about; None for any other event."""
    return event_key if _ADDRESS.match(event_key) else None


def item_id(address: str) -> str | None:
    """The vendor's id of the comment or post at this address; None if it is a person's address."""
    found = _ADDRESS.match(address)
    return found["id"] if found else None


def is_public(address: str) -> bool:
    """Whether everybody can read what goes there; a comment is answered privately."""
    return address.startswith(f"{POST}:") and item_id(address) is not None


def holds_private_details(text: str) -> bool:
    """Whether a text names something that a lead would not want to see in public."""
    return _PRIVATE.search(text) is not None
