"""Phone numbers as Calendly wants them and as leads are recognised by: E.164."""

import re
from collections.abc import Callable

import phonenumbers

_LONGEST = 40
# A webhook does not tell a question's type, so its wording must: in the eight languages of Calendly's booking pages.
_PHONE_QUESTION = re.compile(
    r"phone|mobile|\bcell\b|whats\s?app|\btel\b|t[e\u00e9]l[e\u00e9](?:f|ph)|portable|handy|m[o\u00f3]vil|celular|cellulare"
    r"|\u0442\u0435\u043b\u0435\u0444\u043e\u043d",
    re.IGNORECASE,
)


def as_e164(text: str | None) -> str | None:
    """The number if it is in international form and of a possible length; whether it exists is for Calendly to judge."""
    return _format(text, phonenumbers.is_possible_number)


def as_valid_e164(text: str | None) -> str | None:
    """The number if it lies in a range that is in use: good enough to know a person by."""
    return _format(text, phonenumbers.is_valid_number)


def asks_for_phone(question: str) -> bool:
    return _PHONE_QUESTION.search(question) is not None


def _format(text: str | None, accept: Callable[[phonenumbers.PhoneNumber], bool]) -> str | None:
    if not text or len(text) > _LONGEST:
        return None
    try:
        number = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        return None
    if number.extension or not accept(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
